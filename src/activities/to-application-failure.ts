import {
  ApplicationFailure,
  ApplicationFailureCategory,
  type ApplicationFailureOptions,
} from '@temporalio/common';
import type { SubmitFailure } from '../contract/activities.ts';
import { failures, type FailureKind, type VideoFailure } from '../contract/failure.ts';
import type { FailedPolls, PendingPoll } from '../contract/video-job.ts';
import { GatewayError } from '../gateway/gateway-error.ts';
import { StorageError } from '../storage/storage-error.ts';

/** The server keeps only 4 KB of the failure of a pending activity. */
const maxMessageLength = 1_000;

/** The failure of a submit. Only the workflow decides whether to submit again. */
export function submitFailed(failure: SubmitFailure): ApplicationFailure {
  return create(failure, {
    nonRetryable: true,
    ...(failure.waiting && { category: ApplicationFailureCategory.BENIGN }),
  });
}

/** The failure of polling or delivering a job. */
export function jobFailed(
  failure: VideoFailure,
  options: { nonRetryable: boolean },
): ApplicationFailure {
  return create(failure, options);
}

/** The job belongs to another video, so it is not adopted; that costs nothing. */
export function jobTaken({ jobId, owner }: { jobId: string; owner: string }): ApplicationFailure {
  const message = `Job "${jobId}" belongs to the video "${owner}"`;
  return jobFailed({ kind: 'job_taken', message, billed: 'no', jobId }, { nonRetryable: true });
}

/** No change yet: a benign failure, not logged or counted as a failure, retried after the delay. */
export function videoPending(
  note: string,
  delayMs: number,
  progress?: PendingPoll['progress'],
): ApplicationFailure {
  return pending({ message: note, ...(progress && { details: { progress } }) }, delayMs);
}

/** The same after a failed poll: clients read the reason from the details of the pending activity. */
export function pollFailed(
  details: PendingPoll & FailedPolls,
  delayMs: number,
): ApplicationFailure {
  return pending({ message: details.failure.message, details }, delayMs);
}

function pending(
  { message, details }: { message: string; details?: PendingPoll },
  delayMs: number,
): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'VideoPending',
    message: message.slice(0, maxMessageLength),
    ...(details && { details: [details] }),
    nextRetryDelay: Math.max(1, Math.ceil(delayMs)),
    category: ApplicationFailureCategory.BENIGN,
  });
}

/** Describes any error of gateway or storage. Other errors get the kind `fallback`. */
export function describeError(error: unknown, fallback: FailureKind): VideoFailure {
  if (error instanceof GatewayError) {
    return {
      kind: error.kind,
      message: error.message,
      billed: error.billed,
      ...(error.requestId !== undefined && { requestId: error.requestId }),
      ...(error.httpStatus !== undefined && { httpStatus: error.httpStatus }),
      ...(error.gatewayCode !== undefined && { gatewayCode: error.gatewayCode }),
      ...(error.gatewayMessage !== undefined && { gatewayMessage: error.gatewayMessage }),
    };
  }
  const kind = error instanceof StorageError ? 'storage_unavailable' : fallback;
  const message = error instanceof Error ? error.message : String(error);
  return { kind, message, billed: failures[kind].billed };
}

function create(
  failure: VideoFailure,
  options: Pick<ApplicationFailureOptions, 'nonRetryable' | 'category'>,
): ApplicationFailure {
  return ApplicationFailure.create({
    type: failure.kind,
    message: failure.message.slice(0, maxMessageLength),
    ...options,
    details: [failure],
  });
}
