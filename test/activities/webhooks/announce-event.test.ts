import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { createAnnounceEvent } from '../../../src/activities/webhooks/announce-event.ts';
import type { AnnounceEventInput, DeliverWebhookInput } from '../../../src/contract/webhook.ts';
import { createWebhookEndpoints } from '../../../src/storage/records/webhook-endpoints.ts';
import { createWebhookEvents } from '../../../src/storage/records/webhook-events.ts';
import { createCachedEndpoints } from '../../../src/webhooks/cached-endpoints.ts';
import { webhookBody } from '../../../src/webhooks/webhook-event.ts';
import { activityHarness } from '../../fakes/activity-harness.ts';
import { tempStorage } from '../../fakes/temp-storage.ts';

const beforeMidnight = Date.parse('2026-11-29T23:59:59Z');
const announced: AnnounceEventInput = {
  type: 'video.completed',
  workflowId: 'video/a',
  firstRunId: 'run-1',
  occurrence: 0,
  occurredAt: beforeMidnight,
  sinceMs: beforeMidnight - 60_000,
};
const info = { workflowExecution: { workflowId: 'video/a', runId: 'run-1' } };
const hook = { tenant: null, target: { url: 'https://hooks.example.com/in' } };
const callbacks = { tenant: null, target: { callbackHost: 'cb.example.com' } };
const [anna, ben] = ['https://cb.example.com/anna', 'https://cb.example.com/ben'];

/** Real records in a folder, and the deliveries that were started. */
async function announcing() {
  const { storage, files } = await tempStorage();
  const endpoints = createWebhookEndpoints({ storage });
  const events = createWebhookEvents({ storage, now: () => beforeMidnight });
  const started: DeliverWebhookInput[] = [];
  const client = {
    withDeadline: (_deadline: number, run: () => unknown) => run(),
    withAbortSignal: (_signal: AbortSignal, run: () => unknown) => run(),
    activity: {
      start: async (_type: string, { args }: { args: [DeliverWebhookInput] }) => {
        started.push(args[0]);
      },
    },
  } as unknown as Client;
  const held = createCachedEndpoints({ endpoints });
  const announce = createAnnounceEvent({ endpoints: held, events, trustedOrigins: [] });
  const announceBy = (by: typeof announce, given: AnnounceEventInput = announced) =>
    activityHarness(info, client).run(by, given);
  const tell = (more: Partial<AnnounceEventInput> = {}, base = announced) =>
    announceBy(announce, { ...base, ...more });
  return { endpoints, events, held, started, tell, announceBy, files };
}

test('an event that is announced again with one more callback_url is sent there too, with the same bytes', async () => {
  const { endpoints, started, tell } = await announcing();
  await endpoints.add(callbacks);
  await tell({ callbackUrls: [anna] });
  await tell({ callbackUrls: [anna, ben], occurredAt: beforeMidnight + 900 });
  expect(new Set(started.map(({ url }) => url))).toEqual(new Set([anna, ben]));
  expect(new Set(started.map(({ event }) => webhookBody(event))).size).toBe(1);
});

test('an event that is announced again after midnight is the same record', async () => {
  const { endpoints, started, tell, files } = await announcing();
  await endpoints.add(hook);
  await tell();
  await tell({ occurredAt: beforeMidnight + 2_000 });
  expect((await files()).filter((file) => file.includes('events'))).toHaveLength(1);
  expect(new Set(started.map(({ event }) => webhookBody(event))).size).toBe(1);
});

test('a reset run, which may begin long after its event, finds the record of that event', async () => {
  const { endpoints, tell, files } = await announcing();
  await endpoints.add(hook);
  await tell({ occurredAt: beforeMidnight - 9 * 24 * 3_600_000 });
  const { sinceMs: _, ...reset } = announced;
  await tell({}, reset);
  expect((await files()).filter((file) => file.includes('events'))).toHaveLength(1);
});

test('a callback whose host was allowed a moment ago is called', async () => {
  const { endpoints, held, started, tell } = await announcing();
  await held.list();
  await endpoints.add(callbacks);
  await tell({ callbackUrls: [anna] });
  expect(started.map(({ url }) => url)).toEqual([anna]);
});

test('a recorded target gets its delivery also from a worker that does not know the endpoint yet', async () => {
  const { endpoints, events, held, started, tell, announceBy } = await announcing();
  await endpoints.add(hook);
  await held.list();
  const added = await endpoints.add(hook);
  await announceBy(
    createAnnounceEvent({
      endpoints: createCachedEndpoints({ endpoints }),
      events,
      trustedOrigins: [],
    }),
  );
  started.length = 0;
  await tell();
  expect(started.map(({ endpointId }) => endpointId)).toContain(added.id);
});
