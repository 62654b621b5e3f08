import type { VideoFailure } from './failure.ts';
import type { RetriedStep, RetriedStepName } from './messages.ts';
import { oneLine } from './one-line.ts';

const stepWords: Readonly<Record<Exclude<RetriedStepName, 'submit'>, string>> = {
  admission: 'the request for a slot',
  reconciliation: 'the search for the lost submit',
  adoption: 'recording the job of this video',
  poll: 'polling',
  delivery: 'delivery',
};

/** One line about a retry: the step, the time, and the last failure. */
export function retryWords(retried: RetriedStep, timeText: (iso: string) => string): string {
  const { failure, until } = retried;
  // A free slot ends the wait earlier.
  const at = isWaiting(retried) ? 'by' : 'at';
  const next = until === undefined ? '' : `, next try ${at} ${timeText(until)}`;
  return `${whatFailed(retried)}${next}: ${reasonOf(failure)}`;
}

function whatFailed(retried: RetriedStep): string {
  const { step = 'submit', attempt, failure } = retried;
  const { kind, billed } = failure;
  if (step === 'submit') return `submit not accepted (${kind}), billed: ${billed}`;
  if (isWaiting(retried)) return 'waiting for a slot';
  const times = attempt === 1 ? ' once' : ` ${attempt} times in a row`;
  return `${stepWords[step]} failed${attempt === undefined ? '' : times}`;
}

/** The lack of a slot is not a failure. */
function isWaiting({ step, attempt }: RetriedStep): boolean {
  return step === 'admission' && attempt === undefined;
}

/** Adds the gateway's message if ours does not contain it. */
function reasonOf({ message, gatewayMessage }: VideoFailure): string {
  const isSaid = gatewayMessage === undefined || message.includes(gatewayMessage);
  return oneLine(isSaid ? message : `${message}: ${gatewayMessage}`);
}
