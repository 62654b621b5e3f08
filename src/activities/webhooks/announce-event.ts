import { Context } from '@temporalio/activity';
import type {
  AnnounceEventInput,
  WebhookActivities,
  WebhookEndpoint,
} from '../../contract/webhook.ts';
import type { WebhookEventRecord, WebhookEvents } from '../../storage/records/webhook-events.ts';
import { tenantOf } from '../../identity/tenant-video.ts';
import type { EndpointReader } from '../../webhooks/cached-endpoints.ts';
import { startDelivery } from '../../webhooks/start-delivery.ts';
import { eventFor, webhookEvent } from '../../webhooks/webhook-event.ts';
import { webhookTargets } from '../../webhooks/webhook-targets.ts';

export interface AnnounceEventOptions {
  endpoints: Pick<EndpointReader, 'list'>;
  events: Pick<WebhookEvents, 'record' | 'read'>;
  /** Origins where http, IP addresses and private addresses are allowed. */
  trustedOrigins: readonly string[];
}

/**
 * Records an event that an endpoint wants, then starts its deliveries. May be retried at any point: the record is created
 * once, and a delivery is started once per event and endpoint.
 */
export function createAnnounceEvent(
  options: AnnounceEventOptions,
): WebhookActivities['announceEvent'] {
  return async (input) => {
    const endpoints = await options.endpoints.list();
    const targets = webhookTargets(endpoints, input, options);
    if (targets.length === 0) return;
    const { workflowId } = input;
    const given = { event: webhookEvent(input), tenant: tenantOf(workflowId), targets };
    const record = (await recordedBefore(options, input)) ?? (await options.events.record(given));
    await startDeliveries(record, endpoints);
  };
}

/** A run that was reset, or continued as new, may announce an event of an earlier day again. */
async function recordedBefore(
  { events }: AnnounceEventOptions,
  input: AnnounceEventInput,
): Promise<WebhookEventRecord | null> {
  const { runId } = Context.current().info.workflowExecution ?? {};
  return runId === input.firstRunId ? null : events.read(webhookEvent(input).id);
}

async function startDeliveries(
  { event, targets }: WebhookEventRecord,
  endpoints: readonly WebhookEndpoint[],
): Promise<void> {
  const { client } = Context.current();
  await Promise.all(
    targets.map(async (target) => {
      const endpoint = endpoints.find(({ id }) => id === target.endpointId);
      if (endpoint) await startDelivery(client, { event: eventFor(event, endpoint), ...target });
    }),
  );
}
