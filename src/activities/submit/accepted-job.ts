import type { SubmittedVideo } from '../../contract/activities.ts';
import type { RequestWarning } from '../../contract/video-request.ts';
import type { AcceptedJob } from '../../gateway/gateway.ts';
import type { ClaimOutcome, NewClaim } from '../../storage/claims/claim.ts';

/** The result for the workflow when a job was accepted. */
export function submitted(given: {
  job: AcceptedJob;
  claim: NewClaim;
  warnings: RequestWarning[];
  deadlineMs: number;
  told?: true;
}): SubmittedVideo {
  const { job, claim, ...rest } = given;
  const { claimedAt: submittedAt, account } = claim;
  return {
    ...rest,
    jobId: job.jobId,
    submittedAt,
    ...(account && { account }),
    foundInClaim: false,
    ...toldBeside(job),
  };
}

/** The same job as the outcome in the claim. */
export function accepted(job: AcceptedJob, submittedAt: number): ClaimOutcome {
  return { state: 'accepted', jobId: job.jobId, submittedAt, ...toldBeside(job) };
}

/** Optional facts that the gateway may return with the job id. */
function toldBeside({ requestId, chargedRatios }: AcceptedJob) {
  return {
    ...(requestId !== undefined && { requestId }),
    ...(chargedRatios !== undefined && { chargedRatios }),
  };
}
