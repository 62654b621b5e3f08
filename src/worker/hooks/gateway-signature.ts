import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A signature is accepted this long before and after its time, for clocks that differ and for slow deliveries. */
const toleranceMs = 300_000;

/** What a callback is signed with. */
export interface SignedCallback {
  headers: IncomingHttpHeaders;
  /** The body, byte for byte as it arrived. */
  raw: Uint8Array;
}

/** `wrong_time`: the clocks differ, or it is an old callback. `wrong_signature`: another key, or changed bytes. */
export type SignatureFault = 'unsigned' | 'wrong_time' | 'wrong_signature';

/**
 * Checks the signature of a callback of the gateway: HMAC-SHA256 with the API key over time, a dot and the raw body.
 * Nothing of the body is parsed before. The comparison takes the same time for every wrong signature.
 *
 * @returns null if the callback is authentic.
 */
export function signatureFault(
  { headers, raw }: SignedCallback,
  { apiKey, nowMs }: { apiKey: string; nowMs: number },
): SignatureFault | null {
  const stamp = headers['x-newapi-timestamp'];
  const signature = headers['x-newapi-signature'];
  if (typeof stamp !== 'string' || typeof signature !== 'string') return 'unsigned';
  const hex = /^sha256=([0-9a-f]{64})$/i.exec(signature)?.[1];
  if (hex === undefined || !/^\d{1,13}$/.test(stamp)) return 'unsigned';
  const expected = createHmac('sha256', apiKey).update(`${stamp}.`).update(raw).digest();
  if (!timingSafeEqual(expected, Buffer.from(hex, 'hex'))) return 'wrong_signature';
  return Math.abs(nowMs - Number(stamp) * 1_000) > toleranceMs ? 'wrong_time' : null;
}
