import type { WebhookEndpoint } from '../../contract/webhook.ts';
import {
  createWebhookEvents,
  type WebhookEventRecord,
} from '../../storage/records/webhook-events.ts';
import type { Delivery } from '../../webhooks/delivery.ts';
import { createSharedRead } from '../page/shared-read.ts';
import type { StudioPorts } from '../ports.ts';

/** Webhooks as the page shows them. */
export interface EventsView {
  endpoints: WebhookEndpoint[];
  /** Newest first. */
  deliveries: Delivery[];
  /** Why the deliveries are missing; null if they are there. */
  problem: string | null;
  /** Newest first. */
  events: WebhookEventRecord[];
}

const most = { deliveries: 100, events: 50 };
/** A listing reads up to some thousand entries of Temporal's index. */
const keptMs = 5_000;

type Ports = Pick<StudioPorts, 'storage' | 'endpoints' | 'deliveries' | 'now'>;

/** Reads webhooks, once in some seconds for all viewers. */
export function createEventsReader(ports: Ports): (key: 'all') => Promise<EventsView> {
  const records = createWebhookEvents({ storage: ports.storage, now: ports.now });
  const read = async (): Promise<EventsView> => {
    const [endpoints, events, listed] = await Promise.all([
      ports.endpoints.list(),
      records.list({ limit: most.events }),
      ports.deliveries.list({ limit: most.deliveries }).then(
        (deliveries) => ({ deliveries, problem: null }),
        (error: unknown) => ({
          deliveries: [],
          problem: error instanceof Error ? error.message : String(error),
        }),
      ),
    ]);
    return { endpoints, events, ...listed };
  };
  return createSharedRead({ keptMs, now: ports.now, read });
}
