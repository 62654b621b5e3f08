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

/** The steps of a submit, of which "keep" leaves out whatever has not begun. */
export interface KeepSteps {
  /** Rejects with a CancelledFailure where nobody waits any longer; `billed` by what was sent until then. */
  run<T>(billed: Billed, step: () => Promise<T>): Promise<T>;
  /** Resolves when whoever asked to keep the video has the answer. */
  answered(): Promise<void>;
}

/**
 * Handles update `cancelVideo({ keep: true })`: nobody waits any longer, and the run goes on, so that the video that
 * was paid for is stored. Where nothing was sent yet, nothing will be, and the run ends as cancelled; a POST that is
 * under way is waited for. To stop the run itself is the standard cancellation of Temporal.
 */
export function listenForKeep(
  tracker: VideoTracker,
  waiters?: Pick<Waiters, 'closeIfAlone' | 'reopen'>,
): KeepSteps {
  let step: CancellationScope | undefined;
  let isStopped = false;
  let asking = 0;
  /** What the submit has come to. */
  const keep = async (): Promise<Cancellation> => {
    if (!isBeforeJob(tracker) || !patched('keep-before-submit')) return tracker.kept();
    // The others were told that they get the video.
    if (waiters && !waiters.closeIfAlone()) return tracker.kept();
    isStopped = true;
    step?.cancel();
    await condition(() => !isBeforeJob(tracker));
    // A person who decides to submit again outweighs it.
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
        throw new CancelledFailure('Nobody waits for the video any longer');
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
    throw new Error('Cannot cancel by update: say "keep", or use the cancellation of Temporal');
  }
}
