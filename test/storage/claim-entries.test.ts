import { describe, expect, test } from 'vitest';
import { claimEntryKey, claimObjectKey, dayIndexStartKey } from '../../src/identity/object-key.ts';
import type { NewClaim } from '../../src/storage/claims/claim.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { tempStorage, withFailing } from '../fakes/temp-storage.ts';

const dayMs = 24 * 3_600_000;
const nowMs = Date.now();
const admission = { id: 'admission/ours', tags: [], cost: { money: 1 } };

function claimOf(key: string, claimedAt = nowMs): NewClaim {
  const claimKey = `video/${key}`;
  const facts = { requestDigest: '00', gateway: 'https://gateway.test', format: 'videos' };
  return {
    ...facts,
    claimKey,
    workflowId: claimKey,
    runId: 'run-1',
    model: 'm',
    claimedAt,
    admission,
  };
}

async function listed(storage: VideoStorage, sinceMs: number): Promise<string[]> {
  const keys: string[] = [];
  const { listSince } = createSubmitClaims({ storage });
  for await (const { claimKey } of listSince(sinceMs)) keys.push(claimKey);
  return keys.toSorted();
}

/** Claims have been counted by month for so long that every claim of the window has an entry. */
async function counted(storage: VideoStorage): Promise<void> {
  const since = JSON.stringify({ since: nowMs - 400 * dayMs });
  await storage.writeSmall(dayIndexStartKey('claims-by-month'), Buffer.from(since));
}

/** A storage that records all reads and lists. */
function watched(storage: VideoStorage) {
  const seen: string[] = [];
  const readSmall: VideoStorage['readSmall'] = (key, maxBytes) => {
    seen.push(key);
    return storage.readSmall(key, maxBytes);
  };
  const list: VideoStorage['list'] = (prefix) => {
    seen.push(prefix);
    return storage.list(prefix);
  };
  return { storage: { ...storage, readSmall, list }, seen };
}

describe('claims since a given time', () => {
  test('are found without listing or reading any of an earlier month', async () => {
    const { storage } = await tempStorage();
    await counted(storage);
    const claims = createSubmitClaims({ storage });
    await claims.acquire(claimOf('old', nowMs - 100 * dayMs));
    await claims.acquire(claimOf('young'));
    const { storage: look, seen } = watched(storage);
    expect(await listed(look, nowMs - dayMs)).toEqual(['video/young']);
    expect(seen).not.toContain('claims/');
    expect(seen).not.toContain(claimObjectKey('video/old'));
  });

  test('are found in every month and on every day since then', async () => {
    const { storage } = await tempStorage();
    await counted(storage);
    const claims = createSubmitClaims({ storage });
    const ages = [0, 1, 20, 40, 70, 100];
    for (const age of ages) await claims.acquire(claimOf(`${age}`, nowMs - age * dayMs));
    const since = (days: number) => listed(storage, nowMs - days * dayMs);
    expect(await since(45)).toEqual(['video/0', 'video/1', 'video/20', 'video/40']);
    expect(await since(101)).toHaveLength(ages.length);
  });

  test('are found in the layout of earlier versions while those may still run', async () => {
    const { storage } = await tempStorage();
    const claims = createSubmitClaims({ storage });
    await claims.acquire(claimOf('new'));
    const old = JSON.stringify({ ...claimOf('old'), outcome: { state: 'sent' } });
    await storage.writeSmall(claimObjectKey('video/old'), Buffer.from(old));
    expect(await listed(storage, nowMs - dayMs)).toEqual(['video/new', 'video/old']);
  });

  test('are counted once if a later submit found the claim taken', async () => {
    const { storage } = await tempStorage();
    await counted(storage);
    const claims = createSubmitClaims({ storage });
    await claims.acquire(claimOf('a', nowMs - 3 * dayMs));
    await claims.acquire(claimOf('a', nowMs));
    expect(await listed(storage, nowMs - 10 * dayMs)).toEqual(['video/a']);
    expect(await listed(storage, nowMs - dayMs)).toEqual([]);
  });

  test('exclude an entry whose claim was released or never made', async () => {
    const { storage } = await tempStorage();
    await counted(storage);
    const claims = createSubmitClaims({ storage });
    await claims.acquire(claimOf('a'));
    await claims.release(claimOf('a'));
    expect(await listed(storage, nowMs - dayMs)).toEqual([]);
  });
});

test('no claim is made if its entry cannot be written: nothing is sent then', async () => {
  const { storage } = await tempStorage();
  const claims = createSubmitClaims({ storage: withFailing(storage, ['writeSmall']) });
  await expect(claims.acquire(claimOf('a'))).rejects.toThrow('disk is gone');
  expect(await createSubmitClaims({ storage }).read('video/a')).toBeNull();
});

test('the entry of a claim is written before the claim', async () => {
  const { storage } = await tempStorage();
  const entryKey = claimEntryKey(claimObjectKey('video/a'), nowMs);
  const entries: unknown[] = [];
  const createSmall: VideoStorage['createSmall'] = async (key, bytes) => {
    if (key === claimObjectKey('video/a')) entries.push(await storage.head(entryKey));
    return storage.createSmall(key, bytes);
  };
  await createSubmitClaims({ storage: { ...storage, createSmall } }).acquire(claimOf('a'));
  expect(entries).toEqual([{ sizeBytes: 3 }]);
});
