import { Context } from '@temporalio/activity';
import type {
  AnnounceEventInput,
  DeliverWebhookInput,
  WebhookActivities,
  WebhookEndpoint,
} from '../../contract/webhook.ts';
import type { WebhookEvents, WebhookTarget } from '../../storage/records/webhook-events.ts';
import { tenantOf } from '../../identity/tenant-video.ts';
import type { CachedEndpoints } from '../../webhooks/cached-endpoints.ts';
import { deliveryId, startDelivery } from '../../webhooks/start-delivery.ts';
import { eventFor, webhookEvent } from '../../webhooks/webhook-event.ts';
import { webhookTargets } from '../../webhooks/webhook-targets.ts';

/**
 * For the start of one delivery. The run is still open meanwhile, and no query is answered, so a receiver of another
 * delivery of the event could read a status that is not the last one.
 */
const startTimeoutMs = 1_000;

export interface AnnounceEventOptions {
  endpoints: CachedEndpoints;
  events: Pick<WebhookEvents, 'record'>;
  /** Origins where http, IP addresses and private addresses are allowed. */
  trustedOrigins: readonly string[];
}

/**
 * Records an event that an endpoint wants, then starts its deliveries. May be retried at any point: the record is created
 * once, and a delivery is started once per event and endpoint. An announcement that is repeated with more addresses sends
 * the recorded event to them, too.
 */
export function createAnnounceEvent(
  options: AnnounceEventOptions,
): WebhookActivities['announceEvent'] {
  return async (input) => {
    const targets = await targetsOf(options, input);
    if (targets.length === 0) return;
    const event = webhookEvent(input);
    const given = { event, tenant: tenantOf(input.workflowId), targets };
    const record = await options.events.record(given, input.sinceMs);
    const all = [...record.targets, ...targets].map((target) => ({
      event: record.event,
      ...target,
    }));
    const deliveries = new Map(all.map((delivery) => [deliveryId(delivery), delivery]));
    await Promise.all([...deliveries.values()].map((delivery) => start(options, delivery)));
  };
}

/** A callback that no known endpoint allows may be allowed by one that was added a moment ago. */
async function targetsOf(
  { endpoints, trustedOrigins }: AnnounceEventOptions,
  input: AnnounceEventInput,
): Promise<WebhookTarget[]> {
  const targets = (list: WebhookEndpoint[]) => webhookTargets(list, input, { trustedOrigins });
  const known = targets(await endpoints.list());
  const called = known.filter(({ url }) => url !== undefined).length;
  if (called >= (input.callbackUrls?.length ?? 0)) return known;
  return targets(await endpoints.list({ isFresh: true }));
}

async function start(
  { endpoints }: AnnounceEventOptions,
  { event, endpointId, ...target }: DeliverWebhookInput,
): Promise<void> {
  const endpoint = await endpoints.get(endpointId);
  if (!endpoint) return;
  const { client } = Context.current();
  const delivery = { event: eventFor(event, endpoint), endpointId, ...target };
  await client.withDeadline(Date.now() + startTimeoutMs, () => startDelivery(client, delivery));
}
