import { CancellationScope } from '@temporalio/workflow';
import { submitOf } from '../contract/claim-key.ts';
import { videoFailureIn } from '../contract/read-failure.ts';
import { retakeKindOf, retakesProblem, type Retakes } from '../contract/retakes.ts';
import { videoFailed } from './failures.ts';
import type { VideoTracker } from './video-tracker.ts';

export interface RetakeOptions {
  retakes: Retakes | undefined;
  tracker: VideoTracker;
}

export interface TakeFrom {
  /** Which submit of the video is the first that may be sent. */
  firstSubmit: number;
  /** Told the claim key of the submit whose job was accepted. */
  accepted(claimKey: string | undefined): void;
}

/**
 * Makes a take again whose job failed at no cost, for one of the given kinds, at most `max` times. Each has a claim key of
 * its own and is admitted anew, so that every limit counts it.
 */
export async function withRetakes<T>(
  { retakes, tracker }: RetakeOptions,
  take: (from: TakeFrom) => Promise<T>,
): Promise<T> {
  if (retakes !== undefined) demandRetakes(retakes);
  let firstSubmit = 1;
  for (let left = retakes?.max ?? 0; ; left -= 1) {
    let next = firstSubmit + 1;
    const accepted = (claimKey = '') => {
      next = submitOf(claimKey) + 1;
    };
    try {
      return await take({ firstSubmit, accepted });
    } catch (error) {
      const failure = videoFailureIn(error);
      const kind = failure && retakeKindOf(failure);
      const isOver = left === 0 || CancellationScope.current().consideredCancelled;
      if (!failure || !kind || isOver || !retakes?.kinds.includes(kind)) throw error;
      tracker.retaken(failure, kind);
      firstSubmit = next;
    }
  }
}

/** A run that is started by name was checked by no client. */
function demandRetakes(retakes: Retakes): void {
  const problem = retakesProblem(retakes);
  if (problem === null) return;
  throw videoFailed({
    kind: 'invalid_request',
    billed: 'no',
    message: `Invalid "retakes": ${problem}`,
  });
}
