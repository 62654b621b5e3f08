import { Runtime } from '@temporalio/worker';
import { createAnnounceEvent } from '../activities/webhooks/announce-event.ts';
import { createDeliverWebhook } from '../activities/webhooks/deliver-webhook.ts';
import { createEndpointGate } from '../activities/webhooks/endpoint-gate.ts';
import { noteEndpoints } from '../activities/webhooks/note-endpoints.ts';
import type { gatewayConfig } from '../config/gateway-config.ts';
import type { webhooksConfig } from '../config/webhooks-config.ts';
import type { VideoActivities } from '../contract/activities.ts';
import type { WebhookActivities } from '../contract/webhook.ts';
import {
  createWebhookEndpoints,
  type WebhookEndpoints,
} from '../storage/records/webhook-endpoints.ts';
import { createWebhookEvents } from '../storage/records/webhook-events.ts';
import type { VideoStorage } from '../storage/video-storage.ts';
import { createCachedEndpoints } from '../webhooks/cached-endpoints.ts';
import { createPostWebhook } from '../webhooks/post-webhook.ts';

export interface WebhookSettings {
  gateway: Pick<ReturnType<typeof gatewayConfig>, 'baseUrl' | 'fakeIps' | 'proxies'>;
  webhooks: ReturnType<typeof webhooksConfig>;
  operate: { slots: { webhooks: number } };
}

type Ends = Pick<VideoActivities, 'submitVideo' | 'storeVideo'>;

/** The endpoints in the storage. Those that a list leaves out are logged once. */
export function openEndpoints(storage: VideoStorage): WebhookEndpoints {
  const onUnreadable = ({ message }: Error) => Runtime.instance().logger.error(message);
  return createWebhookEndpoints({ storage, onUnreadable });
}

/** Creates the activities of webhooks, and lets those that may end a video report that there are endpoints. */
export function withWebhooks(
  { gateway, webhooks, operate }: WebhookSettings,
  storage: VideoStorage,
  { submitVideo, storeVideo }: Ends,
): WebhookActivities & Ends {
  const { trustedOrigins, speed } = webhooks;
  const endpoints = createCachedEndpoints({ endpoints: openEndpoints(storage) });
  const events = createWebhookEvents({ storage });
  const { baseUrl, fakeIps, proxies } = gateway;
  const post = createPostWebhook({
    trustedOrigins,
    gatewayHost: new URL(baseUrl).hostname,
    ...(fakeIps && { fakeIps }),
    ...(proxies && { proxies }),
  });
  const gate = createEndpointGate({ slots: operate.slots.webhooks });
  return {
    submitVideo: noteEndpoints(submitVideo, {
      endpoints,
      isEnd: ({ stored }) => stored !== undefined,
    }),
    storeVideo: noteEndpoints(storeVideo, { endpoints }),
    announceEvent: createAnnounceEvent({ endpoints, events, trustedOrigins }),
    deliverWebhook: createDeliverWebhook({ endpoints, post, gate, speed }),
  };
}
