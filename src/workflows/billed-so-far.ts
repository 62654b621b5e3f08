import type { SubmitFailure } from '../contract/activities.ts';
import type { Billed } from '../contract/failure.ts';

export interface SpentBefore {
  /** Whether earlier submits of this run may have been billed. */
  billedBefore: 'no' | 'maybe';
  /** True if an earlier run of the same video may have submitted, as before a reset. */
  isLaterRun: boolean;
}

/**
 * Whether a video has been billed, after a submit that cost nothing itself. If the submit ended before a worker had
 * read the claims, it is unknown whether an earlier run has paid.
 */
export function billedSoFar(
  failure: SubmitFailure,
  { billedBefore, isLaterRun }: SpentBefore,
): Billed {
  if (failure.billed !== 'no') return failure.billed;
  return isLaterRun && !areClaimsRead(failure) ? 'maybe' : billedBefore;
}

function areClaimsRead({ kind, closedKey, held }: SubmitFailure): boolean {
  // A closed key was found in the claims, unless this submit has closed it.
  if (closedKey && held) return true;
  return kind !== 'storage_unavailable' && kind !== 'worker_lost';
}
