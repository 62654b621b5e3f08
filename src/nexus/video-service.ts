import { operation, service } from 'nexus-rpc';
import type { CancelRequest, StartVideoOptions, VideoSnapshot } from '../client/video-client.ts';
import type { VideoFailure } from '../contract/failure.ts';
import type { VideoResult } from '../contract/messages.ts';
import { videoFailureIn } from '../contract/read-failure.ts';
import type { VideoRequest } from '../contract/video-request.ts';

/**
 * Input of `generate`. The key is demanded, as it is what makes the operation the same one however often it is
 * delivered: without it, a delivery that comes late could be a new, paid take.
 */
export interface GenerateVideo extends Pick<
  StartVideoOptions,
  'take' | 'deadlineMs' | 'submitTimeoutMs' | 'retakes' | 'sendAnyway' | 'tags' | 'priority'
> {
  request: VideoRequest;
  /** Your own name for this video: its id is `video/<key>`. */
  key: string;
}

/** Input of `status` and `cancel`. */
export interface NamedVideo {
  /** `video/<key>`, or the key alone. */
  videoId: string;
}

/**
 * The Nexus service of onetake, for workflows in other namespaces; this module may be imported by workflow code.
 *
 * `generate` ends with the stored video, or with a failure that `videoFailureBehind` reads; to cancel the operation is
 * to stop waiting, and the last one who does so stops the video. `status` asks once. `cancel` stops a video for all who
 * wait for it.
 */
export const videoService = service('video', {
  generate: operation<GenerateVideo, VideoResult>(),
  status: operation<NamedVideo, VideoSnapshot>(),
  cancel: operation<NamedVideo, CancelRequest>(),
});

/** The failure of a video behind the error that a Nexus operation ended with; null where there is none. */
export function videoFailureBehind(error: unknown): VideoFailure | null {
  const failure = videoFailureIn(error);
  if (failure || !(error instanceof Error)) return failure;
  return videoFailureBehind(error.cause);
}
