import { Context } from '@temporalio/activity';
import type { AwaitVideoChangeInput } from '../../contract/activities.ts';
import type { JobProgress } from '../../contract/video-job.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';

/**
 * Writes the charge for the ledger and for later starts of the key. If that fails, the ledger lacks the exact price;
 * the video is not affected.
 */
export async function noteCharge(
  claims: Pick<SubmitClaims, 'charge'>,
  { claimKey, job: { jobId } }: AwaitVideoChangeInput,
  { charged, failure }: JobProgress,
): Promise<void> {
  if (claimKey === undefined || !charged) return;
  const refunded = failure?.billed === 'no' && { refunded: true as const };
  const { workflowId: videoId = claimKey } = Context.current().info.workflowExecution ?? {};
  // The job of a resubmit is also in the claim of the key, which a later start reads first.
  for (const key of new Set([claimKey, videoId])) {
    await claims.charge({ claimKey: key, jobId, charged, ...refunded }).catch((error: unknown) => {
      Context.current().log.warn('The charge could not be written into the claim', { error });
    });
  }
}
