import { ApiError } from '../http/api-error.ts';

/** The body is wrong (400). `param` is the path of the field, e.g. `metadata.seed`. */
export function badBody(message: string, param?: string, cause?: unknown): ApiError {
  return new ApiError(400, 'invalid_request', {
    message,
    ...(param !== undefined && { param }),
    ...(cause !== undefined && { cause }),
  });
}

/** The body, or a file in it, is over a limit (413). */
export function tooLarge(message: string, param?: string): ApiError {
  return new ApiError(413, 'request_too_large', { message, ...(param !== undefined && { param }) });
}

/** Names that JavaScript gives a meaning. As names of fields they are a mistake or an attack. */
const prototypeNames = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a name must not become a property of an object. */
export function isPrototypeName(name: string): boolean {
  return prototypeNames.has(name);
}
