import { CancelledFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { createRemoveExpired } from '../../src/activities/upkeep/remove-expired.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { keepVideo } from '../fakes/kept-videos.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const old = { storedAt: '2026-01-01T00:00:00Z', sizeBytes: 10 };
const rule = { beforeMs: Date.parse('2026-02-01T00:00:00Z') };

test('removeExpired() tells how much it removed, earlier attempts included', async () => {
  const { storage, files } = await tempStorage();
  await keepVideo(storage, 'a', old);
  await keepVideo(storage, 'b', old);
  const harness = activityHarness({ heartbeatDetails: { count: 3, sizeBytes: 100 } });
  const removed = await harness.run(createRemoveExpired({ storage }), rule);
  expect(removed).toEqual({ count: 5, sizeBytes: 120 });
  expect(harness.heartbeats).toContainEqual({ count: 5, sizeBytes: 120 });
  expect(await files()).toEqual([]);
});

test('removeExpired() stops between two videos when it is cancelled', async () => {
  const { storage, files } = await tempStorage();
  await keepVideo(storage, 'a', old);
  await keepVideo(storage, 'b', old);
  const harness = activityHarness();
  const removeThenCancel = {
    ...storage,
    remove: async (key: string) => {
      await storage.remove(key);
      harness.cancel();
    },
  };
  const running = harness.run(createRemoveExpired({ storage: removeThenCancel }), rule);
  await expect(running).rejects.toBeInstanceOf(CancelledFailure);
  expect(await files()).toHaveLength(2);
});
