import type { VideoFailure } from '../contract/failure.ts';

/**
 * What a client call can be refused for. Failures of a video itself are outcomes, not errors.
 *
 * `invalid_request`, `key_conflict`: nothing was started. `may_be_billed`: an earlier run of this key ended after it
 * was, or may have been, billed; `failure` says how. `not_found`: no video of this id. `wrong_phase`: the video is not
 * in a phase that allows this. `temporal_unavailable`: nobody answers. `no_answer`: the server does, but no worker.
 */
export type VideoClientErrorKind =
  | 'invalid_request'
  | 'key_conflict'
  | 'may_be_billed'
  | 'not_found'
  | 'wrong_phase'
  | 'temporal_unavailable'
  | 'no_answer';

export class VideoClientError extends Error {
  readonly kind: VideoClientErrorKind;
  readonly failure?: VideoFailure;

  constructor(
    kind: VideoClientErrorKind,
    message: string,
    options: ErrorOptions & { failure?: VideoFailure } = {},
  ) {
    super(message, options);
    this.name = 'VideoClientError';
    this.kind = kind;
    if (options.failure) this.failure = options.failure;
  }
}
