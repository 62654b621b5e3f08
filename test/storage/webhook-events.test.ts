import { expect, test } from 'vitest';
import {
  createWebhookEvents,
  eventsKeptDays,
  type WebhookEventRecord,
} from '../../src/storage/records/webhook-events.ts';
import { createSweepStorage } from '../../src/activities/upkeep/sweep-storage.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const dayMs = 24 * 3_600_000;
const today = Date.parse('2026-11-30T12:00:00Z');

function recordOf(
  id: string,
  { agoDays = 0, tenant = null as string | null } = {},
): WebhookEventRecord {
  const created_at = (today - agoDays * dayMs) / 1_000;
  const data = { id: 'a', object: 'video', workflow_id: 'video/a' } as const;
  const event = { id, object: 'event', type: 'video.completed', created_at, data } as const;
  return {
    event,
    tenant,
    targets: [{ endpointId: 'we_1' }, { endpointId: 'we_2', url: 'https://a.example/x' }],
  };
}

async function eventsToday() {
  const { storage, files } = await tempStorage();
  return { events: createWebhookEvents({ storage, now: () => today }), files };
}

test('an event is recorded once: a second record gets the first one', async () => {
  const { events, files } = await eventsToday();
  const first = recordOf('evt_1');
  expect(await events.record(first)).toEqual(first);
  const again = { ...first, targets: [{ endpointId: 'we_3' }] };
  expect(await events.record(again)).toEqual(first);
  expect(await events.read('evt_1')).toEqual(first);
  expect(await files()).toEqual(['webhooks/events/2026-11-30/evt_1.json']);
});

test('of 20 concurrent records of one event, all get the same one', async () => {
  const { events } = await eventsToday();
  const given = Array.from({ length: 20 }, (_, index) => ({
    ...recordOf('evt_1'),
    targets: [{ endpointId: `we_${index}` }],
  }));
  const got = await Promise.all(given.map((record) => events.record(record)));
  expect(new Set(got.map((record) => JSON.stringify(record))).size).toBe(1);
});

test('events are read by id and listed by day, the newest day first, for one tenant or all', async () => {
  const { events } = await eventsToday();
  await events.record(recordOf('evt_old', { agoDays: 3, tenant: 'acme' }));
  await events.record(recordOf('evt_new', { tenant: 'acme' }));
  await events.record(recordOf('evt_mid', { agoDays: 1 }));
  const ids = async (options: Parameters<typeof events.list>[0]) =>
    (await events.list(options)).map(({ event }) => event.id);
  expect(await ids({ limit: 10 })).toEqual(['evt_new', 'evt_mid', 'evt_old']);
  expect(await ids({ limit: 10, tenant: 'acme' })).toEqual(['evt_new', 'evt_old']);
  expect(await ids({ limit: 2 })).toEqual(['evt_new', 'evt_mid']);
  expect((await events.read('evt_old'))?.event.id).toBe('evt_old');
  expect(await events.read('evt_none')).toBeNull();
});

test('events that are older than 30 days are removed, and no others', async () => {
  const { events, files } = await eventsToday();
  await events.record(recordOf('evt_kept', { agoDays: eventsKeptDays }));
  await events.record(recordOf('evt_gone', { agoDays: eventsKeptDays + 1 }));
  expect(await events.removeOld()).toBe(1);
  expect(await files()).toEqual(['webhooks/events/2026-10-31/evt_kept.json']);
});

test('the removal of many events reports its progress, and lists none that is kept after the first', async () => {
  const { storage, files } = await tempStorage();
  const events = createWebhookEvents({ storage, now: () => today });
  const old = Array.from({ length: 45 }, (_, index) => recordOf(`evt_${index}`, { agoDays: 40 }));
  const kept = [0, 1, 2].map((agoDays) => recordOf(`evt_kept_${agoDays}`, { agoDays }));
  for (const record of [...old, ...kept]) await events.record(record, 0);
  let listed = 0;
  async function* list(prefix: string) {
    for await (const found of storage.list(prefix)) {
      listed += 1;
      yield found;
    }
  }
  const harness = activityHarness();
  const counted = createWebhookEvents({ storage: { ...storage, list }, now: () => today });
  await harness.run(createSweepStorage({ storage, events: counted }), undefined);
  expect(harness.heartbeats.length).toBeGreaterThanOrEqual(3);
  expect(await files()).toHaveLength(kept.length);
  expect(listed).toBe(old.length + 1);
});

test('an event is looked for on all days at once', async () => {
  const { storage } = await tempStorage();
  let open = 0;
  let most = 0;
  const readSmall: typeof storage.readSmall = async (...given) => {
    most = Math.max(most, (open += 1));
    const found = await storage.readSmall(...given);
    open -= 1;
    return found;
  };
  const events = createWebhookEvents({ storage: { ...storage, readSmall }, now: () => today });
  expect(await events.read('evt_none')).toBeNull();
  expect(most).toBeGreaterThan(eventsKeptDays);
});
