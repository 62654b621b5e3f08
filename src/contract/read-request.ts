import { utf8Bytes } from './cut-text.ts';
import { jsonFault } from './json-fault.ts';
import { maxRequestBytes, videoRequestSchema, type VideoRequest } from './video-request.ts';

/** A valid request, or its first fault: the path of the field, and why it is invalid. */
export type ReadRequest =
  | { ok: true; request: VideoRequest }
  | { ok: false; field: string; message: string };

/**
 * Validates a request. Returns the given object, not a parsed copy, so that the fields are sent in the caller's order.
 */
export function readRequest(given: unknown): ReadRequest {
  const fault = jsonFault(given);
  if (fault) return { ok: false, field: fieldAt(fault.path), message: fault.message };
  const read = readRequestForm(given);
  if (!read.ok) return read;
  const { model } = read.request.body;
  if (model.trim() === model) return read;
  const message = 'has leading or trailing spaces: a model id is compared byte for byte';
  return { ok: false, field: 'body.model', message };
}

/** Validates only the structure. An earlier version may have paid for a request that {@link readRequest} refuses. */
export function readRequestForm(given: unknown): ReadRequest {
  const parsed = videoRequestSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') || 'request';
    return { ok: false, field, message: issue?.message ?? 'is wrong' };
  }
  const request = given as VideoRequest;
  const text = textOf(request);
  if (text === null) return { ok: false, field: 'request', message: 'cannot be written as JSON' };
  const sizeBytes = utf8Bytes(text);
  if (sizeBytes <= maxRequestBytes) return { ok: true, request };
  const message = `The request has ${sizeBytes} bytes, more than ${maxRequestBytes}: pass images as files or URLs`;
  return { ok: false, field: 'request', message };
}

function fieldAt(path: readonly string[]): string {
  return path.join('.') || 'request';
}

/** Null if it is nested too deeply or cannot be serialized. */
function textOf(request: VideoRequest): string | null {
  try {
    return JSON.stringify(request);
  } catch {
    return null;
  }
}
