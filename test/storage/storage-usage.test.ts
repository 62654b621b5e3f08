import { describe, expect, test } from 'vitest';
import { diskSpace } from '../../src/storage/folder/disk-space.ts';
import { measureUsage } from '../../src/storage/records/storage-usage.ts';
import { keepVideo } from '../fakes/kept-videos.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const gibibyte = 1024 ** 3;

describe('measureUsage()', () => {
  test('counts videos by model and by day, and finds the oldest', async () => {
    const { storage } = await tempStorage();
    await keepVideo(storage, 'a', { storedAt: '2026-01-01T23:59:59Z', model: 'm1', sizeBytes: 10 });
    await keepVideo(storage, 'b', { storedAt: '2026-01-02T00:00:00Z', model: 'm2', sizeBytes: 30 });
    await keepVideo(storage, 'c', { storedAt: '2026-01-02T12:00:00Z', sizeBytes: 5, tags: [] });
    expect(await measureUsage(storage)).toMatchObject({
      count: 3,
      sizeBytes: 45,
      oldest: '2026-01-01T23:59:59.000Z',
      byModel: [
        { model: 'm2', count: 1, sizeBytes: 30 },
        { model: 'm1', count: 1, sizeBytes: 10 },
        { model: 'unknown', count: 1, sizeBytes: 5 },
      ],
      byDay: [
        { day: '2026-01-02', count: 2, sizeBytes: 35 },
        { day: '2026-01-01', count: 1, sizeBytes: 10 },
      ],
      temporary: { count: 0, sizeBytes: 0 },
    });
  });

  test('counts unfinished files separately, and no sidecar whose video is gone', async () => {
    const { storage } = await tempStorage();
    const key = await keepVideo(storage, 'gone', { storedAt: '2026-01-01T00:00:00Z' });
    await storage.remove(key);
    const staged = await storage.stage('videos/new.mp4');
    await staged.write(Buffer.alloc(7));
    const usage = await measureUsage(storage);
    expect(usage).toMatchObject({ count: 0, byDay: [], temporary: { count: 1, sizeBytes: 7 } });
    expect(usage).not.toHaveProperty('oldest');
    await staged.discard();
  });
});

test.each([
  ['less than 5 %', { freeBytes: 4 * gibibyte, totalBytes: 100 * gibibyte }, true],
  ['more than 5 %', { freeBytes: 6 * gibibyte, totalBytes: 100 * gibibyte }, false],
  [
    'less than 1 GiB of a small disk',
    { freeBytes: 0.9 * gibibyte, totalBytes: 4 * gibibyte },
    true,
  ],
  [
    'more than 1 GiB of a small disk',
    { freeBytes: 1.1 * gibibyte, totalBytes: 4 * gibibyte },
    false,
  ],
])('a disk with %s free is nearly full: %#', async (_, space, nearlyFull) => {
  expect(await diskSpace({ space: async () => space })).toEqual({ ...space, nearlyFull });
});

test('a bucket is never full', async () => {
  expect(await diskSpace({ space: async () => null })).toBeNull();
});
