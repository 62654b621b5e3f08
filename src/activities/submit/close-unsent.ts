import type { VideoActivities } from '../../contract/activities.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';

/**
 * Proves that a submit without an answer from its worker has sent nothing. Every POST needs a claim, so if there is
 * no claim, the key is closed exclusively in its place. A worker that was frozen before its claim can then no longer
 * make one, whatever its clock says. If an earlier version has paid for the key under another spelling, the claim is
 * under that spelling.
 */
export function createCloseUnsent({
  claims,
  storageId: own,
}: {
  claims: Pick<SubmitClaims, 'close' | 'find'>;
  /** Id of the storage that holds these claims. */
  storageId: string;
}): VideoActivities['closeUnsent'] {
  return async ({ claimKey, storageId = own, spelledId }) => {
    // Retryable, so that a worker with that storage gets the task.
    if (storageId !== own) {
      throw new Error(`The claim would be in storage "${storageId}"; this worker has "${own}"`);
    }
    const isSpelled = spelledId !== undefined && spelledId.normalize('NFC') === claimKey;
    if (isSpelled && (await claims.find(spelledId)) !== null) return { unsent: false };
    return { unsent: await claims.close(claimKey) };
  };
}
