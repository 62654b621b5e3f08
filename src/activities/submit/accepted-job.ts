import type { SubmittedVideo } from '../../contract/activities.ts';
import type { RequestWarning } from '../../contract/video-request.ts';
import type { AcceptedJob } from '../../gateway/gateway.ts';
import type { ClaimOutcome, NewClaim } from '../../storage/claims/claim.ts';

/** What the workflow is told of a job that was accepted. */
export function submitted(given: {
  job: AcceptedJob;
  claim: NewClaim;
  warnings: RequestWarning[];
  deadlineMs: number;
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

/** The same, for the claim. */
export function accepted(job: AcceptedJob, submittedAt: number): ClaimOutcome {
  return { state: 'accepted', jobId: job.jobId, submittedAt, ...toldBeside(job) };
}

/** What the gateway may tell beside the job id. */
function toldBeside({ requestId, chargedRatios }: AcceptedJob) {
  return {
    ...(requestId !== undefined && { requestId }),
    ...(chargedRatios !== undefined && { chargedRatios }),
  };
}
