import type { VideoActivities } from '../contract/activities.ts';
import type { SubmitClaims } from '../storage/submit-claims.ts';

/**
 * Proves that a submit whose worker never answered has sent nothing. No claim, no POST: where there is none, the key is
 * closed in its place, exclusively, so that a worker that was frozen before its claim finds itself too late, whatever its
 * clock says.
 */
export function createCloseUnsent({
  claims,
  storageId: own,
}: {
  claims: Pick<SubmitClaims, 'close'>;
  /** Of the storage that holds these claims. */
  storageId: string;
}): VideoActivities['closeUnsent'] {
  return async ({ claimKey, storageId = own }) => {
    // Retried, so that a worker of that storage gets it.
    if (storageId !== own) {
      throw new Error(`The claim would be in storage "${storageId}"; this worker has "${own}"`);
    }
    return { unsent: await claims.close(claimKey) };
  };
}
