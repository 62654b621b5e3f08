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
  /** Number of the first submit of the video that may be sent. */
  firstSubmit: number;
  /** Called with the claim key of the submit that was accepted. */
  accepted(claimKey: string | undefined): void;
}

/**
 * Repeats a take that failed at no cost with one of the given kinds, at most `max` times. Each take has its own claim
 * key and is admitted again, so that every limit counts it.
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

/** A run that was started by name was not validated by a client. */
function demandRetakes(retakes: Retakes): void {
  const problem = retakesProblem(retakes);
  if (problem === null) return;
  throw videoFailed({
    kind: 'invalid_request',
    billed: 'no',
    message: `Invalid "retakes": ${problem}`,
  });
}
