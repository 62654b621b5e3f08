import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { listLaws } from './list-laws.ts';
import { keyLaws } from './key-laws.ts';
import { leftoverLaws } from './leftover-laws.ts';
import { rangeLaws } from './range-laws.ts';
import { resumeLaws } from './resume-laws.ts';

/** Opens one and the same storage, each time as another process would. */
export type OpenStorage = () => VideoStorage;

/** The contract of every backend. `makeStorage` returns an empty storage that exists as long as the running test. */
export function storageLaws(name: string, makeStorage: () => Promise<OpenStorage>): void {
  const limit = { timeout: 30_000 };
  const makeOne = async () => (await makeStorage())();
  describe(`${name}: staged files`, limit, () => stagedFileLaws(makeOne));
  describe(`${name}: resumed files`, limit, () => resumeLaws(makeStorage));
  describe(`${name}: leftovers`, limit, () => leftoverLaws(makeOne));
  describe(`${name}: lists`, limit, () => listLaws(makeOne));
  describe(`${name}: small objects`, limit, () => smallObjectLaws(makeStorage));
  describe(`${name}: objects`, limit, () => objectLaws(makeOne));
  describe(`${name}: byte ranges`, limit, () => rangeLaws(makeOne));
  describe(`${name}: object keys`, limit, () => keyLaws(makeOne));
}

const key = 'videos/demo.mp4';
const chunks = ['one ', 'two ', 'three'].map((text) => Buffer.from(text));
const whole = Buffer.concat(chunks);

async function readAll(storage: VideoStorage, from = key): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of storage.read(from)) parts.push(part);
  return Buffer.concat(parts);
}

async function sealWhole(storage: VideoStorage) {
  const staged = await storage.stage(key);
  for (const chunk of chunks) await staged.write(chunk);
  await staged.seal();
  return staged;
}

function stagedFileLaws(makeStorage: () => Promise<VideoStorage>): void {
  test('no byte is visible before the commit, and all bytes after it', async () => {
    const storage = await makeStorage();
    const staged = await sealWhole(storage);
    expect(await storage.head(key)).toBeNull();
    await staged.commit();
    expect(await storage.head(key)).toEqual({ sizeBytes: whole.length });
    expect(await readAll(storage)).toEqual(whole);
  });

  test('a commit under another key is visible there alone', async () => {
    const storage = await makeStorage();
    const staged = await sealWhole(storage);
    await staged.commit('kept/elsewhere.webm');
    expect(await storage.head(key)).toBeNull();
    expect(await readAll(storage, 'kept/elsewhere.webm')).toEqual(whole);
    expect(await storage.leftovers()).toEqual({ count: 0, sizeBytes: 0 });
  });

  test('the seal returns the hash of all bytes, and ends the writing', async () => {
    const storage = await makeStorage();
    const staged = await storage.stage(key);
    for (const chunk of chunks) await staged.write(chunk);
    expect(staged.sizeBytes).toBe(whole.length);
    expect(await staged.seal()).toEqual({
      sha256: createHash('sha256').update(whole).digest('hex'),
    });
    await expect(staged.write(whole)).rejects.toBeInstanceOf(StorageError);
    expect(staged.sizeBytes).toBe(whole.length);
  });

  test('an unsealed file can neither be read nor committed', async () => {
    const storage = await makeStorage();
    const staged = await storage.stage(key);
    await staged.write(whole);
    await expect(staged.readAt(0, 1)).rejects.toBeInstanceOf(StorageError);
    await expect(staged.commit()).rejects.toBeInstanceOf(StorageError);
    expect(await storage.head(key)).toBeNull();
  });

  test('an empty file is a file', async () => {
    const storage = await makeStorage();
    const staged = await storage.stage(key);
    await staged.seal();
    expect(await staged.readAt(0, 10)).toHaveLength(0);
    await staged.commit();
    expect(await storage.head(key)).toEqual({ sizeBytes: 0 });
  });

  test('written bytes read back at any position, and short at the end', async () => {
    const storage = await makeStorage();
    const staged = await sealWhole(storage);
    const place = fc.record({ position: fc.nat(30), length: fc.nat(30) });
    await fc.assert(
      fc.asyncProperty(place, async ({ position, length }) => {
        const expected = whole.subarray(position, position + length);
        expect(Buffer.from(await staged.readAt(position, length))).toEqual(expected);
      }),
      { numRuns: 50 },
    );
    await staged.discard();
  });

  test('a commit replaces an older file as a whole', async () => {
    const storage = await makeStorage();
    await storage.writeSmall(key, Buffer.alloc(1_000, 'x'));
    await (await sealWhole(storage)).commit();
    expect(await readAll(storage)).toEqual(whole);
  });

  test('a discarded file is gone, and the committed one stays', async () => {
    const storage = await makeStorage();
    await storage.writeSmall(key, Buffer.from('older'));
    await (await sealWhole(storage)).discard();
    expect(String(await readAll(storage))).toBe('older');
  });

  test('a discard after a commit, or a second discard, does nothing', async () => {
    const storage = await makeStorage();
    const staged = await sealWhole(storage);
    await staged.commit();
    await staged.discard();
    await staged.discard();
    expect(await readAll(storage)).toEqual(whole);
  });

  test('a discarded file cannot be committed', async () => {
    const storage = await makeStorage();
    const staged = await sealWhole(storage);
    await staged.discard();
    await expect(staged.commit()).rejects.toBeInstanceOf(StorageError);
    expect(await storage.head(key)).toBeNull();
  });

  test('files of different keys do not affect each other', async () => {
    const storage = await makeStorage();
    const keys = ['videos/demo.mp4', 'videos/demo.mp4.mp4', 'previews/demo.mp4'];
    const files = [];
    for (const each of keys) files.push(await storage.stage(each));
    for (const [index, file] of files.entries()) await file.write(Buffer.from(String(index)));
    for (const file of files.toReversed()) {
      await file.seal();
      await file.commit();
    }
    expect(
      await Promise.all(keys.map(async (each) => String(await readAll(storage, each)))),
    ).toEqual(['0', '1', '2']);
  });
}

function smallObjectLaws(makeOpen: () => Promise<OpenStorage>): void {
  const makeStorage = async () => (await makeOpen())();

  test('any bytes read back unchanged', async () => {
    const storage = await makeStorage();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
        await storage.writeSmall('claims/a.json', bytes);
        expect(Buffer.from((await storage.readSmall('claims/a.json', 2_000)) ?? [])).toEqual(
          Buffer.from(bytes),
        );
      }),
      { numRuns: 20 },
    );
  });

  test('of many concurrent creators of one key exactly one wins, and its bytes stay', async () => {
    const open = await makeOpen();
    const clients = Array.from({ length: 20 }, open);
    const won = await Promise.all(
      clients.map((client, index) =>
        client.createSmall('claims/a.json', Buffer.from(`creator ${index}`)),
      ),
    );
    const storage = open();
    expect(won.filter(Boolean)).toHaveLength(1);
    const kept = Buffer.from((await storage.readSmall('claims/a.json', 100)) ?? []);
    expect(String(kept)).toBe(`creator ${won.indexOf(true)}`);
  });

  test('a removed key can be created again', async () => {
    const storage = await makeStorage();
    await storage.createSmall('claims/a.json', Buffer.from('1'));
    expect(await storage.createSmall('claims/a.json', Buffer.from('2'))).toBe(false);
    await storage.remove('claims/a.json');
    expect(await storage.createSmall('claims/a.json', Buffer.from('3'))).toBe(true);
  });

  test('a reader sees the old bytes or the new ones, never a mixture', async () => {
    const storage = await makeStorage();
    const versions = ['a', 'b'].map((letter) => Buffer.alloc(50_000, letter));
    await storage.writeSmall('claims/a.json', Buffer.alloc(50_000, 'a'));
    const writes = Array.from({ length: 10 }, (_, index) =>
      storage.writeSmall('claims/a.json', versions[index % 2] ?? whole),
    );
    const reads = Array.from({ length: 10 }, () => storage.readSmall('claims/a.json', 100_000));
    const seen = await Promise.all(reads);
    await Promise.all(writes);
    for (const bytes of seen) expect(versions).toContainEqual(Buffer.from(bytes ?? []));
  });

  test('an object larger than the reader allows is an error, not a part', async () => {
    const storage = await makeStorage();
    await storage.writeSmall('claims/a.json', Buffer.alloc(11));
    await expect(storage.readSmall('claims/a.json', 10)).rejects.toBeInstanceOf(StorageError);
    expect(await storage.readSmall('claims/a.json', 11)).toHaveLength(11);
  });
}

function objectLaws(makeStorage: () => Promise<VideoStorage>): void {
  test('a missing object has no head and no bytes, and is removed without error', async () => {
    const storage = await makeStorage();
    expect(await storage.head('videos/none.mp4')).toBeNull();
    expect(await storage.readSmall('videos/none.mp4', 10)).toBeNull();
    await expect(readAll(storage, 'videos/none.mp4')).rejects.toBeInstanceOf(StorageError);
    await storage.remove('videos/none.mp4');
  });

  test('a removed object is gone', async () => {
    const storage = await makeStorage();
    await storage.writeSmall(key, whole);
    await storage.remove(key);
    expect(await storage.head(key)).toBeNull();
  });

  test('an address names its key and nothing else', async () => {
    const storage = await makeStorage();
    const uri = new URL(storage.uriOf(key));
    expect(uri.pathname.endsWith(`/${key}`)).toBe(true);
    expect([uri.search, uri.username, uri.password]).toEqual(['', '', '']);
  });

  test('a check of the storage leaves nothing behind', async () => {
    const storage = await makeStorage();
    await storage.check();
    await storage.check();
    expect(await storage.head('probe')).toBeNull();
  });
}
