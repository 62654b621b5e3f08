import type { VideoFailure } from './failure.ts';
import type { RetriedStep, RetriedStepName } from './messages.ts';
import { oneLine } from './one-line.ts';
import { placeWords, type WaitingPlace } from './place-in-queue.ts';

const stepWords: Readonly<Record<Exclude<RetriedStepName, 'submit'>, string>> = {
  admission: 'the request for a slot',
  reconciliation: 'the search for the lost submit',
  adoption: 'recording the job of this video',
  poll: 'polling',
  delivery: 'delivery',
};

/** How times are written, which are given as ISO 8601. */
export interface TimeTexts {
  second(iso: string): string;
  minute(iso: string): string;
}

/** One line about a retry: the step, the time, and the last failure. @param waiting The place in the queue. */
export function retryWords(retried: RetriedStep, time: TimeTexts, waiting?: WaitingPlace): string {
  const { failure, until } = retried;
  if (waiting) return waitingWords(retried, time, waiting);
  // A free slot ends the wait earlier.
  const at = isWaiting(retried) ? 'by' : 'at';
  const next = until === undefined ? '' : `, next try ${at} ${time.second(until)}`;
  return `${whatFailed(retried)}${next}: ${reasonOf(failure)}`;
}

function waitingWords(
  { failure, until }: RetriedStep,
  time: TimeTexts,
  waiting: WaitingPlace,
): string {
  const next = until === undefined ? '' : `, next try by ${time.second(until)}`;
  const fresh = `as of ${time.second(waiting.asOf)}${next}`;
  return `waiting for a slot: ${placeWords(waiting, time.minute)} (${fresh}): ${reasonOf(failure)}`;
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
export function isWaiting({ step, attempt }: RetriedStep): boolean {
  return step === 'admission' && attempt === undefined;
}

/** Adds the gateway's message if ours does not contain it. */
function reasonOf({ message, gatewayMessage }: VideoFailure): string {
  const isSaid = gatewayMessage === undefined || message.includes(gatewayMessage);
  return oneLine(isSaid ? message : `${message}: ${gatewayMessage}`);
}
