import type { VideoFailure } from '../contract/failure.ts';

/**
 * Why a client call failed. Failures of a video itself are outcomes of `wait`, not errors.
 *
 * - `invalid_request`: an argument is invalid; nothing was started.
 * - `key_conflict`: the key belongs to another request or job; nothing was started.
 * - `may_be_billed`: an earlier run of this key has ended, and was or may have been billed; `failure` says why.
 * - `job_taken`: the job belongs to another video.
 * - `not_found`: there is no such video, batch or schedule.
 * - `wrong_phase`: the current phase does not allow this call.
 * - `temporal_unavailable`: no Temporal server answers.
 * - `no_answer`: the server answers, but no worker does.
 * - `payload_key`: the answer is encrypted with a key that is not in `payloadKeys`.
 * - `no_storage`: the client was created without `storage`.
 * - `not_stored`: the video has no stored file, or not yet.
 * - `file_gone`: the stored file no longer exists.
 * - `damaged`: size or SHA-256 of the file differ from the stored values.
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

/** The error of all client calls. `kind` is for decisions, `message` for people. */
export class VideoClientError extends Error {
  readonly kind: VideoClientErrorKind;
  /** The failure of the video, for `may_be_billed` and `not_stored`. */
  readonly failure?: VideoFailure;
  /** Path of the invalid field, e.g. `body.metadata.seed`, for `invalid_request` if one field is the cause. */
  readonly field?: string;

  constructor(
    kind: VideoClientErrorKind,
    message: string,
    options: ErrorOptions & { failure?: VideoFailure; field?: string } = {},
  ) {
    super(message, options);
    this.name = 'VideoClientError';
    this.kind = kind;
    if (options.failure) this.failure = options.failure;
    if (options.field !== undefined) this.field = options.field;
  }
}
