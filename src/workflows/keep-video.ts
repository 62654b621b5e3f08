import {
  CancellationScope,
  CancelledFailure,
  condition,
  defineUpdate,
  patched,
  setHandler,
} from '@temporalio/workflow';
import type { Billed } from '../contract/failure.ts';
import { messageNames, type Cancellation, type CancelVideo } from '../contract/messages.ts';
import type { Waiters } from './waiters.ts';
import { cancellationOf, type VideoTracker } from './video-tracker.ts';

/** Runs the steps of a submit; "keep" skips the steps that have not begun. */
export interface KeepSteps {
  /**
   * Rejects with a CancelledFailure if no waiter is left; the status then says `billed`, which is that of the submits
   * so far.
   */
  run<T>(billed: Billed, step: () => Promise<T>): Promise<T>;
  /** Resolves when all `keep` updates have been answered. */
  answered(): Promise<void>;
}

/**
 * Handles update `cancelVideo({ keep: true })`: no waiter is left, and the run continues to store the video that was
 * paid for. If nothing was sent yet, nothing is sent and the run ends as cancelled; a POST in progress is awaited.
 * Stopping the run itself is Temporal's standard cancellation.
 */
export function listenForKeep(
  tracker: VideoTracker,
  waiters?: Pick<Waiters, 'closeIfAlone' | 'reopen'>,
): KeepSteps {
  let step: CancellationScope | undefined;
  let isStopped = false;
  let asking = 0;
  /** Returns what the cancellation achieved. */
  const keep = async (): Promise<Cancellation> => {
    if (!isBeforeJob(tracker) || !patched('keep-before-submit')) return tracker.kept();
    // The other waiters were promised the video.
    if (waiters && !waiters.closeIfAlone()) return tracker.kept();
    isStopped = true;
    step?.cancel();
    await condition(() => !isBeforeJob(tracker));
    // The decision of a person to submit again has priority.
    isStopped = false;
    const status = tracker.status();
    if (status.phase === 'cancelled' || status.phase === 'failed') return cancellationOf(status);
    waiters?.reopen();
    return tracker.kept();
  };
  setHandler(
    defineUpdate<Cancellation, [CancelVideo]>(messageNames.cancelVideo),
    async () => {
      asking += 1;
      return keep().finally(() => {
        asking -= 1;
      });
    },
    { validator: validate },
  );
  return {
    run: async (billed, toRun) => {
      if (isStopped) {
        tracker.settled(billed);
        throw new CancelledFailure('No waiter is left for the video');
      }
      step = new CancellationScope();
      return step.run(toRun).finally(() => {
        step = undefined;
      });
    },
    answered: () => CancellationScope.nonCancellable(() => condition(() => asking === 0)),
  };
}

function isBeforeJob(tracker: VideoTracker): boolean {
  const { phase } = tracker.status();
  return phase === 'waiting' || phase === 'submitting';
}

function validate(given: CancelVideo): void {
  if (given?.keep !== true) {
    throw new Error('Cannot cancel by update: set "keep", or use the cancellation of Temporal');
  }
}
