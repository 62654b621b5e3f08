import { expect, test } from 'vitest';
import type { StoredObject, VideoStorage } from '../../src/storage/video-storage.ts';

async function listed(
  storage: VideoStorage,
  prefix: string,
  options?: { after: string },
): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const object of storage.list(prefix, options)) found.push(object);
  return found;
}

export function listLaws(makeStorage: () => Promise<VideoStorage>): void {
  test('objects are listed by key prefix, in the order of their keys', async () => {
    const storage = await makeStorage();
    const keys = ['videos/b.mp4', 'videos/b/c.mp4', 'claims/a.json', 'videos/a.mp4', 'videos-2/a'];
    for (const key of keys) await storage.writeSmall(key, Buffer.from(key));
    const keysOf = async (prefix: string) => (await listed(storage, prefix)).map(({ key }) => key);
    expect(await keysOf('')).toEqual(keys.toSorted());
    expect(await keysOf('videos/')).toEqual(['videos/a.mp4', 'videos/b.mp4', 'videos/b/c.mp4']);
    expect(await keysOf('videos/b')).toEqual(['videos/b.mp4', 'videos/b/c.mp4']);
    expect(await keysOf('nothing')).toEqual([]);
  });

  test('a list after a key begins with the next key of the prefix', async () => {
    const storage = await makeStorage();
    const keys = ['a/1-x', 'a/2-x', 'a/2-y', 'a/2/z', 'a/3-x', 'b'];
    for (const key of keys) await storage.writeSmall(key, Buffer.from(key));
    const keysAfter = async (after: string) =>
      (await listed(storage, 'a/', { after })).map(({ key }) => key);
    expect(await keysAfter('a/2')).toEqual(['a/2-x', 'a/2-y', 'a/2/z', 'a/3-x']);
    expect(await keysAfter('a/2-x')).toEqual(['a/2-y', 'a/2/z', 'a/3-x']);
    expect(await keysAfter('a/2/z')).toEqual(['a/3-x']);
    expect(await keysAfter('a/')).toEqual(keys.slice(0, -1));
    expect(await keysAfter('a/3-x')).toEqual([]);
  });

  test('a list is complete, however many objects there are', async () => {
    const storage = await makeStorage();
    const keys = Array.from({ length: 60 }, (_, number) => `many/${1_000 + number}`);
    await Promise.all(keys.map((key) => storage.writeSmall(key, Buffer.from('1'))));
    expect((await listed(storage, 'many/')).map(({ key }) => key)).toEqual(keys);
  });

  test('unfinished files are not listed', async () => {
    const storage = await makeStorage();
    const staged = await storage.stage('videos/a.mp4', { jobId: 'job-1', validator: '"v1"' });
    await staged.write(Buffer.from('half'));
    await staged.suspend();
    expect(await listed(storage, '')).toEqual([]);
  });

  test('a list contains the size of each object and when it was written', async () => {
    const storage = await makeStorage();
    // S3 cuts to whole seconds, and the clock of a file system is some milliseconds behind.
    const before = Math.floor((Date.now() - 100) / 1_000) * 1_000;
    await storage.writeSmall('videos/a.mp4', Buffer.alloc(1_234));
    const [found] = await listed(storage, 'videos/a.mp4');
    expect(found?.sizeBytes).toBe(1_234);
    expect(found?.modifiedAt).toBeGreaterThanOrEqual(before);
    expect(found?.modifiedAt).toBeLessThanOrEqual(Date.now() + 1_000);
  });

  test('a list stops early if its reader does', async () => {
    const storage = await makeStorage();
    for (const key of ['a', 'b', 'c']) await storage.writeSmall(key, Buffer.from(key));
    for await (const { key } of storage.list('')) {
      expect(key).toBe('a');
      break;
    }
  });
}
