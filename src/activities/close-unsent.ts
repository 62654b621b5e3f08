import type { VideoActivities } from '../contract/activities.ts';
import type { SubmitClaims } from '../storage/submit-claims.ts';

/**
 * Proves that a submit whose worker never answered has sent nothing. No claim, no POST: where there is none, the key is
 * closed in its place, exclusively, so that a worker that was frozen before its claim finds itself too late, whatever its
 * clock says.
 */
export function createCloseUnsent({
  claims,
}: {
  claims: Pick<SubmitClaims, 'close'>;
}): VideoActivities['closeUnsent'] {
  return async ({ claimKey }) => ({ unsent: await claims.close(claimKey) });
}
