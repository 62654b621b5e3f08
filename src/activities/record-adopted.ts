import { Context } from '@temporalio/activity';
import type { VideoActivities } from '../contract/activities.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { GatewayError } from '../gateway/gateway-error.ts';
import type { JobOwners } from '../storage/job-owners.ts';
import type { SubmitClaims } from '../storage/submit-claims.ts';
import { describeError, jobFailed, jobTaken } from './to-application-failure.ts';

const timeoutMs = 20_000;

/**
 * Writes the job that a person named into the claim of its submit, so that the key finds it again where the Temporal
 * database is lost.
 *
 * Only a job that the gateway knows: a slip of the pen would hold the key for ever. Without a claim no POST was sent,
 * and a claim that names a job knows better; both are left alone. A job of another video is refused (`job_taken`).
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
  return async ({ claimKey, job, submittedAt }) => {
    const videoId = Context.current().info.workflowExecution?.workflowId ?? claimKey;
    const { jobId } = job;
    const owner = await owners.take({ jobId, videoId });
    if (owner.videoId !== videoId) throw jobTaken({ jobId, owner: owner.videoId });
    const claim = await claims.read(claimKey);
    if (!claim || claim.outcome.state === 'accepted') return;
    try {
      const { cancellationSignal: signal } = Context.current();
      await gateway.status(job, { timeoutMs, signal });
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      throw jobFailed(
        { ...describeError(error, error.kind), billed: 'maybe' },
        { nonRetryable: false },
      );
    }
    await claims.record(claim, { state: 'accepted', jobId, submittedAt });
  };
}
