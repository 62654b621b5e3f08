import type { HttpHeaders } from './http.ts';

/** A gateway that asks for more is asked again after this, in milliseconds. */
export const maxRetryAfterMs = 600_000;

/**
 * How long the gateway asks us to wait: `Retry-After` as seconds or as an HTTP date, or `retry-after-ms`.
 *
 * @param nowMs Milliseconds since the epoch.
 * @returns 0 to `maxRetryAfterMs`; undefined when nothing usable was said, which is the rule here.
 */
export function retryAfterMs(headers: HttpHeaders, nowMs: number): number | undefined {
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

function limit(waitMs: number): number {
  return Math.min(maxRetryAfterMs, Math.max(0, Math.ceil(waitMs)));
}
