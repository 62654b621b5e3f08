import { createNexusServiceClient, isCancellation } from '@temporalio/workflow';
import type { CancelRequest, VideoSnapshot } from '../../src/client.ts';
import type { VideoFailure } from '../../src/contract/failure.ts';
import type { VideoResult } from '../../src/contract/messages.ts';
import {
  videoFailureBehind,
  videoService,
  type GenerateVideo,
} from '../../src/nexus/video-service.ts';

/** Workflows of another team, in a namespace of their own: of onetake they know the service and the endpoint alone. */
export async function makeVideo(
  endpoint: string,
  input: GenerateVideo,
): Promise<{ result: VideoResult } | { failure: VideoFailure | null }> {
  try {
    return { result: await videos(endpoint).executeOperation('generate', input) };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { failure: videoFailureBehind(error) };
  }
}

export function statusOfVideo(endpoint: string, videoId: string): Promise<VideoSnapshot> {
  return videos(endpoint).executeOperation('status', { videoId });
}

export function cancelVideo(endpoint: string, videoId: string): Promise<CancelRequest> {
  return videos(endpoint).executeOperation('cancel', { videoId });
}

function videos(endpoint: string) {
  return createNexusServiceClient({ endpoint, service: videoService });
}
