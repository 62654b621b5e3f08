import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { failures, isFailureKind, type VideoFailure } from './failure.ts';

/** The `VideoFailure` in the error of an activity or a run; null if there is none. */
export function videoFailureIn(error: unknown): VideoFailure | null {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure) || !isFailureKind(cause.type)) return null;
  const [details] = cause.details ?? [];
  if (typeof details === 'object' && details !== null) return details as VideoFailure;
  return { kind: cause.type, message: cause.message, billed: failures[cause.type].billed };
}
