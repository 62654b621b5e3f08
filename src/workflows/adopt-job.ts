import { proxyActivities, workflowInfo, type ApplicationFailure } from '@temporalio/workflow';
import type { RecordAdoptedInput, VideoActivities } from '../contract/activities.ts';
import { ownerOptions, reconcileOptions } from './activity-options.ts';
import { videoFailed } from './failures.ts';

/**
 * Makes this video the owner of a job, before it is adopted; waits for the storage as long as it takes.
 *
 * @throws {ApplicationFailure} `job_taken`: the job belongs to another video
 */
export async function takeJob(jobId: string): Promise<void> {
  const activities = proxyActivities<VideoActivities>({
    ...ownerOptions,
    summary: 'make this video the owner of the job',
  });
  const { videoId } = await activities.takeJob({ jobId });
  if (videoId !== workflowInfo().workflowId) throw jobTaken({ jobId, owner: videoId });
}

/** Writes an adopted job into the claims. If it fails, the key is not remembered beyond this run; the video is delivered. */
export async function recordAdopted(input: RecordAdoptedInput): Promise<void> {
  const activities = proxyActivities<VideoActivities>({
    ...reconcileOptions,
    summary: 'write the adopted job into the claim',
  });
  await activities.recordAdopted(input).catch(() => {});
}

function jobTaken({ jobId, owner }: { jobId: string; owner: string }): ApplicationFailure {
  const message = `Job "${jobId}" belongs to the video "${owner}"`;
  return videoFailed({ kind: 'job_taken', message, billed: 'no', jobId });
}
