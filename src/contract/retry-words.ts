import type { VideoFailure } from './failure.ts';
import type { RetriedStep, RetriedStepName } from './messages.ts';
import { oneLine } from './one-line.ts';

const stepWords: Readonly<Record<RetriedStepName, string>> = {
  admission: 'the request for a slot',
  submit: 'the submit',
  reconciliation: 'the look for the lost submit',
  adoption: 'recording the job of this video',
  poll: 'polling',
  delivery: 'delivery',
};

/** Which step is tried again, when, and why the last attempt failed; in one line. */
export function retryWords(
  { step = 'submit', attempt, failure, until }: RetriedStep,
  timeText: (iso: string) => string,
): string {
  const what =
    step === 'submit'
      ? `submit not accepted (${failure.kind}), billed: ${failure.billed}`
      : `${stepWords[step]} failed${timesText(attempt)}`;
  const next = until === undefined ? '' : `, next try at ${timeText(until)}`;
  return `${what}${next}: ${reasonOf(failure)}`;
}

function timesText(attempt: number | undefined): string {
  if (attempt === undefined) return '';
  return attempt === 1 ? ' once' : ` ${attempt} times in a row`;
}

/** The gateway's own words, too, where the message does not hold them. */
function reasonOf({ message, gatewayMessage }: VideoFailure): string {
  const isSaid = gatewayMessage === undefined || message.includes(gatewayMessage);
  return oneLine(isSaid ? message : `${message}: ${gatewayMessage}`);
}
