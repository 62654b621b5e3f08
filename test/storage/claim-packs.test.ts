import { describe, expect, test } from 'vitest';
import { createCountSpent } from '../../src/activities/admission/count-spent.ts';
import { claimObjectKey, dayIndexStartKey } from '../../src/identity/object-key.ts';
import type { NewClaim } from '../../src/storage/claims/claim.ts';
import { packClaims } from '../../src/storage/claims/pack-claims.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { memoryStorage } from '../fakes/memory-storage.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { watchedStorage } from '../fakes/watched-storage.ts';

const dayMs = 24 * 3_600_000;
const nowMs = Date.now();
const account = 'admission/ours';
const indexes = ['claims-by-month', 'changed-by-month'] as const;

async function storageOf(begunDaysAgo: number): Promise<VideoStorage> {
  const storage = memoryStorage();
  for (const index of indexes) await begin(storage, index, nowMs - begunDaysAgo * dayMs);
  return storage;
}

async function begin(storage: VideoStorage, index: (typeof indexes)[number], since: number) {
  await storage.writeSmall(dayIndexStartKey(index), Buffer.from(JSON.stringify({ since })));
}

function claimOf(name: string, ageDays: number): NewClaim {
  const id = `video/${name}`;
  const facts = { requestDigest: '00', gateway: 'https://gateway.test', format: 'videos' };
  const batch = { name: 'ads', runId: 'r1' };
  const cost = { seconds: 5, money: 1, currency: 'gateway' as const };
  const admission = { id: account, tags: [], batch, cost };
  const claimedAt = Math.round(nowMs - ageDays * dayMs);
  return {
    ...facts,
    claimKey: id,
    workflowId: id,
    runId: 'run-1',
    model: 'm',
    claimedAt,
    admission,
  };
}

async function pay(storage: VideoStorage, name: string, ageDays: number): Promise<NewClaim> {
  const claims = createSubmitClaims({ storage });
  const claim = claimOf(name, ageDays);
  await claims.acquire(claim);
  const submittedAt = claim.claimedAt;
  await claims.record(claim, { state: 'accepted', jobId: `task_${name}`, submittedAt });
  return claim;
}

/** Claims of each of the last 20 days. */
async function payDaily(storage: VideoStorage, each: number): Promise<void> {
  for (let day = 0; day < 20; day += 1) {
    for (let number = 0; number < each; number += 1) await pay(storage, `${day}-${number}`, day);
  }
}

async function packAll(storage: VideoStorage): Promise<void> {
  while ((await packClaims({ storage, nowMs })) !== null);
}

async function spentInBatch(storage: VideoStorage) {
  const countSpent = createCountSpent({ claims: createSubmitClaims({ storage }) });
  const sinceMs = nowMs - 31 * dayMs;
  const tallies = await activityHarness().run(countSpent, { admissionId: account, sinceMs });
  return tallies['batch/ads'];
}

async function readsOf(storage: VideoStorage): Promise<number> {
  const { look, read } = watchedStorage(storage);
  await spentInBatch(look);
  return read.length;
}

function chargeOf(name: string) {
  const charged = { quota: 1, money: 3 };
  return { claimKey: `video/${name}`, jobId: `task_${name}`, charged };
}

async function keysOf(storage: VideoStorage, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list(prefix)) keys.push(key);
  return keys;
}

describe('a new admission', () => {
  test('reads no more objects when there are more claims of past days', async () => {
    const reads: number[] = [];
    // The days that have no pack yet, at most.
    const young = 3;
    for (const each of [1, 20]) {
      const storage = await storageOf(100);
      await payDaily(storage, each);
      await packAll(storage);
      expect((await spentInBatch(storage))?.videos).toBe(20 * each);
      reads.push((await readsOf(storage)) - young * each);
    }
    expect(Math.max(...reads)).toBeLessThanOrEqual(30);
  });

  test('counts every charge that changes after its claim was packed', async () => {
    const storage = await storageOf(100);
    await payDaily(storage, 2);
    await packAll(storage);
    expect((await spentInBatch(storage))?.money).toBe(40);
    await createSubmitClaims({ storage }).charge(chargeOf('10-1'));
    expect((await spentInBatch(storage))?.money).toBe(42);
  });

  test('counts a charge whose note was written before the day was packed', async () => {
    const storage = await storageOf(100);
    await pay(storage, 'late', 10);
    const claims = createSubmitClaims({
      storage: {
        ...storage,
        writeSmall: async (key, bytes) => {
          // Another worker packs the day between the note and the change.
          if (key === claimObjectKey('video/late')) await packAll(storage);
          await storage.writeSmall(key, bytes);
        },
      },
    });
    await claims.charge(chargeOf('late'));
    expect(await keysOf(storage, 'claim-packs/')).not.toEqual([]);
    expect((await spentInBatch(storage))?.money).toBe(3);
  });

  test('is never told of a charge of a packed claim without its note', async () => {
    const storage = await storageOf(100);
    await pay(storage, 'charged', 10);
    await packAll(storage);
    const failing = async (key: string, bytes: Uint8Array) => {
      if (key.startsWith('changed-by-month/')) throw new Error('killed');
      await storage.writeSmall(key, bytes);
    };
    const claims = createSubmitClaims({ storage: { ...storage, writeSmall: failing } });
    await expect(claims.charge(chargeOf('charged'))).rejects.toThrow('killed');
    expect(await claims.read('video/charged')).not.toMatchObject({ outcome: { charged: {} } });
    await createSubmitClaims({ storage }).charge(chargeOf('charged'));
    expect((await spentInBatch(storage))?.money).toBe(3);
  });

  test.each([
    ['is lost', (storage: VideoStorage, key: string) => storage.remove(key)],
    [
      'is cut off',
      async (storage: VideoStorage, key: string) => {
        const bytes = (await storage.readSmall(key, 1e6)) ?? new Uint8Array();
        await storage.writeSmall(key, bytes.slice(0, bytes.length * 0.7));
      },
    ],
  ])('reads the claims themselves where a pack %s', async (_, damage) => {
    const storage = await storageOf(100);
    await payDaily(storage, 3);
    await packAll(storage);
    for (const key of await keysOf(storage, 'claim-packs/')) await damage(storage, key);
    expect((await spentInBatch(storage))?.videos).toBe(60);
  });

  test('counts a claim whose worker died before its outcome was known, whenever it is resolved', async () => {
    const storage = await storageOf(100);
    const claims = createSubmitClaims({ storage });
    const claim = claimOf('unknown', 10);
    await claims.acquire(claim);
    await packAll(storage);
    expect((await spentInBatch(storage))?.money).toBe(1);
    await claims.record(claim, { state: 'accepted', jobId: 'task_unknown', submittedAt: 1 });
    await claims.charge(chargeOf('unknown'));
    expect((await spentInBatch(storage))?.money).toBe(3);
  });

  test('uses no pack of a time whose notes are lost', async () => {
    const storage = await storageOf(100);
    await pay(storage, 'charged', 10);
    await packAll(storage);
    await createSubmitClaims({ storage }).charge(chargeOf('charged'));
    for (const key of await keysOf(storage, 'changed-by-month/')) await storage.remove(key);
    expect((await spentInBatch(storage))?.money).toBe(3);
    await begin(storage, 'changed-by-month', nowMs - 50 * dayMs);
    expect((await spentInBatch(storage))?.money).toBe(3);
  });
});

describe('claims of past days', () => {
  test('are not packed while workers of an earlier version may still change them', async () => {
    const storage = await storageOf(100);
    await storage.remove(dayIndexStartKey('changed-by-month'));
    await payDaily(storage, 1);
    expect(await packClaims({ storage, nowMs })).toBeNull();
    expect(await packClaims({ storage, nowMs: nowMs + 6 * dayMs })).toBeNull();
    expect(await keysOf(storage, 'claim-packs/')).toEqual([]);
    expect((await spentInBatch(storage))?.videos).toBe(20);
    expect(await packClaims({ storage, nowMs: nowMs + 8 * dayMs })).not.toBeNull();
  });

  test('are not packed for days of which an earlier version has claims without an entry', async () => {
    const { storage } = await tempStorage();
    await begin(storage, 'claims-by-month', nowMs - 12 * dayMs);
    await begin(storage, 'changed-by-month', nowMs - 12 * dayMs);
    await payDaily(storage, 1);
    await packAll(storage);
    expect((await keysOf(storage, 'claim-packs/')).length).toBeLessThanOrEqual(5);
    expect((await spentInBatch(storage))?.videos).toBe(20);
  });

  test('are packed by the next turn when a worker died in between', async () => {
    const storage = await storageOf(100);
    await payDaily(storage, 1);
    const writeSmall = async () => Promise.reject(new Error('killed'));
    await expect(packClaims({ storage: { ...storage, writeSmall }, nowMs })).rejects.toThrow(
      'killed',
    );
    await packAll(storage);
    expect((await spentInBatch(storage))?.videos).toBe(20);
  });

  test('have no packs any more when they are too old to be counted', async () => {
    const storage = await storageOf(100);
    await payDaily(storage, 1);
    await packAll(storage);
    const later = nowMs + 60 * dayMs;
    while ((await packClaims({ storage, nowMs: later })) !== null);
    const oldest = new Date(later - 32 * dayMs).toISOString().slice(0, 10);
    const keys = await keysOf(storage, 'claim-packs/');
    expect(keys.filter((key) => key.slice('claim-packs/'.length) < oldest)).toEqual([]);
  });
});
