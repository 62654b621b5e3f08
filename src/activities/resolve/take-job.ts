import { Context } from '@temporalio/activity';
import type { VideoActivities } from '../../contract/activities.ts';
import type { JobOwners } from '../../storage/claims/job-owners.ts';

/**
 * Makes the calling video the owner of a job before the job is adopted. Returns the owner; an existing owner is kept.
 */
export function createTakeJob({
  owners,
}: {
  owners: Pick<JobOwners, 'take'>;
}): VideoActivities['takeJob'] {
  return ({ jobId }) => {
    const videoId = Context.current().info.workflowExecution?.workflowId ?? '';
    return owners.take({ jobId, videoId });
  };
}
