import { expect, test } from 'vitest';
import type { WebhookEvent } from '../../src/contract/webhook.ts';
import type { DeliveryPorts } from '../../src/serve/ports.ts';
import { createWebhookEvents } from '../../src/storage/records/webhook-events.ts';
import type { Delivery } from '../../src/webhooks/delivery.ts';
import { placeOf, studioHarness } from './studio-harness.ts';

const hostile = '"><script>alert(1)</script>';
const eventId = `evt_${'0'.repeat(40)}`;
const event: WebhookEvent = {
  id: eventId,
  object: 'event',
  type: 'video.failed',
  created_at: Math.floor(Date.now() / 1_000),
  data: { id: hostile, object: 'video', workflow_id: `video/${hostile}` },
};

/** The studio with an endpoint, one failed delivery to it, and its event. */
async function eventsHarness(change: Partial<DeliveryPorts> = {}) {
  const sent: unknown[] = [];
  let endpointId = '';
  const delivery = (): Delivery => ({
    id: `webhook/${eventId}/${endpointId}`,
    eventId,
    endpointId,
    type: 'video.failed',
    state: 'failed',
    attempts: 7,
    startedAt: '2026-11-30T10:00:00.000Z',
    lastFailure: `answered 500 ${hostile}`,
    failureKind: 'answered',
  });
  const started = (of: { eventId: string; endpointId?: string }) => {
    sent.push(of);
    return { id: 'webhook/x', eventId: of.eventId, endpointId };
  };
  const harness = await studioHarness({
    ports: () => ({
      deliveries: {
        list: () => Promise.resolve([delivery()]),
        replay: (of) => Promise.resolve([started(of), started(of)]),
        test: ({ id }) => Promise.resolve(started({ eventId: `test of ${id}` })),
        ...change,
      },
    }),
  });
  const { ports } = harness;
  const target = { url: `https://hooks.example.com/${hostile}` };
  endpointId = (await ports.endpoints.add({ tenant: null, target })).id;
  const records = createWebhookEvents({ storage: harness.storage });
  await records.record({ event, tenant: 'acme', targets: [{ endpointId }] });
  const page = async (query = '') => (await harness.get(`/studio/events${query}`)).text();
  return { ...harness, endpointId, sent, page };
}

test('the page shows endpoints with the state of their deliveries, deliveries and events', async () => {
  const { page, endpointId } = await eventsHarness();
  const text = await page();
  for (const words of [
    'events of all videos and batches',
    '1 failed',
    endpointId,
    'answered 500',
    'video.failed',
    'acme',
  ]) {
    expect(text).toContain(words);
  }
  expect(text).not.toContain('whsec_');
});

test('texts of strangers are escaped: address, failure, id of the video', async () => {
  const text = await (await eventsHarness()).page();
  expect(text).not.toContain('<script>alert');
  expect(text).not.toMatch(/\sstyle=|\son[a-z]+=/);
  expect(text.split('&lt;script&gt;alert(1)').length).toBeGreaterThan(3);
  expect(text).toContain(`/studio/videos/${encodeURIComponent(`video/${hostile}`)}`);
});

test('deliveries can be shown of one endpoint', async () => {
  const { page, endpointId } = await eventsHarness();
  expect(await page(`?endpoint=${endpointId}`)).toContain('answered 500');
  const other = await page(`?${String(new URLSearchParams({ endpoint: hostile }))}`);
  expect(other).not.toContain('answered 500');
  expect(other).not.toContain('<script>alert');
});

test('a replay is sent by a form only, to the endpoint of the delivery or to all of the event', async () => {
  const { get, post, sent, endpointId } = await eventsHarness();
  expect((await get('/studio/events/replay')).status).toBe(404);
  const response = await post('/studio/events/replay', { event: eventId, endpoint: endpointId });
  expect([response.status, placeOf(response)]).toEqual([303, '/studio/events?done=2']);
  await post('/studio/events/replay', { event: eventId });
  expect(sent).toEqual([
    { eventId, endpointId },
    { eventId, endpointId },
    { eventId },
    { eventId },
  ]);
});

test('a test event goes to an endpoint that exists', async () => {
  const { post, sent, endpointId } = await eventsHarness();
  expect((await post('/studio/events/test', { endpoint: endpointId })).status).toBe(303);
  expect((await post('/studio/events/test', { endpoint: 'we_other' })).status).toBe(404);
  expect(sent).toEqual([{ eventId: `test of ${endpointId}` }]);
});

test('a form of another site sends nothing', async () => {
  const { post, sent, endpointId } = await eventsHarness();
  const foreign = { origin: 'https://evil.example' };
  expect((await post('/studio/events/test', { endpoint: endpointId }, foreign)).status).toBe(403);
  expect((await post('/studio/events/replay', { event: eventId }, foreign)).status).toBe(403);
  expect(sent).toEqual([]);
});

test('what cannot be sent again says why', async () => {
  const replay = () => Promise.reject(new RangeError(`There is no event "${hostile}"`));
  const { post } = await eventsHarness({ replay });
  const response = await post('/studio/events/replay', { event: 'evt_1' });
  const text = await response.text();
  expect([response.status, text]).toEqual([400, expect.stringContaining('There is no event')]);
  expect(text).not.toContain('<script>alert');
});

test('a page without Temporal shows endpoints and events, and says what is missing', async () => {
  const list = () => Promise.reject(new Error('no server'));
  const text = await (await eventsHarness({ list })).page();
  expect(text).toContain('The deliveries cannot be read: no server');
  expect(text).toContain('video.failed');
});
