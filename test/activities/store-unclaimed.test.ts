import { expect, test } from 'vitest';
import { sidecarKey } from '../../src/identity/object-key.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { failureOf } from '../fakes/activity-harness.ts';
import { bytes, key, storeHarness } from './store-harness.ts';

test('the entry by which the ledger finds a video without a claim comes before its sidecar', async () => {
  const written: string[] = [];
  const through = (storage: VideoStorage): VideoStorage => ({
    ...storage,
    writeSmall: async (name, text) => {
      written.push(name.replace(/\/.*/s, ''));
      await storage.writeSmall(name, text);
    },
  });
  await (await storeHarness({ through })).store();
  expect(written).toEqual(['unclaimed-by-month', 'videos']);
});

test('a video is not visible while that entry cannot be written, and the next attempt delivers it', async () => {
  let isDown = true;
  const through = (storage: VideoStorage): VideoStorage => ({
    ...storage,
    createSmall: async (...given) => {
      if (isDown) throw new StorageError('ENOSPC: no space left on device');
      return storage.createSmall(...given);
    },
  });
  const { store, storeAgain, storage } = await storeHarness({ through });
  const failure = await failureOf(store());
  expect(failure).toMatchObject({ type: 'storage_unavailable', nonRetryable: false });
  expect(await storage.head(key)).toBeNull();
  isDown = false;
  expect((await storeAgain()).sizeBytes).toBe(bytes.length);
  expect(await storage.head(sidecarKey(key))).not.toBeNull();
});
