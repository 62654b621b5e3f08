import type { SubmitFailure } from '../../contract/activities.ts';
import type { LimitScope, SubmitThrottle } from '../../storage/records/submit-throttle.ts';

/** After a 429 for one run, the other runs that share its limit wait, too. */
export async function heldBack(
  throttle: SubmitThrottle,
  { model, nowMs }: { model: string; nowMs: number },
): Promise<SubmitFailure | null> {
  const hold = await throttle.holdOn(model);
  if (!hold || hold.untilMs <= nowMs) return null;
  const limited = { key: 'this API key', model: `model "${model}"` }[hold.scope];
  return {
    kind: 'rate_limited',
    outcome: 'not_accepted',
    billed: 'no',
    held: true,
    limit: hold.scope,
    retryAfterMs: hold.untilMs - nowMs,
    message: `Not sent, since the gateway limits ${limited} now`,
    ...(hold.reason !== undefined && { gatewayMessage: hold.reason }),
  };
}

/** With its own retries enabled, the gateway reports a vendor's 429 as "channels used up". */
const hiddenLimit = 'get_channel_failed';

/** Limits of the vendor or of its channels; other models use other channels. */
const modelCodes = new Set([
  hiddenLimit,
  'fail_to_fetch_task',
  'channel_concurrency_limit_exceeded',
  'acquire_channel_concurrency_failed',
  'video_queue_full',
  'ali_api_error',
]);

/** A vendor's own code, e.g. Jimeng 50429; HTTP statuses have three digits. */
const vendorNumber = /^[1-9]\d{3,}$/;

/**
 * Returns the scope of the limit if the failure names a limit that other submits share, else undefined. A limiter of
 * the gateway itself gives no code.
 */
export function limitOf({
  kind,
  gatewayCode = '',
}: Pick<SubmitFailure, 'kind' | 'gatewayCode'>): LimitScope | undefined {
  if (kind !== 'rate_limited' && gatewayCode !== hiddenLimit) return undefined;
  return modelCodes.has(gatewayCode) || vendorNumber.test(gatewayCode) ? 'model' : 'key';
}

/** Tells the other runs about a 429. */
export async function holdOthers(
  throttle: SubmitThrottle,
  { limit, retryAfterMs, gatewayMessage }: SubmitFailure,
  moment: { model: string; nowMs: number; sentAtMs: number },
): Promise<void> {
  if (limit === undefined) return;
  await throttle.hold({
    scope: limit,
    ...moment,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(gatewayMessage !== undefined && { reason: gatewayMessage }),
  });
}
