import type { Delivery } from '../../webhooks/delivery.ts';
import type { ReplayedDelivery } from '../../webhooks/replay-event.ts';

const unixSeconds = (at: string) => Math.floor(Date.parse(at) / 1_000);

/** A delivery as the HTTP API shows it. */
export function deliveryObject(delivery: Delivery) {
  const { type, state, attempts, startedAt, endedAt, nextAttemptAt, lastFailure } = delivery;
  return {
    ...startedDelivery(delivery),
    event_type: type,
    state,
    attempts,
    started_at: unixSeconds(startedAt),
    ended_at: endedAt === undefined ? null : unixSeconds(endedAt),
    next_attempt_at: nextAttemptAt === undefined ? null : unixSeconds(nextAttemptAt),
    last_failure: lastFailure ?? null,
  };
}

/** A delivery that was just started by hand. */
export function startedDelivery({ id, eventId, endpointId }: ReplayedDelivery) {
  return {
    id,
    object: 'webhook_delivery' as const,
    event_id: eventId,
    endpoint_id: endpointId,
  };
}
