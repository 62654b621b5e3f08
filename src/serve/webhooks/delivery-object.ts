import type { Delivery } from '../../webhooks/delivery.ts';
import type { ReplayedDelivery } from '../../webhooks/replay-event.ts';

const unixSeconds = (at: string) => Math.floor(Date.parse(at) / 1_000);

/** A delivery as the HTTP API shows it. */
export function deliveryObject(delivery: Delivery) {
  const { type, state, attempts, startedAt, endedAt, nextAttemptAt } = delivery;
  return {
    ...startedDelivery(delivery),
    event_type: type,
    state,
    attempts,
    started_at: unixSeconds(startedAt),
    ended_at: endedAt === undefined ? null : unixSeconds(endedAt),
    next_attempt_at: nextAttemptAt === undefined ? null : unixSeconds(nextAttemptAt),
    last_failure: publicFailure(delivery),
  };
}

/** Other messages may name private addresses, proxies and the storage, which are the operator's. */
function publicFailure({ endpointId, lastFailure, failureKind }: Delivery): string | null {
  if (lastFailure === undefined) return null;
  switch (failureKind) {
    case 'answered':
    case 'busy':
    case 'ended':
      return lastFailure;
    case 'unanswered':
      return `Webhook endpoint "${endpointId}" gave no answer: check that it can be reached from the internet`;
    case 'refused':
      return `Webhook endpoint "${endpointId}" was not called: its host name must have a public address`;
    default:
      return 'An attempt failed in the service, not at the endpoint';
  }
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
