import { storedImagePrefix } from '../../contract/video-request.ts';
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

/**
 * Tenants share the storage: whoever knows the digest of an image could use the image of another tenant.
 *
 * @param allowed References to the images of this body.
 * @throws {ApiError} A text refers to another stored image.
 */
export function refuseReferences(
  value: unknown,
  { allowed, path = [] }: { allowed: readonly string[]; path?: readonly string[] },
): void {
  if (typeof value === 'string') {
    if (!value.startsWith(storedImagePrefix) || allowed.includes(value)) return;
    const advice = 'send the image itself, as a file, an address or a data URI';
    throw badBody(`References to stored images are not accepted: ${advice}`, path.join('.'));
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    refuseReferences(inner, { allowed, path: [...path, name] });
  }
}
