import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAnnounceEvent } from '../../src/activities/webhooks/announce-event.ts';
import type { AnnounceEventInput, WebhookEventType } from '../../src/contract/webhook.ts';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';
import { createWebhookEndpoints } from '../../src/storage/records/webhook-endpoints.ts';
import { createWebhookEvents } from '../../src/storage/records/webhook-events.ts';
import { createCachedEndpoints } from '../../src/webhooks/cached-endpoints.ts';
import { listDeliveries } from '../../src/webhooks/delivery-log.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { createHarness, until, untilPhase, type Harness } from './harness.ts';
import { fetchEvents, recordHistory } from './history.ts';
import { resetToBeforeCancellation } from './operator-actions.ts';
import { playing } from './requests.ts';
import { startReceiver, type Receiver } from './webhook-receiver.ts';

let harness: Harness;
let receiver: Receiver;
let callbacks: Receiver;
let secret: string;

beforeAll(async () => {
  harness = await createHarness();
  [receiver, callbacks] = await Promise.all([startReceiver(), startReceiver()]);
  const { endpoints } = ports();
  const endpoint = await endpoints.add({ tenant: null, target: { url: receiver.origin } });
  await endpoints.add({ tenant: null, target: { callbackHost: new URL(callbacks.origin).host } });
  [secret = ''] = endpoint.secrets;
  await harness.startWorker({
    WEBHOOKS_TRUSTED_ORIGINS: `${receiver.origin},${callbacks.origin}`,
    WEBHOOKS_SPEED: '600',
  });
}, 180_000);

afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  await Promise.all([receiver, callbacks].map((one) => one[Symbol.asyncDispose]()));
});

function ports() {
  const storage = createFileStorage({ folder: harness.env.STORAGE_URL });
  return {
    endpoints: createWebhookEndpoints({ storage }),
    events: createWebhookEvents({ storage }),
  };
}

/** Types of the events of a video that have arrived, in order. */
function typesOf(workflowId: string): string[] {
  const own = receiver.verified(secret).filter(({ data }) => data.workflow_id === workflowId);
  return own.map(({ type }) => type);
}

function untilTypes(workflowId: string, types: WebhookEventType[]): Promise<boolean> {
  return until(`${types.join(', ')} of ${workflowId}`, () => {
    const arrived = typesOf(workflowId);
    return types.every((type) => arrived.includes(type));
  });
}

describe('an endpoint gets', () => {
  test('video.completed once, verified, with the id of the recorded event; and the callback_url as well', async () => {
    const request = playing('dl-ok');
    const url = `${callbacks.origin}/cb?video=1`;
    const body = { ...request.body, callback_url: url };
    const { videoId } = await harness.client.start({ ...request, body });
    await harness.client.wait(videoId);
    await untilTypes(videoId, ['video.completed']);
    await until('the callback', () => callbacks.received.length > 0);
    const [event] = receiver.verified(secret).filter(({ data }) => data.workflow_id === videoId);
    expect(await ports().events.read(event?.id ?? '')).toMatchObject({ event });
    expect(callbacks.received.map((post) => JSON.parse(post.body) as unknown)).toEqual([event]);
    expect(harness.gateway.ledger.posts.map((post) => post.body)).toEqual([request.body]);
    expect(typesOf(videoId)).toEqual(['video.completed']);
    const listed = await until('both deliveries', async () => {
      const all = await listDeliveries(harness.temporal, { eventId: event?.id ?? '' });
      return all.length === 2 && all.every(({ state }) => state === 'delivered') && all;
    });
    expect(new Set(listed.map(({ type }) => type))).toEqual(new Set(['video.completed']));
    await recordHistory(harness, videoId, 'announced-completed');
  });

  test('video.failed for a job that failed', async () => {
    const { videoId } = await harness.client.start(playing('poll-failed-no-error'), {
      key: 'failed',
    });
    await harness.client.wait(videoId);
    await untilTypes(videoId, ['video.failed']);
    expect(typesOf(videoId)).toEqual(['video.failed']);
  });

  test('video.cancelled for a video without waiters', async () => {
    const { videoId } = await harness.client.start(playing('poll-never-finishes'), {
      key: 'cancelled',
    });
    await untilPhase(harness, videoId, ['queued', 'running']);
    await harness.client.cancel(videoId);
    await untilTypes(videoId, ['video.cancelled']);
    expect(typesOf(videoId)).toEqual(['video.cancelled']);
  });

  test('no second event of a run that was reset and ends in the same way', async () => {
    const { videoId } = await harness.client.start(playing('poll-never-finishes'), {
      key: 'reset',
    });
    const recorded = async () =>
      (await ports().events.list({ limit: 1_000 })).filter(
        ({ event }) => event.data.workflow_id === videoId,
      );
    await untilPhase(harness, videoId, ['queued', 'running']);
    await harness.client.cancel(videoId);
    await untilTypes(videoId, ['video.cancelled']);
    const first = await recorded();
    await resetToBeforeCancellation(harness, videoId);
    await untilPhase(harness, videoId, ['queued', 'running']);
    await harness.client.cancel(videoId);
    expect((await harness.client.wait(videoId)).outcome).toBe('cancelled');
    expect(await recorded()).toEqual(first);
    expect(first).toHaveLength(1);
    expect(typesOf(videoId)).toEqual(['video.cancelled']);
  });

  test('no video.cancelled if another caller joined the cancelled run, which then begins again', async () => {
    const ask = (waiterId: string) =>
      harness.client.start(playing('submit-slow'), { key: 'late', waiterId });
    const { ledger } = harness.gateway;
    const before = ledger.posts.length;
    const { videoId } = await ask('anna');
    await until('the POST', () => ledger.posts.length === before + 1);
    await harness.client.cancel(videoId, { waiterId: 'anna' });
    expect(await ask('ben')).toMatchObject({ outcome: 'joined' });
    await harness.client.wait(videoId);
    await untilTypes(videoId, ['video.completed']);
    expect(typesOf(videoId)).toEqual(['video.completed']);
  });

  test('video.unresolved while the run waits for a person, then its end', async () => {
    const { videoId } = await harness.client.start(playing('submit-drop-after-body'), {
      key: 'unresolved',
    });
    await untilTypes(videoId, ['video.unresolved']);
    await harness.client.resolve(videoId, { action: 'abandon' });
    await untilTypes(videoId, ['video.failed']);
    expect(typesOf(videoId)).toEqual(['video.unresolved', 'video.failed']);
    await recordHistory(harness, videoId, 'announced-unresolved');
  });
});

test('no history has a secret or a signature', async () => {
  const { endpoints } = ports();
  const known = (await endpoints.list()).flatMap(({ secrets }) => secrets);
  const signatures = receiver.received.map(({ headers }) => headers['webhook-signature'] ?? '');
  for await (const { workflowId } of harness.temporal.workflow.list()) {
    const text = JSON.stringify(await fetchEvents(harness, workflowId));
    for (const hidden of [...known, ...signatures]) expect(text).not.toContain(hidden);
  }
  expect(signatures.length).toBeGreaterThan(3);
});

test('an announcement that ends between the record and the start of its delivery, and is repeated, gives one event', async () => {
  const { endpoints, events } = ports();
  const input: AnnounceEventInput = {
    type: 'video.completed',
    workflowId: 'video/announced-twice',
    firstRunId: 'run-1',
    occurrence: 0,
    occurredAt: Date.now(),
  };
  const held = createCachedEndpoints({ endpoints });
  const announce = createAnnounceEvent({ endpoints: held, events, trustedOrigins: [] });
  const attempt = (client: Client) => activityHarness({}, client).run(announce, input);
  const recorded = async () =>
    (await events.list({ limit: 1_000 })).filter(
      ({ event }) => event.data.workflow_id === input.workflowId,
    );
  const start = () => Promise.reject(new Error('killed'));
  const killed = Object.create(harness.temporal, { activity: { value: { start } } }) as Client;
  await expect(attempt(killed)).rejects.toThrow('killed');
  expect(await recorded()).toHaveLength(1);
  await Promise.all([attempt(harness.temporal), attempt(harness.temporal)]);
  await untilTypes(input.workflowId, ['video.completed']);
  await attempt(harness.temporal);
  const [record, ...others] = await recorded();
  expect(others).toEqual([]);
  const deliveries = await listDeliveries(harness.temporal, { eventId: record?.event.id ?? '' });
  expect(deliveries.map(({ attempts }) => attempts)).toEqual([1]);
  expect(typesOf(input.workflowId)).toEqual(['video.completed']);
});
