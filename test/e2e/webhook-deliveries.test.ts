import { ServiceError, type Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebhookEndpoint } from '../../src/contract/webhook.ts';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';
import { createWebhookEndpoints } from '../../src/storage/records/webhook-endpoints.ts';
import { createWebhookEvents } from '../../src/storage/records/webhook-events.ts';
import { listDeliveries, readDelivery } from '../../src/webhooks/delivery-log.ts';
import type { Delivery } from '../../src/webhooks/delivery.ts';
import { replayEvent, sendTestEvent } from '../../src/webhooks/replay-event.ts';
import { createHarness, until, type Harness } from './harness.ts';
import { startReceiver, type Receiver } from './webhook-receiver.ts';

/** One hour of waits between attempts takes 6 s. */
const speed = 600;

let harness: Harness;
/** Origins that the worker trusts; one receiver per test. */
let receivers: Receiver[];

beforeAll(async () => {
  harness = await createHarness();
  receivers = await Promise.all(Array.from({ length: 11 }, startReceiver));
  await harness.startWorker({
    WEBHOOKS_TRUSTED_ORIGINS: receivers.map(({ origin }) => origin).join(','),
    WEBHOOKS_SPEED: String(speed),
  });
}, 180_000);

afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  await Promise.all(receivers.map((receiver) => receiver[Symbol.asyncDispose]()));
});

function ports() {
  const storage = createFileStorage({ folder: harness.env.STORAGE_URL });
  const endpoints = createWebhookEndpoints({ storage });
  const events = createWebhookEvents({ storage });
  return { client: harness.temporal, endpoints, events };
}

async function receiver() {
  const taken = receivers.pop();
  if (!taken) throw new Error('Start one more receiver');
  return taken;
}

function endpointAt(origin: string): Promise<WebhookEndpoint> {
  return ports().endpoints.add({ tenant: null, target: { url: `${origin}/hooks?token=t0ken` } });
}

/** Sends a test event to a new endpoint at the receiver. */
async function sendTo(origin: string) {
  const endpoint = await endpointAt(origin);
  const sent = await sendTestEvent(ports(), endpoint);
  return { endpoint, secret: endpoint.secrets[0] ?? '', ...sent };
}

function untilDelivery(id: string, isReached: (delivery: Delivery) => boolean): Promise<Delivery> {
  return until(`delivery ${id}`, async () => {
    const delivery = await readDelivery(harness.temporal, id);
    return delivery && isReached(delivery) && delivery;
  });
}

const delivered = ({ state }: Delivery) => state === 'delivered';

describe('a delivery', () => {
  test('is repeated after 500 and after 429 with the same bytes, until 204; then it is delivered', async () => {
    const { origin, reply, received, verified } = await receiver();
    reply((response, count) => {
      if (count === 1) response.writeHead(500).end('it broke');
      else if (count === 2) response.writeHead(429, { 'retry-after': '60' }).end();
      else response.writeHead(204).end();
    });
    const { id, eventId, secret } = await sendTo(origin);
    const done = await untilDelivery(id, delivered);
    expect(done).toMatchObject({ type: 'webhook.test', attempts: 3, eventId });
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(verified(secret).map((event) => event.id))).toEqual(new Set([eventId]));
  });

  test('is visible in the listing of Temporal, with its last failure while it waits', async () => {
    const { origin, reply } = await receiver();
    reply((response) => response.writeHead(404, { 'retry-after': '86400' }).end('no such route'));
    const { id, eventId, endpointId } = await sendTo(origin);
    const waiting = await untilDelivery(id, ({ lastFailure }) => lastFailure !== undefined);
    expect(waiting).toMatchObject({ state: 'waiting', attempts: expect.any(Number) });
    expect(waiting.lastFailure).toContain('answered 404 "no such route": check its address');
    expect(waiting.nextAttemptAt).toBeDefined();
    const listed = await until('the listing', async () => {
      const all = await listDeliveries(harness.temporal, { endpointIds: [endpointId] });
      return all.length > 0 && all;
    });
    expect(listed).toEqual([expect.objectContaining({ id, eventId, endpointId })]);
    const query = `ActivityType = "deliverWebhook" AND ActivityId = "${id}"`;
    expect((await harness.temporal.activity.count(query)).count).toBe(1);
  });

  test('to a redirect and to a private address that is not trusted is not sent there, and says so', async () => {
    const { origin, reply, received } = await receiver();
    await using elsewhere = await startReceiver();
    reply((response) => response.writeHead(308, { location: `${elsewhere.origin}/x` }).end());
    const redirected = await sendTo(origin);
    const refused = await sendTo(elsewhere.origin);
    const failing = ({ lastFailure }: Delivery) => lastFailure !== undefined;
    const { lastFailure: first } = await untilDelivery(redirected.id, failing);
    const { lastFailure: second } = await untilDelivery(refused.id, failing);
    expect(first).toContain(`a redirect to "${new URL(elsewhere.origin).host}"`);
    expect(second).toContain('was not called: it must begin with https://');
    expect(received.length).toBeGreaterThan(0);
    expect(elsewhere.received).toEqual([]);
    await Promise.all(
      [redirected, refused].map(({ id }) =>
        ports().client.activity.getHandle(id).terminate('done'),
      ),
    );
  });

  test('to a receiver that answers after more than 10 s is repeated', async () => {
    const { origin, reply, received } = await receiver();
    reply((response, count) => {
      if (count > 1) response.writeHead(200).end();
    });
    const { id } = await sendTo(origin);
    const failed = await untilDelivery(id, ({ lastFailure }) => lastFailure !== undefined);
    expect(failed.lastFailure).toContain('No complete response within 10000 ms');
    await untilDelivery(id, delivered);
    expect(received.length).toBeGreaterThanOrEqual(2);
  });

  test('to a receiver that is down for an hour arrives when it is back', async () => {
    const down = await receiver();
    await down.close();
    const begunAt = Date.now();
    const { id, secret, eventId } = await sendTo(down.origin);
    // One hour, at the speed of the worker.
    await until('an hour of attempts', () => Date.now() - begunAt > 3_600_000 / speed);
    const before = await untilDelivery(id, ({ lastFailure }) => lastFailure !== undefined);
    expect(before.state).not.toBe('delivered');
    await down.open();
    const done = await untilDelivery(id, delivered);
    expect(done.attempts).toBeGreaterThan(4);
    expect(done.attempts).toBeLessThan(60);
    expect(down.verified(secret).map((event) => event.id)).toEqual([eventId]);
  });

  test('by hand repeats an event with the same id and bytes, as a new delivery', async () => {
    const { origin, received, verified } = await receiver();
    const { id, eventId, secret } = await sendTo(origin);
    await untilDelivery(id, delivered);
    for (const number of [1, 2]) {
      const [replayed] = await replayEvent(ports(), { eventId });
      expect(replayed?.id).toBe(`${id}/replay-${number}`);
      await untilDelivery(replayed?.id ?? '', delivered);
    }
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(verified(secret).map((event) => event.id)).toEqual([eventId, eventId, eventId]);
  });

  test('ends when its endpoint is removed', async () => {
    const { origin, reply } = await receiver();
    reply((response) => response.writeHead(503).end());
    const { id, endpointId } = await sendTo(origin);
    await untilDelivery(id, ({ lastFailure }) => lastFailure !== undefined);
    await ports().endpoints.remove(endpointId);
    const ended = await untilDelivery(id, ({ state }) => state === 'failed');
    expect(ended.lastFailure).toContain('the endpoint was removed');
  });

  test('to an endpoint that never answers delays none to another one', async () => {
    const hanging = await receiver();
    hanging.reply(() => {});
    const endpoint = await endpointAt(hanging.origin);
    const lost = await Promise.all(
      Array.from({ length: 60 }, () => sendTestEvent(ports(), endpoint)),
    );
    await until('attempts to it', () => hanging.received.length > 0);
    const live = await receiver();
    const { id } = await sendTo(live.origin);
    const { attempts } = await untilDelivery(id, delivered);
    const states = await Promise.all(lost.map((sent) => readDelivery(harness.temporal, sent.id)));
    expect(attempts).toBe(1);
    expect(states.filter((delivery) => delivery?.endedAt !== undefined)).toEqual([]);
    expect(hanging.received.length).toBeLessThanOrEqual(4);
  });
});

test('on a server without standalone activities a workflow delivers, is listed, and is replayed', async () => {
  const { origin, reply, received } = await receiver();
  reply((response, count) => response.writeHead(count === 1 ? 500 : 204).end('it broke'));
  const start = () => Promise.reject(new ServiceError('Failed', { cause: unimplemented }));
  const client = Object.create(harness.temporal, { activity: { value: { start } } }) as Client;
  const endpoint = await endpointAt(origin);
  const { id, eventId } = await sendTestEvent({ ...ports(), client }, endpoint);
  expect(await untilDelivery(id, delivered)).toMatchObject({ attempts: 2, eventId });
  const [replayed] = await replayEvent({ ...ports(), client }, { eventId });
  expect(replayed?.id).toBe(`${id}/replay-1`);
  await untilDelivery(replayed?.id ?? '', delivered);
  expect((await harness.temporal.workflow.getHandle(id).describe()).type).toBe(
    'deliverWebhookWorkflow',
  );
  const endpointIds = [endpoint.id];
  const listed = await until('the listing', async () => {
    const all = await listDeliveries(harness.temporal, { endpointIds });
    return all.length === 2 && all.map((delivery) => delivery.id);
  });
  expect(listed).toEqual([`${id}/replay-1`, id]);
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
});

const unimplemented = Object.assign(new Error('Standalone activity is disabled'), {
  code: 12,
  details: 'Standalone activity is disabled',
  metadata: {},
});
