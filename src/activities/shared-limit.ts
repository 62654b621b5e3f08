import type { SubmitFailure } from '../contract/activities.ts';
import type { SubmitThrottle } from '../storage/submit-throttle.ts';

/** When the gateway has said 429 to one run on this key, the others wait, too. */
export async function heldBack(
  throttle: SubmitThrottle,
  nowMs: number,
): Promise<SubmitFailure | null> {
  const untilMs = await throttle.heldUntil();
  if (untilMs <= nowMs) return null;
  return {
    kind: 'rate_limited',
    outcome: 'not_accepted',
    billed: 'no',
    held: true,
    retryAfterMs: untilMs - nowMs,
    message: `Held back until ${new Date(untilMs).toISOString()}: the gateway limits this key`,
  };
}

/** Tells the others of a 429. */
export async function holdOthers(
  throttle: SubmitThrottle,
  { kind, retryAfterMs }: SubmitFailure,
  nowMs: number,
): Promise<void> {
  if (kind !== 'rate_limited') return;
  await throttle.hold({ nowMs, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}
