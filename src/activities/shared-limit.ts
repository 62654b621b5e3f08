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

/** With retries of its own, the gateway answers a vendor's 429 as "channels used up". */
const hiddenLimit = 'get_channel_failed';

/** Tells the others of a 429. */
export async function holdOthers(
  throttle: SubmitThrottle,
  { kind, gatewayCode, retryAfterMs }: SubmitFailure,
  { nowMs, sentAtMs }: { nowMs: number; sentAtMs: number },
): Promise<void> {
  if (kind !== 'rate_limited' && gatewayCode !== hiddenLimit) return;
  await throttle.hold({ nowMs, sentAtMs, ...(retryAfterMs !== undefined && { retryAfterMs }) });
}
