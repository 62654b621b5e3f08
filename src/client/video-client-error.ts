import type { VideoFailure } from '../contract/failure.ts';

/**
 * What a client call can be refused for. Failures of a video itself are outcomes, not errors.
 *
 * `invalid_request`, `key_conflict`: nothing was started. `may_be_billed`: an earlier run of this key ended after it
 * was, or may have been, billed; `failure` says how. `job_taken`: the
 * job belongs to another video. `not_found`: no video of this id. `wrong_phase`: the video is not
 * in a phase that allows this. `temporal_unavailable`: nobody answers. `no_answer`: the server does, but no worker.
 * `payload_key`: what it says of the video is encrypted with a key that is not among `payloadKeys`. `no_storage`: the
 * client was given none to read from. `not_stored`: the video has no file, or none yet. `file_gone`: it had one, and the
 * storage has it no more. `damaged`: what is there is not what was stored.
 */
export type VideoClientErrorKind =
  | 'invalid_request'
  | 'key_conflict'
  | 'job_taken'
  | 'may_be_billed'
  | 'not_found'
  | 'wrong_phase'
  | 'temporal_unavailable'
  | 'no_answer'
  | 'payload_key'
  | 'no_storage'
  | 'not_stored'
  | 'file_gone'
  | 'damaged';

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
