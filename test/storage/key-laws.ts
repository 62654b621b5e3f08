import { expect, test } from 'vitest';
import type { VideoStorage } from '../../src/storage/video-storage.ts';

/** Each leaves the storage, or means another object in another storage. */
const badKeys = [
  '',
  '.',
  '..',
  '../outside.json',
  'videos/../../outside.json',
  'videos/..',
  'videos/./a.mp4',
  '/etc/passwd',
  '//host/a',
  'videos//a.mp4',
  'videos/',
  'videos\\..\\a.mp4',
  'C:\\a.mp4',
  'videos/a\0.mp4',
  'videos/\ud800.mp4',
  '.unfinished/a.mp4',
];

export function keyLaws(makeStorage: () => Promise<VideoStorage>): void {
  test.each(badKeys.map((bad) => [JSON.stringify(bad), bad]))(
    '%s is refused by every method, and nothing is written',
    async (_shown, bad) => {
      const storage = await makeStorage();
      const bytes = Buffer.from('x');
      const refusal = { name: 'StorageError', message: /^Cannot use the object key/ };
      const refused = { ...refusal, message: expect.stringMatching(refusal.message) as string };
      const methods: Record<string, () => Promise<unknown>> = {
        stage: () => storage.stage(bad),
        resume: () => storage.resume(bad),
        head: () => storage.head(bad),
        read: () => readAll(storage, bad),
        readSmall: () => storage.readSmall(bad, 10),
        createSmall: () => storage.createSmall(bad, bytes),
        writeSmall: () => storage.writeSmall(bad, bytes),
        remove: () => storage.remove(bad),
        uriOf: async () => storage.uriOf(bad),
      };
      for (const [name, run] of Object.entries(methods)) {
        await expect(run(), name).rejects.toMatchObject(refused);
      }
      expect(await storage.leftovers()).toEqual({ count: 0, sizeBytes: 0 });
    },
  );

  test.each([
    'a',
    'videos/a b.mp4',
    'videos/..a',
    'videos/a..',
    'videos/.hidden',
    'batches/ä/猫.jsonl',
  ])('"%s" is an object key', async (good) => {
    const storage = await makeStorage();
    await storage.writeSmall(good, Buffer.from('x'));
    expect(String(await readAll(storage, good))).toBe('x');
    expect(decodeURI(storage.uriOf(good)).endsWith(good)).toBe(true);
  });
}

async function readAll(storage: VideoStorage, key: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of storage.read(key)) parts.push(part);
  return Buffer.concat(parts);
}
