import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { DeliverWebhookInput, WebhookEndpoint } from '../contract/webhook.ts';
import type {
  WebhookEventRecord,
  WebhookEvents,
  WebhookTarget,
} from '../storage/records/webhook-events.ts';
import type { EndpointReader } from './cached-endpoints.ts';
import { deliveryId, startDelivery } from './start-delivery.ts';
import { eventFor } from './webhook-event.ts';

/** Deliveries by hand of one event to one endpoint. */
const maxReplays = 100;

export interface ReplayPorts {
  client: Client;
  events: Pick<WebhookEvents, 'read' | 'record'>;
  endpoints: Pick<EndpointReader, 'get'>;
}

/** A delivery that was started by hand. Its course: `readDelivery`. */
export interface ReplayedDelivery {
  /** Id of the delivery. */
  id: string;
  eventId: string;
  endpointId: string;
}

/**
 * Delivers an event again: the same id and bytes, with a new signature.
 *
 * @param of.endpointId Only to this endpoint, also if it did not exist at the time of the event.
 * @param of.tenant Finds only events of this tenant. Default: all.
 * @throws {RangeError} There is no such event or endpoint, or the event is not for that endpoint.
 */
export async function replayEvent(
  ports: ReplayPorts,
  of: { eventId: string; endpointId?: string; tenant?: string },
): Promise<ReplayedDelivery[]> {
  const { eventId, endpointId, tenant } = of;
  const record = await ports.events.read(eventId);
  if (!record || (tenant !== undefined && record.tenant !== tenant)) {
    throw new RangeError(`There is no event "${eventId}": events are kept for 30 days`);
  }
  const inputs = await inputsOf(ports, record, endpointId);
  const own = inputs.filter(({ owner }) => tenant === undefined || owner === tenant);
  if (own.length === 0) {
    const reason =
      endpointId === undefined
        ? 'no endpoint that it was for exists any more'
        : `the endpoint "${endpointId}" may not receive it`;
    throw new RangeError(`Cannot replay "${eventId}": ${reason}`);
  }
  return Promise.all(own.map(({ input }) => replay(ports.client, input)));
}

/**
 * Sends an event `webhook.test` to an endpoint.
 *
 * @throws {RangeError} The endpoint has no address of its own.
 */
export async function sendTestEvent(
  { client, events }: Omit<ReplayPorts, 'endpoints'>,
  endpoint: WebhookEndpoint,
): Promise<ReplayedDelivery> {
  const { id: endpointId, tenant } = endpoint;
  if (!('url' in endpoint.target)) {
    throw new RangeError(`Cannot test "${endpointId}": it has no address of its own`);
  }
  const { event } = await events.record({
    event: {
      id: `evt_${randomBytes(20).toString('hex')}`,
      object: 'event',
      type: 'webhook.test',
      created_at: Math.floor(Date.now() / 1_000),
      data: { id: endpointId, object: 'webhook_endpoint' },
    },
    tenant,
    targets: [{ endpointId }],
  });
  const { id } = await startDelivery(client, { event, endpointId });
  return { id, eventId: event.id, endpointId };
}

async function inputsOf(
  { endpoints }: ReplayPorts,
  { event, tenant, targets }: WebhookEventRecord,
  only: string | undefined,
): Promise<{ owner: string | null; input: DeliverWebhookInput }[]> {
  const recorded = targets.filter(({ endpointId }) => only === undefined || endpointId === only);
  const wanted: WebhookTarget[] =
    recorded.length === 0 && only !== undefined ? [{ endpointId: only }] : recorded;
  const found = await Promise.all(
    wanted.map(async (target) => {
      const endpoint = await endpoints.get(target.endpointId);
      if (!endpoint || !mayReceive(endpoint, target, tenant)) return [];
      const input = { event: eventFor(event, endpoint), ...target };
      return [{ owner: endpoint.tenant, input }];
    }),
  );
  return found.flat();
}

function mayReceive(
  { tenant, target }: WebhookEndpoint,
  { url }: WebhookTarget,
  owner: string | null,
): boolean {
  return (tenant === null || tenant === owner) && ('url' in target || url !== undefined);
}

async function replay(client: Client, input: DeliverWebhookInput): Promise<ReplayedDelivery> {
  const { event, endpointId } = input;
  for (let number = 1; number <= maxReplays; number += 1) {
    const id = `${deliveryId(input)}/replay-${number}`;
    if ((await startDelivery(client, input, { id })).isNew) {
      return { id, eventId: event.id, endpointId };
    }
  }
  throw new RangeError(`"${event.id}" was replayed ${maxReplays} times to "${endpointId}"`);
}
