import type { SubmitFailure } from '../contract/activities.ts';
import type { Billed } from '../contract/failure.ts';

export interface SpentBefore {
  /** By earlier submits of this run. */
  billedBefore: 'no' | 'maybe';
  /** An earlier run of the same video may have submitted, as before a reset. */
  isLaterRun: boolean;
}

/**
 * What a video has cost after a submit that cost nothing by itself. Whatever ended it before a worker had read the claims
 * says nothing of what an earlier run has paid.
 */
export function billedSoFar(
  failure: SubmitFailure,
  { billedBefore, isLaterRun }: SpentBefore,
): Billed {
  if (failure.billed !== 'no') return failure.billed;
  return isLaterRun && !areClaimsRead(failure) ? 'maybe' : billedBefore;
}

function areClaimsRead({ kind, closedKey, held }: SubmitFailure): boolean {
  // A closed key was answered by the claims, unless this very submit has closed it.
  if (closedKey && held) return true;
  return kind !== 'storage_unavailable' && kind !== 'worker_lost';
}
