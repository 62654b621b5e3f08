import { CancellationScope, CancelledFailure, sleep } from '@temporalio/workflow';
import type { SubmitFailure } from '../contract/activities.ts';
import { videoFailed } from './failures.ts';
import type { VideoTracker } from './video-tracker.ts';

/** After a "not accepted", which costs nothing: 10 s, doubled each time, at most 5 min. */
const backoff = { firstMs: 10_000, maximumMs: 300_000 };
/** Bounded by the number of POSTs and by time: a limit shared with other runs may hold a run back without a POST. */
const patience = { refusals: 12, totalMs: 6 * 3_600_000 };

/** Waits before the next POST of the same claim; throws when the patience is used up. */
export async function askAgain(
  failure: SubmitFailure,
  { refusals, startedAt, tracker }: { refusals: number; startedAt: number; tracker: VideoTracker },
): Promise<void> {
  const isOver = Date.now() - startedAt > patience.totalMs || refusals > patience.refusals;
  if (isOver) throw refusedSubmit(failure, tracker);
  await backOff(failure, Math.max(1, refusals), tracker);
}

/** Retry-After wins. Jitter prevents runs that share a limit from submitting all at once. */
async function backOff(
  failure: SubmitFailure,
  attempt: number,
  tracker: VideoTracker,
): Promise<void> {
  const exponentialMs = Math.min(backoff.firstMs * 2 ** (attempt - 1), backoff.maximumMs);
  const delayMs = Math.ceil((failure.retryAfterMs ?? exponentialMs) * (1 + 0.2 * Math.random()));
  tracker.retrying(failure, Date.now() + delayMs);
  await sleep(delayMs);
  tracker.submitting();
}

/** A cancelled run ends as cancelled, not failed; its status says what the submit has cost. */
export function refusedSubmit(failure: SubmitFailure, tracker: VideoTracker): Error {
  if (!CancellationScope.current().consideredCancelled) return videoFailed(failure);
  tracker.settled(failure.billed);
  return new CancelledFailure('The video was cancelled');
}
