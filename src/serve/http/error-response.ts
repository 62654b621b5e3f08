import type { Context } from 'hono';
import type { ServeEnv } from '../ports.ts';
import type { ApiError } from './api-error.ts';
import { toApiError } from './error-table.ts';

/** Answers with an error in the shape of OpenAI; on new-api's routes also in new-api's shape. */
export function errorResponse(context: Context<ServeEnv>, thrown: unknown): Response {
  const error = toApiError(thrown);
  context.set('errorCode', error.code);
  const { retryAfterSeconds, isFinal } = error.options;
  const body = { ...(isGenerations(context.req.path) && taskError(error)), ...errorBody(error) };
  return new Response(JSON.stringify(body), {
    status: error.status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      ...(isFinal && { 'x-should-retry': 'false' }),
      ...(error.status === 401 && { 'www-authenticate': 'Bearer' }),
    },
  });
}

function errorBody({ status, code, message, options }: ApiError) {
  const { param = null, details } = options;
  return {
    error: { message, type: typeOf(status), param, code },
    ...(details && { onetake: details }),
  };
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

function taskError({ code, message }: ApiError) {
  return { code, message, data: null };
}

/** Whether a path is one of new-api's shape. */
export function isGenerations(path: string): boolean {
  return path.startsWith('/v1/video/generations');
}
