import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { StoreVideoInput, VideoActivities } from '../contract/activities.ts';
import type { StoredVideo } from '../contract/stored-video.ts';
import { deliverOptions } from './activity-options.ts';

/** Brings the video of a succeeded job into the storage, verified. */
export function deliverVideo(delivery: Omit<StoreVideoInput, 'videoId'>): Promise<StoredVideo> {
  const { storeVideo } = proxyActivities<VideoActivities>({
    ...deliverOptions,
    summary: 'download, verify, store',
  });
  return storeVideo({ ...delivery, videoId: workflowInfo().workflowId });
}
