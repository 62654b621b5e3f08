import { ServiceError } from '@temporalio/client';
import { VideoClientError, type VideoClientErrorKind } from '../../client/video-client-error.ts';
import { failures, type FailureKind, type VideoFailure } from '../../contract/failure.ts';
import { StorageError } from '../../storage/storage-error.ts';
import { publicMessage } from '../videos/public-failure.ts';
import { ApiError, type ApiErrorOptions } from './api-error.ts';

interface Row extends Pick<ApiErrorOptions, 'isFinal' | 'retryAfterSeconds'> {
  status: number;
  /** Default: the kind. */
  code?: string;
}

/** Until a repeated request may succeed. */
const retryAfterSeconds = 2;

/** HTTP status and `x-should-retry: false` of each error of the client. docs/http.md shows this table. */
export const clientErrorRows: Readonly<Record<VideoClientErrorKind, Row>> = {
  invalid_request: { status: 400 },
  not_stored: { status: 400, code: 'not_ready' },
  not_found: { status: 404 },
  // OpenAI's clients repeat a 409.
  key_conflict: { status: 422, code: 'idempotency_key_reused' },
  may_be_billed: { status: 409, isFinal: true },
  wrong_phase: { status: 409, isFinal: true },
  job_taken: { status: 409, isFinal: true },
  file_gone: { status: 410, isFinal: true },
  damaged: { status: 500, isFinal: true },
  no_storage: { status: 500, isFinal: true },
  payload_key: { status: 500, isFinal: true },
  temporal_unavailable: { status: 503, retryAfterSeconds },
  no_answer: { status: 503, retryAfterSeconds },
};

/** The same for a video that failed before a job existed, if the caller waits for the submit (`Prefer: wait`). */
export const failureRows: Readonly<Partial<Record<FailureKind, Row>>> = {
  invalid_request: { status: 400 },
  moderation: { status: 400 },
  quota: { status: 429, code: 'insufficient_quota', isFinal: true },
  cap_exceeded: { status: 429, code: 'insufficient_quota', isFinal: true },
  rate_limited: { status: 429, retryAfterSeconds },
  key_conflict: { status: 422, code: 'idempotency_key_reused' },
  no_channel: { status: 503, retryAfterSeconds },
  gateway_unavailable: { status: 503, retryAfterSeconds },
  worker_lost: { status: 503, retryAfterSeconds },
  storage_unavailable: { status: 503, retryAfterSeconds },
  storage_full: { status: 503, isFinal: true },
  // The key of the workers, not of the caller.
  auth: { status: 502, isFinal: true },
};

/** The error of a response, from any error. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof VideoClientError) return fromClientError(error);
  if (error instanceof ServiceError) {
    const message = 'Temporal does not answer; try again';
    return new ApiError(503, 'temporal_unavailable', { message, retryAfterSeconds, cause: error });
  }
  if (error instanceof StorageError) {
    const message = 'The storage does not answer; try again';
    return new ApiError(503, 'storage_unavailable', { message, retryAfterSeconds, cause: error });
  }
  const message = 'Unexpected error; the log of the server has the request id';
  return new ApiError(500, 'internal_error', { message, cause: error });
}

function fromClientError(error: VideoClientError): ApiError {
  const { kind, field, failure } = error;
  const { status, code = kind, ...options } = clientErrorRows[kind];
  return new ApiError(status, code, {
    ...options,
    message: messageOf(error),
    cause: error,
    ...(field !== undefined && { param: field.replace(/^body\./, '') }),
    ...(failure && { details: { failure: { kind: failure.kind, billed: failure.billed } } }),
  });
}

/** The client's own words name workflow ids and takes, which callers of the HTTP API do not know. */
function messageOf({ kind, message, failure }: VideoClientError): string {
  switch (kind) {
    case 'key_conflict':
      return 'The Idempotency-Key belongs to another request; use another key';
    case 'may_be_billed': {
      const reason = failure ? publicMessage(failure) : 'it was cancelled after its submit';
      return `The video with this key has ended, and it was or may have been billed: ${reason} Another key pays again`;
    }
    case 'job_taken':
      return 'The job belongs to another video';
    default:
      return message;
  }
}

/** The error for a video that the gateway or onetake refused at no cost; null for any other failure. */
export function refusalError(failure: VideoFailure): ApiError | null {
  const { kind, billed } = failure;
  const row = failureRows[kind];
  if (!row || billed !== 'no') return null;
  const { status, code = kind, ...options } = row;
  return new ApiError(status, code, {
    ...options,
    message: `${publicMessage(failure).replace(/\.$/, '')}. ${failures[kind].whatToDo}`,
    details: { failure: { kind, billed } },
  });
}
