import { expect, test } from 'vitest';
import {
  claimObjectKey,
  dayIndexStartKey,
  sidecarKey,
  videoKey,
} from '../../src/identity/object-key.ts';
import { createCountSpent } from '../../src/activities/admission/count-spent.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import { readLedger } from '../../src/storage/records/read-ledger.ts';
import { createUnclaimedVideos } from '../../src/storage/records/unclaimed-videos.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { keepVideo } from '../fakes/kept-videos.ts';
import { memoryStorage } from '../fakes/memory-storage.ts';
import { watchedStorage } from '../fakes/watched-storage.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const dayMs = 86_400_000;
/** In the middle of a month, so that days before and after are in the same folder. */
const noonMs = Date.parse('2026-06-15T12:00:00Z');
const account = 'admission/ours';

/** A storage with paid and delivered videos, three on each day of a month, and an adopted one on each. */
async function monthOfVideos(): Promise<VideoStorage> {
  const storage = memoryStorage();
  const since = Buffer.from(JSON.stringify({ since: noonMs - 400 * dayMs }));
  await storage.writeSmall(dayIndexStartKey('claims-by-month'), since);
  await storage.writeSmall(dayIndexStartKey('unclaimed-by-month'), since);
  for (let day = 1; day <= 30; day += 1) {
    const atMs = noonMs + (day - 15) * dayMs;
    for (const number of [1, 2, 3]) await payAndDeliver(storage, `${day}-${number}`, atMs);
    await deliver(storage, `adopted-${day}`, atMs);
  }
  return storage;
}

async function payAndDeliver(storage: VideoStorage, id: string, atMs: number): Promise<void> {
  const claims = createSubmitClaims({ storage });
  const key = { claimKey: `video/${id}`, workflowId: `video/${id}`, runId: 'run-1' };
  const facts = { requestDigest: '00', gateway: 'https://gateway.test', format: 'videos' };
  const admission = { id: account, tags: [], cost: { seconds: 5 } };
  const claim = { ...key, ...facts, model: 'm', claimedAt: atMs, admission };
  await claims.acquire(claim);
  await claims.record(claim, { state: 'accepted', jobId: `task_${id}`, submittedAt: atMs });
  await deliver(storage, id, atMs);
}

async function deliver(storage: VideoStorage, id: string, atMs: number): Promise<void> {
  const video = { videoId: `video/${id}`, jobId: `task_${id}`, storedAtMs: atMs };
  await createUnclaimedVideos({ storage }).note(video);
  await keepVideo(storage, id, { storedAt: new Date(atMs).toISOString() });
}

const starts = ['claims-by-month/since.json', 'unclaimed-by-month/since.json'];
const day = {
  fromMs: Date.parse('2026-06-15T00:00:00Z'),
  toMs: Date.parse('2026-06-16T00:00:00Z'),
};

test('the ledger of one day reads only the claims and videos of that day', async () => {
  const { look, read, listed } = watchedStorage(await monthOfVideos());
  const entries = await readLedger(look, day);
  const paid = ['video/15-1', 'video/15-2', 'video/15-3'];
  expect(entries.map(({ videoId, state }) => `${videoId} ${state}`).toSorted()).toEqual(
    [...paid, 'video/adopted-15'].map((id) => `${id} stored`),
  );
  const sidecars = paid.map((id) => sidecarKey(videoKey(id)));
  const wanted = [...starts, ...paid.map(claimObjectKey), ...sidecars];
  expect(read.filter((key) => !key.includes('adopted')).toSorted()).toEqual(wanted.toSorted());
  // A list ends with the first entry of the next day.
  const claimEntries = listed.filter((key) => key.startsWith('claims-by-month/'));
  expect(claimEntries.map((key) => key.slice(0, 27))).toEqual([
    ...paid.map(() => 'claims-by-month/2026-06/15-'),
    'claims-by-month/2026-06/16-',
  ]);
  expect(listed.filter((key) => key.startsWith('videos/') || key.startsWith('claims/'))).toEqual(
    [],
  );
});

test('the ledger of one day lists adopted videos from that day on, and none from before', async () => {
  const { look, listed } = watchedStorage(await monthOfVideos());
  await readLedger(look, day);
  const unclaimed = listed.filter((key) => key.startsWith('unclaimed-by-month/'));
  const days = unclaimed.map((key) => Number(key.slice(27, 29)));
  expect(days).toEqual(Array.from({ length: 16 }, (_, index) => 15 + index));
});

test('a new admission reads only the claims of the days that it counts', async () => {
  const storage = await monthOfVideos();
  const { look, read, listed } = watchedStorage(storage);
  const countSpent = createCountSpent({ claims: createSubmitClaims({ storage: look }) });
  const sinceMs = noonMs + 13 * dayMs;
  const tallies = await activityHarness().run(countSpent, { admissionId: account, sinceMs });
  const counted = Object.entries(tallies).map(([scope, { videos }]) => [scope, videos]);
  expect(Object.fromEntries(counted)).toEqual({
    'day/2026-06-28': 3,
    'day/2026-06-29': 3,
    'day/2026-06-30': 3,
  });
  expect(read).toHaveLength(2 + 9);
  expect(listed.filter((key) => key.startsWith('claims-by-month/2026-06/'))).toHaveLength(9);
});

test('videos that an earlier version delivered are found until the index is complete', async () => {
  const { storage } = await tempStorage();
  await keepVideo(storage, 'before', { storedAt: new Date().toISOString() });
  await deliver(storage, 'after', Date.now());
  const window = { fromMs: Date.now() - dayMs, toMs: Date.now() + dayMs };
  const found = (await readLedger(storage, window)).map(({ videoId }) => videoId);
  expect(found.toSorted()).toEqual(['video/after', 'video/before']);
});

test('a period without an end lists no month after tomorrow', async () => {
  const storage = memoryStorage();
  await deliver(storage, 'now', Date.now());
  const prefixes: string[] = [];
  const counted: VideoStorage = {
    ...storage,
    list: (prefix, options) => {
      prefixes.push(prefix);
      return storage.list(prefix, options);
    },
  };
  const unclaimed = createUnclaimedVideos({ storage: counted });
  const fromMs = Date.now() - dayMs;
  const found: string[] = [];
  const window = { fromMs, toMs: Date.parse('9999-12-31') };
  for await (const key of unclaimed.list(window)) found.push(key);
  expect(found).toHaveLength(1);
  expect(prefixes.length).toBeLessThanOrEqual(2);
});
