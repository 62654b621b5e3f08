import { ApplicationFailure } from '@temporalio/common';
import { HandlerError, OperationError, type HandlerErrorType } from 'nexus-rpc';
import type { z } from 'zod';
import { VideoClientError, type VideoClientErrorKind } from '../client/video-client-error.ts';
import { isFailureKind, type VideoFailure } from '../contract/failure.ts';

/**
 * Translates client errors into Nexus errors. Errors of the caller are not retried; missing workers are.
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

/** Validates the input of an operation. @throws {VideoClientError} `invalid_request` */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const message = `"${issue?.path.join('.')}": ${issue?.message}`;
  throw new VideoClientError('invalid_request', message);
}

/**
 * The error of a refused start, in the form of a failed run: the kind as `type`, and the failure as first detail. If an
 * earlier run was cancelled, there is no failure, and the type is `may_be_billed`.
 */
export function failedOperation({ kind, message, failure }: VideoClientError): OperationError {
  const refused = isFailureKind(kind) ? { kind, message, billed: 'no' as const } : undefined;
  const known = failure ? { ...failure, message } : refused;
  const type = known?.kind ?? kind;
  return new OperationError('failed', message, { cause: applicationFailure(type, message, known) });
}

/** As {@link failedOperation}, for a run that has failed. */
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
