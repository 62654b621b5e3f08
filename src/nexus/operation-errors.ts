import { ApplicationFailure } from '@temporalio/common';
import { HandlerError, OperationError, type HandlerErrorType } from 'nexus-rpc';
import type { z } from 'zod';
import { VideoClientError, type VideoClientErrorKind } from '../client/video-client-error.ts';
import { isFailureKind, type VideoFailure } from '../contract/failure.ts';

/**
 * Answers a request of another namespace, in the words of Nexus: what the caller did wrong is not tried again, a worker
 * that does not answer is.
 *
 * @throws {HandlerError}
 */
export async function orHandlerError<T>(answer: () => Promise<T>): Promise<T> {
  try {
    return await answer();
  } catch (cause) {
    if (!(cause instanceof VideoClientError)) throw cause;
    throw new HandlerError(handlerErrorType(cause.kind), cause.message, { cause });
  }
}

function handlerErrorType(kind: VideoClientErrorKind): HandlerErrorType {
  if (kind === 'not_found') return 'NOT_FOUND';
  return kind === 'no_answer' || kind === 'temporal_unavailable' ? 'UNAVAILABLE' : 'BAD_REQUEST';
}

/** @throws {VideoClientError} `invalid_request` */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const message = `"${issue?.path.join('.')}": ${issue?.message}`;
  throw new VideoClientError('invalid_request', message);
}

/**
 * Ends an operation as the run of a video would have ended: with the kind as `type` and the failure as first detail.
 * A start that was refused since an earlier run was cancelled has no failure to show; its type is `may_be_billed`.
 */
export function failedOperation({ kind, message, failure }: VideoClientError): OperationError {
  const refused = isFailureKind(kind) ? { kind, message, billed: 'no' as const } : undefined;
  const known = failure ? { ...failure, message } : refused;
  const type = known?.kind ?? kind;
  return new OperationError('failed', message, { cause: applicationFailure(type, message, known) });
}

/** As `failedOperation`, for a run that has just ended by itself. */
export function failedVideo(failure: VideoFailure): OperationError {
  const { kind, message } = failure;
  return new OperationError('failed', message, {
    cause: applicationFailure(kind, message, failure),
  });
}

function applicationFailure(
  type: string,
  message: string,
  failure: VideoFailure | undefined,
): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type,
    nonRetryable: true,
    details: failure ? [failure] : [],
  });
}
