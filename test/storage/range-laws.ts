import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ByteRange } from '../../src/contract/video-reader.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';

const key = 'videos/demo.mp4';
/** More than the chunks of any storage. */
const large = randomBytes(300_000);

export function rangeLaws(makeStorage: () => Promise<VideoStorage>): void {
  async function stored(bytes: Uint8Array): Promise<VideoStorage> {
    const storage = await makeStorage();
    await storage.writeSmall(key, bytes);
    return storage;
  }

  test('a range has the bytes from its start to its end, and none after the end of the object', async () => {
    const whole = Buffer.from('a small object');
    const storage = await stored(whole);
    const range = fc.record({ start: fc.nat(20), length: fc.integer({ min: 1, max: 20 }) });
    await fc.assert(
      fc.asyncProperty(range, async ({ start, length }) => {
        const read = await readRange(storage, { start, end: start + length - 1 });
        expect(read).toEqual(whole.subarray(start, start + length));
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    { start: 0, end: large.length - 1 },
    { start: 65_535, end: 65_536 },
    { start: 1, end: 299_998 },
    { start: 299_999, end: Number.MAX_SAFE_INTEGER },
    { start: large.length, end: large.length },
  ])('the bytes $start to $end of a large object are read unchanged', async ({ start, end }) => {
    const read = await readRange(await stored(large), { start, end });
    expect(read.equals(large.subarray(start, end + 1))).toBe(true);
  });

  test('a range of an empty object has no bytes', async () => {
    const storage = await stored(new Uint8Array());
    expect(await readRange(storage, { start: 0, end: 9 })).toHaveLength(0);
  });

  test('a range of a missing object is an error', async () => {
    const storage = await makeStorage();
    const read = readRange(storage, { start: 0, end: 9 });
    await expect(read).rejects.toMatchObject({ name: 'StorageError' });
  });

  test.each([
    { start: 5, end: 4 },
    { start: -1, end: 4 },
    { start: 0.5, end: 4 },
    { start: 0, end: Infinity },
    { start: NaN, end: NaN },
  ])('from $start to $end is not a range, and no byte is read', async (range) => {
    const read = readRange(await stored(large), range);
    await expect(read).rejects.toMatchObject({
      name: 'StorageError',
      message: expect.stringContaining(`from byte ${range.start} to ${range.end}`) as string,
    });
  });
}

async function readRange(storage: VideoStorage, range: ByteRange): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of storage.read(key, range)) parts.push(part);
  return Buffer.concat(parts);
}
