import type { HttpHeaders } from './http.ts';

/** Upper limit for the gateway's `Retry-After`, in milliseconds. */
export const maxRetryAfterMs = 600_000;

/**
 * Reads how long to wait from `Retry-After` (seconds or HTTP date) or `retry-after-ms`.
 *
 * @param nowMs Milliseconds since the epoch.
 * @param maximumMs Longer waits are shortened to this. Default `maxRetryAfterMs`.
 * @returns 0 to `maximumMs`; undefined without a valid header, which is the usual case here.
 */
export function retryAfterMs(
  headers: HttpHeaders,
  nowMs: number,
  maximumMs = maxRetryAfterMs,
): number | undefined {
  const limit = (waitMs: number) => Math.min(maximumMs, Math.max(0, Math.ceil(waitMs)));
  const milliseconds = plainNumber(headers['retry-after-ms']);
  if (milliseconds !== undefined) return limit(milliseconds);
  const text = headers['retry-after']?.trim();
  if (text === undefined || text === '') return undefined;
  const seconds = plainNumber(text);
  if (seconds !== undefined) return limit(seconds * 1_000);
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : limit(date - nowMs);
}

function plainNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
