import { expect, test } from 'vitest';
import type { VideoStorage } from '../../src/storage/video-storage.ts';

const source = { jobId: 'job-1', validator: '"v1"' };
const hourMs = 3_600_000;
const none = { count: 0, sizeBytes: 0 };

async function suspendBytes(storage: VideoStorage, key: string, sizeBytes: number): Promise<void> {
  const staged = await storage.stage(key, source);
  await staged.write(Buffer.alloc(sizeBytes, 'x'));
  await staged.suspend();
}

export function leftoverLaws(makeStorage: () => Promise<VideoStorage>): void {
  test('are counted with their bytes, and finished objects are not', async () => {
    const storage = await makeStorage();
    expect(await storage.leftovers()).toEqual(none);
    await storage.writeSmall('videos/c.mp4', Buffer.alloc(1_000));
    await suspendBytes(storage, 'videos/a.mp4', 10);
    await suspendBytes(storage, 'videos/b.mp4', 20);
    expect(await storage.leftovers()).toEqual({ count: 2, sizeBytes: 30 });
  });

  test('that are fresh survive a sweep', async () => {
    const storage = await makeStorage();
    await suspendBytes(storage, 'videos/a.mp4', 10);
    expect(await storage.sweep({ untouchedMs: hourMs })).toEqual(none);
    expect(await storage.resume('videos/a.mp4')).toMatchObject({ sizeBytes: 10 });
  });

  test('that no worker has written to are swept, and finished objects stay', async () => {
    const storage = await makeStorage();
    await storage.writeSmall('videos/c.mp4', Buffer.alloc(1_000));
    await suspendBytes(storage, 'videos/a.mp4', 10);
    await suspendBytes(storage, 'videos/b.mp4', 20);
    expect(await storage.sweep({ untouchedMs: 0 })).toEqual({ count: 2, sizeBytes: 30 });
    expect(await storage.leftovers()).toEqual(none);
    expect(await storage.resume('videos/a.mp4')).toBeNull();
    expect(await storage.head('videos/c.mp4')).toEqual({ sizeBytes: 1_000 });
  });

  test('do not exist after a commit, a discard, or a suspension without a source', async () => {
    const storage = await makeStorage();
    for (const end of ['commit', 'discard', 'suspend'] as const) {
      const staged = await storage.stage('videos/a.mp4', end === 'suspend' ? undefined : source);
      await staged.write(Buffer.alloc(10));
      if (end === 'commit') await staged.seal();
      await staged[end]();
      expect(await storage.leftovers()).toEqual(none);
    }
  });
}
