import { Context } from '@temporalio/activity';
import type { RecordAdoptedInput, VideoActivities } from '../../contract/activities.ts';
import type { JobRef } from '../../contract/video-job.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import { GatewayError } from '../../gateway/gateway-error.ts';
import { requestDigest } from '../../identity/request-digest.ts';
import type { JobOwners } from '../../storage/claims/job-owners.ts';
import { unknownDigest } from '../../storage/claims/claim.ts';
import type { SubmitClaims } from '../../storage/claims/submit-claims.ts';
import { describeError, jobFailed, jobTaken } from '../to-application-failure.ts';

const timeoutMs = 20_000;

/**
 * Writes the job that a person named into the claim of its submit and into the claim of the key, so that the key
 * still finds it if the Temporal database is lost. A key without a claim gets one.
 *
 * Only a job that the gateway knows is recorded: a mistyped id would block the key for ever. A claim that already
 * names a job keeps it. A job of another video is refused (`job_taken`).
 */
export function createRecordAdopted({
  gateway,
  claims,
  owners,
}: {
  gateway: Gateway;
  claims: SubmitClaims;
  owners: Pick<JobOwners, 'take'>;
}): VideoActivities['recordAdopted'] {
  return async (input) => {
    const { claimKey, job, submittedAt } = input;
    const { jobId } = job;
    const { workflowId: videoId = claimKey, runId = '' } =
      Context.current().info.workflowExecution ?? {};
    const owner = await owners.take({ jobId, videoId });
    if (owner.videoId !== videoId) throw jobTaken({ jobId, owner: owner.videoId });
    await demandKnown(gateway, job);
    const claim = await claims.read(claimKey);
    if (claim && claim.outcome.state !== 'accepted') {
      await claims.record(claim, { state: 'accepted', jobId, submittedAt });
    }
    const ofKey = { ...factsOf(input), gateway: gateway.origin, workflowId: videoId, runId };
    await claims.giveJob({ ...ofKey, claimKey: videoId }, { jobId, submittedAt });
    const given = await claims.read(videoId);
    const isTold = given !== null && given.requestDigest !== unknownDigest;
    return isTold ? { requestDigest: given.requestDigest } : {};
  };
}

async function demandKnown(gateway: Gateway, job: JobRef): Promise<void> {
  try {
    const { cancellationSignal: signal } = Context.current();
    await gateway.status(job, { timeoutMs, signal });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const failure = describeError(error, error.kind);
    throw jobFailed({ ...failure, billed: 'maybe' }, { nonRetryable: false });
  }
}

function factsOf({ job, request, submittedAt }: RecordAdoptedInput) {
  return {
    requestDigest: request ? requestDigest(request) : unknownDigest,
    format: job.format,
    model: request?.body.model ?? '',
    claimedAt: submittedAt,
  };
}
