import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { VideoActivities } from '../contract/activities.ts';
import type { StoredVideo } from '../contract/stored-video.ts';
import type { JobRef } from '../contract/video-job.ts';
import type { VideoRequest } from '../contract/video-request.ts';
import { deliverOptions } from './activity-options.ts';

/** Brings the video of a succeeded job into the storage, verified. */
export function deliverVideo(delivery: {
  job: JobRef;
  request?: VideoRequest;
}): Promise<StoredVideo> {
  const { storeVideo } = proxyActivities<VideoActivities>({
    ...deliverOptions,
    summary: 'download, verify, store',
  });
  return storeVideo({ ...delivery, videoId: workflowInfo().workflowId });
}
