import { expect, test } from 'vitest';
import { createKeptLimits } from '../../src/storage/records/kept-limits.ts';
import { readStorageId, storageIdOf } from '../../src/storage/storage-id.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

test('all readers of a storage get the same id, and another storage has another id', async () => {
  const { storage } = await tempStorage();
  const { storage: other } = await tempStorage();
  expect(await readStorageId(storage)).toBeNull();
  const ids = await Promise.all(Array.from({ length: 20 }, () => storageIdOf(storage)));
  expect(new Set(ids)).toEqual(new Set([await readStorageId(storage)]));
  expect(await storageIdOf(other)).not.toBe(ids[0]);
});

test('the limits of an account are read back, those of another account are not', async () => {
  const { storage } = await tempStorage();
  const limits = createKeptLimits({ storage });
  const given = { jobs: 0, perDay: { videos: 5 }, perTag: { 'a/b': { money: 1.5 } }, perRun: {} };
  expect(await limits.load('admission/1')).toBeNull();
  await limits.keep('admission/1', { jobs: 9 });
  await limits.keep('admission/1', given);
  expect(await limits.load('admission/1')).toEqual(given);
  expect(await limits.load('admission/2')).toBeNull();
});
