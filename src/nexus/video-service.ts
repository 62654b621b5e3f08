import { operation, service } from 'nexus-rpc';
import type { StartVideoOptions } from '../client/start-options.ts';
import type { CancelRequest, VideoSnapshot } from '../client/video-client.ts';
import type { VideoFailure } from '../contract/failure.ts';
import type { VideoResult } from '../contract/messages.ts';
import { videoFailureIn } from '../contract/read-failure.ts';
import type { VideoRequest } from '../contract/video-request.ts';

/**
 * Input of `generate`. The key is required, because it makes repeated deliveries idempotent. Without it, a late
 * delivery could start a new, paid take.
 */
export interface GenerateVideo extends Pick<
  StartVideoOptions,
  'take' | 'deadlineMs' | 'submitTimeoutMs' | 'retakes' | 'sendAnyway' | 'tags' | 'priority'
> {
  request: VideoRequest;
  /** The caller's idempotency key. The video id is `video/<key>`. */
  key: string;
}

/** Input of `status` and `cancel`. */
export interface NamedVideo {
  /** `video/<key>`, or the key alone. */
  videoId: string;
}

/**
 * The Nexus service of onetake, for workflows in other namespaces. Workflow code may import this module.
 *
 * - `generate` returns the stored video, or fails with an error that `videoFailureBehind` reads. A cancellation of the
 *   operation removes the caller from the waiters. Without waiters, the run is cancelled.
 * - `status` reads the status once.
 * - `cancel` cancels the run for all waiters.
 */
export const videoService = service('video', {
  generate: operation<GenerateVideo, VideoResult>(),
  status: operation<NamedVideo, VideoSnapshot>(),
  cancel: operation<NamedVideo, CancelRequest>(),
});

/** The `VideoFailure` in the error of a Nexus operation; null if there is none. */
export function videoFailureBehind(error: unknown): VideoFailure | null {
  const failure = videoFailureIn(error);
  if (failure || !(error instanceof Error)) return failure;
  return videoFailureBehind(error.cause);
}
