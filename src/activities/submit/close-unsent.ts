import type { VideoActivities } from '../../contract/activities.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';

/**
 * Proves that a submit whose worker never answered has sent nothing. No claim, no POST: where there is none, the key is
 * closed in its place, exclusively, so that a worker that was frozen before its claim finds itself too late, whatever its
 * clock says. A key that an earlier version has paid for under another spelling has its claim there.
 */
export function createCloseUnsent({
  claims,
  storageId: own,
}: {
  claims: Pick<SubmitClaims, 'close' | 'find'>;
  /** Of the storage that holds these claims. */
  storageId: string;
}): VideoActivities['closeUnsent'] {
  return async ({ claimKey, storageId = own, spelledId }) => {
    // Retried, so that a worker of that storage gets it.
    if (storageId !== own) {
      throw new Error(`The claim would be in storage "${storageId}"; this worker has "${own}"`);
    }
    const isSpelled = spelledId !== undefined && spelledId.normalize('NFC') === claimKey;
    if (isSpelled && (await claims.find(spelledId)) !== null) return { unsent: false };
    return { unsent: await claims.close(claimKey) };
  };
}
