import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { StagedFile, StagedSource, VideoStorage } from '../../src/storage/video-storage.ts';
import type { OpenStorage } from './contract.ts';

const key = 'videos/demo.mp4';
const megabyte = 1024 * 1024;
/** More than any backend keeps in memory, so that a part of it is surely kept. */
const large = randomBytes(20 * megabyte);
const small = large.subarray(0, 10_000);

function sourceOf(bytes: Uint8Array): StagedSource {
  return { jobId: 'job-1', validator: '"v1"', totalBytes: bytes.length };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** In pieces, as they come from a socket. */
async function writeOn(file: StagedFile, bytes: Uint8Array, upTo = bytes.length): Promise<void> {
  while (file.sizeBytes < upTo) {
    await file.write(bytes.subarray(file.sizeBytes, Math.min(upTo, file.sizeBytes + 700_001)));
  }
}

async function begin(storage: VideoStorage, bytes: Uint8Array, upTo: number): Promise<StagedFile> {
  const staged = await storage.stage(key, sourceOf(bytes));
  await writeOn(staged, bytes, upTo);
  return staged;
}

async function finish(file: StagedFile, bytes: Uint8Array): Promise<void> {
  await writeOn(file, bytes);
  expect(await file.seal()).toEqual({ sha256: hashOf(bytes) });
  await file.commit();
}

async function storedHash(storage: VideoStorage): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of storage.read(key)) hash.update(chunk);
  return hash.digest('hex');
}

export function resumeLaws(makeStorage: () => Promise<OpenStorage>): void {
  test.each([
    ['small', small, 4_321],
    ['large', large, 17 * megabyte + 17],
  ])('a suspended %s file loses no byte', async (_name, bytes, cut) => {
    const open = await makeStorage();
    await (await begin(open(), bytes, cut)).suspend();
    const resumed = await open().resume(key);
    expect(resumed).toMatchObject({ sizeBytes: cut, source: sourceOf(bytes) });
    await finish(resumed as StagedFile, bytes);
    expect(await storedHash(open())).toBe(hashOf(bytes));
    expect(await open().leftovers()).toEqual({ count: 0, sizeBytes: 0 });
  });

  test('a file of a dead worker is resumed from the bytes that were safely written', async () => {
    const open = await makeStorage();
    await begin(open(), large, large.length - 1);
    const resumed = await open().resume(key);
    expect(resumed?.sizeBytes).toBeGreaterThan(0);
    expect(resumed?.sizeBytes).toBeLessThan(large.length);
    await finish(resumed as StagedFile, large);
    expect(await storedHash(open())).toBe(hashOf(large));
  });

  test('a file is complete in the end, however often and wherever its transfer is interrupted', async () => {
    const open = await makeStorage();
    const cuts = fc.uniqueArray(fc.nat(small.length), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        let file: StagedFile = await open().stage(key, sourceOf(small));
        for (const place of places.toSorted((one, other) => one - other)) {
          await writeOn(file, small, place);
          await file.suspend();
          file = (await open().resume(key)) ?? (await open().stage(key, sourceOf(small)));
          expect(file.sizeBytes).toBe(place);
        }
        await finish(file, small);
        expect(await storedHash(open())).toBe(hashOf(small));
      }),
      { numRuns: 5 },
    );
  });

  test('a source without a total is returned without one', async () => {
    const open = await makeStorage();
    const source = { jobId: 'job-1', validator: 'Sat, 01 Nov 2025 00:00:00 GMT' };
    const staged = await open().stage(key, source);
    await staged.write(small);
    await staged.suspend();
    expect((await open().resume(key))?.source).toEqual(source);
  });

  test('a sealed file that was not committed is kept, complete', async () => {
    const open = await makeStorage();
    const staged = await begin(open(), small, small.length);
    await staged.seal();
    await staged.suspend();
    const resumed = await open().resume(key);
    expect(resumed?.sizeBytes).toBe(small.length);
    await finish(resumed as StagedFile, small);
    expect(await storedHash(open())).toBe(hashOf(small));
  });

  test.each(['nothing was begun', 'without a source', 'discarded', 'committed', 'begun anew'])(
    'there is nothing to resume: %s',
    async (why) => {
      const open = await makeStorage();
      if (why === 'without a source') {
        const staged = await open().stage(key);
        await staged.write(small);
        await staged.suspend();
      } else if (why !== 'nothing was begun') {
        const staged = await begin(open(), small, small.length);
        if (why === 'discarded') await staged.discard();
        if (why === 'committed') await finish(staged, small);
        await staged.suspend();
        if (why === 'begun anew') await open().stage(key, sourceOf(small));
      }
      expect(await open().resume(key)).toBeNull();
      expect(await open().leftovers()).toEqual({ count: 0, sizeBytes: 0 });
    },
  );

  test('a suspension after the commit removes nothing', async () => {
    const open = await makeStorage();
    const staged = await begin(open(), small, small.length);
    await finish(staged, small);
    await staged.suspend();
    await staged.discard();
    expect(await storedHash(open())).toBe(hashOf(small));
  });

  test('a worker that slept commits nothing, and takes nothing from the worker that resumed its file', async () => {
    const open = await makeStorage();
    const slow = await begin(open(), large, 17 * megabyte);
    const fast = await open().resume(key);
    expect(fast?.sizeBytes).toBeGreaterThan(0);
    const late = async () => {
      await writeOn(slow, large);
      await slow.seal();
      await slow.commit();
    };
    await expect(late()).rejects.toBeInstanceOf(StorageError);
    await slow.suspend();
    expect(await open().head(key)).toBeNull();
    await finish(fast as StagedFile, large);
    await slow.discard();
    expect(await storedHash(open())).toBe(hashOf(large));
    expect(await open().leftovers()).toEqual({ count: 0, sizeBytes: 0 });
  });

  test('a worker that slept commits nothing after its file was restarted', async () => {
    const open = await makeStorage();
    const slow = await begin(open(), small, 1_000);
    const fast = await begin(open(), small, small.length);
    const late = async () => {
      await writeOn(slow, small);
      await slow.seal();
      await slow.commit();
    };
    await expect(late()).rejects.toBeInstanceOf(StorageError);
    await slow.discard();
    expect(await open().head(key)).toBeNull();
    await finish(fast, small);
    await slow.suspend();
    expect(await storedHash(open())).toBe(hashOf(small));
  });

  test('files of different keys are resumed independently', async () => {
    const open = await makeStorage();
    const keys = ['videos/a.mp4', 'videos/a.mp4.mp4', `videos/${'long'.repeat(60)}.mp4`];
    for (const [index, each] of keys.entries()) {
      const staged = await open().stage(each, { jobId: each, validator: '"v1"' });
      await staged.write(small.subarray(0, index + 1));
      await staged.suspend();
    }
    for (const [index, each] of keys.entries()) {
      const expected = { sizeBytes: index + 1, source: { jobId: each } };
      expect(await open().resume(each)).toMatchObject(expected);
    }
  });
}
