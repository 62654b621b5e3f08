import { describe, expect, test } from 'vitest';
import type { WebhookEvent } from '../../src/contract/webhook.ts';
import {
  startedDeliveryListSchema,
  startedDeliverySchema,
  webhookDeliveryListSchema,
} from '../../src/serve/api/webhook-schemas.ts';
import { createApp } from '../../src/serve/app.ts';
import type { DeliveryPorts } from '../../src/serve/ports.ts';
import { createWebhookEvents } from '../../src/storage/records/webhook-events.ts';
import type { Delivery } from '../../src/webhooks/delivery.ts';
import { serveHarness } from './serve-harness.ts';

const eventId = `evt_${'1'.repeat(40)}`;
const target = { url: 'https://hooks.example.com/' };

async function withEndpoint(deliveries?: Partial<DeliveryPorts>) {
  const serve = await serveHarness();
  const { ports, log } = serve;
  await serve.app.request('/v1/webhooks', { headers: { host: 'localhost' } });
  const tenant = log.at(-1)?.tenant ?? '';
  const endpoint = await ports.endpoints.add({ tenant, target });
  const app = createApp({ ...ports, deliveries: { ...ports.deliveries, ...deliveries } });
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await app.request(`/v1/webhooks/${endpoint.id}${path}`, {
      method,
      headers: { host: 'localhost', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as unknown };
  };
  const record = (of: { tenant: string | null; event?: Partial<WebhookEvent> }) =>
    createWebhookEvents({ storage: ports.storage }).record({
      event: {
        id: eventId,
        object: 'event',
        type: 'video.completed',
        created_at: Math.floor(Date.now() / 1_000),
        data: { id: 'video_1', object: 'video', workflow_id: 'video/@acme/video_1' },
      },
      tenant: of.tenant,
      targets: [{ endpointId: endpoint.id }],
    });
  return { ...serve, tenant, endpoint, call, record };
}

describe('GET /v1/webhooks/:endpoint/deliveries', () => {
  const failed: Delivery = {
    id: `webhook/${eventId}/we_1`,
    eventId,
    endpointId: 'we_1',
    type: 'video.completed',
    state: 'waiting',
    attempts: 3,
    startedAt: '2026-11-30T02:00:00.000Z',
    nextAttemptAt: '2026-11-30T02:01:00.000Z',
    lastFailure: '500 from hooks.example.com',
    failureKind: 'answered',
  };

  test('lists deliveries with attempts, last failure and next attempt', async () => {
    const asked: unknown[] = [];
    const list = async (filter: unknown) => {
      asked.push(filter);
      return [failed];
    };
    const { call, endpoint } = await withEndpoint({ list });
    const { json } = await call('GET', '/deliveries?limit=5');
    expect(asked).toEqual([{ limit: 5, endpointIds: [endpoint.id] }]);
    const at = Date.parse(failed.startedAt) / 1_000;
    expect(webhookDeliveryListSchema.parse(json).data).toEqual([
      {
        id: failed.id,
        object: 'webhook_delivery',
        event_id: eventId,
        endpoint_id: 'we_1',
        event_type: 'video.completed',
        state: 'waiting',
        attempts: 3,
        started_at: at,
        ended_at: null,
        next_attempt_at: at + 60,
        last_failure: '500 from hooks.example.com',
      },
    ]);
  });

  test.each(['unanswered', 'refused', 'internal'] as const)(
    'says of a failure "%s" neither addresses nor proxies nor settings of the operator',
    async (failureKind) => {
      const lastFailure =
        'Cannot connect to 10.0.0.1:3128 (proxy), see WEBHOOKS_TRUSTED_ORIGINS and /srv/videos';
      const { call } = await withEndpoint({
        list: async () => [{ ...failed, lastFailure, failureKind }],
      });
      const { json } = await call('GET', '/deliveries');
      const [{ last_failure: shown } = { last_failure: null }] =
        webhookDeliveryListSchema.parse(json).data;
      expect(shown).toMatch(/endpoint/);
      expect(shown).not.toMatch(/10\.0|3128|WEBHOOKS|srv/);
    },
  );

  test.each(['0', '101', 'x'])('refuses limit=%s', async (limit) => {
    const { call } = await withEndpoint();
    expect((await call('GET', `/deliveries?limit=${limit}`)).status).toBe(400);
  });
});

describe('POST /v1/webhooks/:endpoint/test', () => {
  test('starts the delivery of an event webhook.test', async () => {
    const { call, temporal, endpoint } = await withEndpoint();
    const started = startedDeliverySchema.parse((await call('POST', '/test')).json);
    expect(temporal.activities.get(started.id)).toMatchObject({
      event: { id: started.event_id, type: 'webhook.test', data: { id: endpoint.id } },
      endpointId: endpoint.id,
    });
  });

  test('is refused for a host of callbacks, which has no address', async () => {
    const { app, ports, tenant } = await withEndpoint();
    const { id } = await ports.endpoints.add({ tenant, target: { callbackHost: 'a.example' } });
    const init = { method: 'POST', headers: { host: 'localhost' } };
    expect((await app.request(`/v1/webhooks/${id}/test`, init)).status).toBe(400);
  });
});

describe('POST /v1/webhooks/:endpoint/replay', () => {
  test('starts one more delivery of the same event, without workflow ids', async () => {
    const { call, temporal, record, tenant } = await withEndpoint();
    const { event } = await record({ tenant });
    const { json } = await call('POST', '/replay', { event_id: eventId });
    const [started] = startedDeliveryListSchema.parse(json).data;
    expect(started?.id).toMatch(/\/replay-1$/);
    expect(temporal.activities.get(started?.id ?? '')).toMatchObject({
      event: { ...event, data: { id: 'video_1', object: 'video' } },
    });
    expect(JSON.stringify([...temporal.activities.values()])).not.toContain('workflow_id');
  });

  test.each([null, 'other'])('does not find an event of %j', async (owner) => {
    const { call, temporal, record } = await withEndpoint();
    await record({ tenant: owner });
    expect(await call('POST', '/replay', { event_id: eventId })).toMatchObject({
      status: 400,
      json: { error: { param: 'event_id', code: 'invalid_request' } },
    });
    expect(temporal.activities.size).toBe(0);
  });

  test.each(['evt_1', '../../claims/a', ''])('refuses the id "%s"', async (event_id) => {
    const { call } = await withEndpoint();
    expect((await call('POST', '/replay', { event_id })).status).toBe(400);
  });
});
