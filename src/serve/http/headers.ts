import type { HonoRequest } from 'hono';
import { ApiError } from './api-error.ts';

/** Longest `Idempotency-Key`, in characters. */
export const maxKeyLength = 255;
/** Longest wait of a request, in seconds. */
export const maxWaitSeconds = 30;

/** The idempotency key of a request. @throws {ApiError} 400 */
export function idempotencyKey(request: HonoRequest): string | undefined {
  const key = request.header('idempotency-key');
  if (key === undefined) return undefined;
  const isUsable = key.trim() !== '' && key.length <= maxKeyLength;
  if (isUsable) return key;
  const message = `Invalid Idempotency-Key: it must have 1 to ${maxKeyLength} characters`;
  throw new ApiError(400, 'invalid_request', { message, param: 'Idempotency-Key' });
}

/** The attempt of OpenAI's clients, from 0; null if the client does not send it. */
export function retryCount(request: HonoRequest): number | null {
  const text = request.header('x-stainless-retry-count') ?? '';
  return /^\d{1,3}$/.test(text) ? Number(text) : null;
}

/** `Prefer: wait=N` (RFC 7240), in seconds; null if it is absent. Larger values are cut. */
export function preferredWait(request: HonoRequest): number | null {
  const [, text] =
    /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?/i.exec(request.header('prefer') ?? '') ?? [];
  return text === undefined ? null : Math.min(Number(text), maxWaitSeconds);
}

/** A whole number in the query. @throws {ApiError} 400 */
export function wholeNumber(
  request: HonoRequest,
  name: string,
  { min, max, otherwise }: { min: number; max: number; otherwise: number },
): number {
  const text = request.query(name);
  if (text === undefined || text === '') return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  const message = `Invalid "${name}": it must be a whole number from ${min} to ${max}`;
  throw new ApiError(400, 'invalid_request', { message, param: name });
}
