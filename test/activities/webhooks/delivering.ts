import { createDeliverWebhook } from '../../../src/activities/webhooks/deliver-webhook.ts';
import { createEndpointGate } from '../../../src/activities/webhooks/endpoint-gate.ts';
import type { DeliverWebhookInput, WebhookEndpoint } from '../../../src/contract/webhook.ts';
import { createPostWebhook, type PostWebhookOptions } from '../../../src/webhooks/post-webhook.ts';
import { activityHarness } from '../../fakes/activity-harness.ts';
import { startWireServer, type Reply } from '../../fakes/wire-server.ts';

export const secrets = ['new', 'old'].map(
  (name) => `whsec_${Buffer.from(`a ${name} secret of 32 bytes or so`).toString('base64')}`,
);
export const input: DeliverWebhookInput = {
  event: {
    id: 'evt_1',
    object: 'event',
    type: 'video.completed',
    created_at: 1_790_000_000,
    data: { id: 'a', object: 'video' },
  },
  endpointId: 'we_1',
};

export function endpointAt(url: string): WebhookEndpoint {
  return { id: 'we_1', tenant: null, target: { url }, createdAt: 0, secrets };
}

export function deliverTo(
  endpoint: WebhookEndpoint | null,
  post: Partial<PostWebhookOptions> & { trusted?: string } = {},
) {
  const { trusted, ...options } = post;
  return createDeliverWebhook({
    endpoints: { get: async () => endpoint },
    post: createPostWebhook({
      gatewayHost: 'gateway.example',
      trustedOrigins: trusted === undefined ? [] : [trusted],
      ...options,
    }),
    gate: createEndpointGate({ slots: 50 }),
    random: () => 0.5,
  });
}

/** One attempt to a receiver that gives this reply. */
export async function attemptAt(
  reply: Reply,
  options: { timeoutMs?: number; scheduledMs?: number } = {},
) {
  const server = await startWireServer(reply);
  const { scheduledMs = Date.now(), ...post } = options;
  const deliver = deliverTo(endpointAt(`${server.origin}/hooks?token=s3cr3t`), {
    trusted: server.origin,
    ...post,
  });
  const harness = activityHarness({ attempt: 1, scheduledTimestampMs: scheduledMs });
  return { server, run: () => harness.run(deliver, input) };
}
