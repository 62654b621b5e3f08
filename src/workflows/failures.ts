import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  TimeoutFailure,
} from '@temporalio/workflow';
import { RetryState } from '@temporalio/common';
import type { SubmitFailure } from '../contract/activities.ts';
import { failures, type VideoFailure } from '../contract/failure.ts';
import type { VideoStatus } from '../contract/messages.ts';
import { videoFailureIn } from '../contract/read-failure.ts';

/** The ApplicationFailure that ends a run: `type` is the kind, `details[0]` the whole failure. */
export function videoFailed(failure: VideoFailure, cause?: unknown): ApplicationFailure {
  return ApplicationFailure.create({
    type: failure.kind,
    message: failure.message,
    nonRetryable: true,
    details: [failure],
    ...(cause instanceof Error && { cause }),
  });
}

/**
 * Rethrows the SDK's error for a local activity that the worker does not have. It is thrown where the activity runs first
 * and not in a replay, so a run that continued after it could not be replayed. Uncaught, it fails the workflow task, which
 * is repeated.
 */
export function rethrowMissingActivity(error: unknown): void {
  if (error instanceof ReferenceError) throw error;
}

/** True for every form of a cancellation: an activity in back-off reports it only by its retry state. */
export function isCancel(error: unknown): boolean {
  if (isCancellation(error)) return true;
  return error instanceof ActivityFailure && error.retryState === RetryState.CANCEL_REQUESTED;
}

/** True when the timeout of a scheduled activity ended it, while it was running or waiting for its next attempt. */
export function isTimeLimit(error: unknown): boolean {
  if (!(error instanceof ActivityFailure)) return false;
  return error.retryState === RetryState.TIMEOUT || error.cause instanceof TimeoutFailure;
}

/**
 * Reads the failure from the error that ended a step. After a job was accepted, only the gateway's verdict on that job
 * can report `billed: no`.
 */
export function toVideoFailure(error: unknown, status: VideoStatus): VideoFailure {
  const known = {
    ...(status.jobId !== undefined && { jobId: status.jobId }),
  };
  const failure = videoFailureIn(error);
  if (failure) return { ...known, ...failure, billed: worse(failure, status) };
  const reason = error instanceof Error ? (error.cause ?? error) : error;
  return {
    ...known,
    kind: status.phase === 'delivering' ? 'result_missing' : 'deadline',
    message: `Failed in phase "${status.phase}": ${reason instanceof Error ? reason.message : String(reason)}`,
    billed: status.billed,
  };
}

/** The failure that the submit activity itself returned; null if no worker answered. */
export function submitFailureIn(error: unknown): SubmitFailure | null {
  const failure = videoFailureIn(error);
  return failure && 'outcome' in failure ? (failure as SubmitFailure) : null;
}

/** A submit without an answer from a worker: unless it is certainly free of charge, its outcome is unknown. */
export function unknownSubmit(error: unknown): SubmitFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const reason =
    cause instanceof TimeoutFailure
      ? 'the worker gave no answer in time'
      : cause instanceof Error
        ? cause.message
        : String(cause);
  return {
    kind: 'submit_unknown',
    outcome: 'unknown',
    billed: failures.submit_unknown.billed,
    message: `The outcome of the submit is unknown: ${reason}`,
  };
}

/**
 * "billed: no" of a step after the submit does not apply to the job that was accepted before, unless the failure is
 * the gateway's verdict on that job. For a job that is no longer found, the known status counts.
 */
function worse({ kind, billed }: VideoFailure, status: VideoStatus): VideoFailure['billed'] {
  const isVerdict = kind === 'task_failed' || kind === 'task_timeout';
  const saysNothing = (billed === 'no' && !isVerdict) || kind === 'task_not_found';
  return saysNothing && status.jobId !== undefined ? status.billed : billed;
}
