import type { Client } from '@temporalio/client';
import { createVideoClient } from '../client.ts';
import { createStatusReader } from '../client/status-reader.ts';
import { createWatches } from '../client/watch-videos.ts';
import { createCheckCallback } from '../storage/records/check-callback.ts';
import { createWebhookEndpoints } from '../storage/records/webhook-endpoints.ts';
import { createWebhookEvents } from '../storage/records/webhook-events.ts';
import { listDeliveries } from '../webhooks/delivery-log.ts';
import { replayEvent, sendTestEvent } from '../webhooks/replay-event.ts';
import type { ServePorts } from './ports.ts';
import { createRetentionReader } from './videos/expiry.ts';

/** A server that answers does so within a second. Without a deadline, the SDK tries again for 20 s. */
const answerTimeoutMs = 8_000;

/** The ports of the HTTP API on Temporal's client. */
export async function openPorts(
  options: Omit<
    ServePorts,
    'videos' | 'read' | 'join' | 'retention' | 'endpoints' | 'deliveries'
  > & {
    temporal: Client;
  },
): Promise<ServePorts> {
  const { temporal: client, storage, host, trustedOrigins } = options;
  const read = createStatusReader(client);
  const endpoints = createWebhookEndpoints({
    storage,
    now: options.now,
    onUnreadable: (error) => options.onError(error, 'none'),
  });
  const checkCallback = createCheckCallback({ endpoints, trustedOrigins });
  const files = { storage, inputs: storage };
  const videos = await createVideoClient({ client, ...files, host, checkCallback });
  const events = createWebhookEvents({ storage, now: options.now });
  const inTime = <T>(call: () => Promise<T>) =>
    client.withDeadline(Date.now() + answerTimeoutMs, call);
  return {
    ...options,
    endpoints,
    deliveries: {
      list: (filter) => inTime(() => listDeliveries(client, filter)),
      replay: (of) => inTime(() => replayEvent({ client, events, endpoints }, of)),
      test: (endpoint) => inTime(() => sendTestEvent({ client, events }, endpoint)),
    },
    videos: {
      ...videos,
      start: (request, startOptions) => inTime(() => videos.start(request, startOptions)),
    },
    retention: createRetentionReader(() => inTime(videos.retention.rule), options.now),
    read: (videoId, readOptions) => inTime(() => read(videoId, readOptions)),
    join: createWatches({ client, read }),
  };
}
