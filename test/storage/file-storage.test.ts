import { randomUUID } from 'node:crypto';
import {
  appendFile,
  copyFile,
  link,
  mkdir,
  readdir,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { storageLaws } from './contract.ts';

storageLaws('file storage', async () => {
  const { folder } = await tempStorage();
  return () => createFileStorage({ folder });
});

const key = 'videos/demo.mp4';

describe('the folder', () => {
  test('is created by the first write', async () => {
    const { folder } = await tempStorage();
    const deep = join(folder, 'not', 'yet', 'there');
    await createFileStorage({ folder: deep }).writeSmall(key, Buffer.from('1'));
    expect(await readdir(join(deep, 'videos'))).toEqual(['demo.mp4']);
  });

  test('stores each object at the path of its address', async () => {
    const { folder, storage } = await tempStorage();
    expect(fileURLToPath(storage.uriOf(key))).toBe(join(folder, key));
  });

  test('that is a file is an error with the folder in its message', async () => {
    const { folder } = await tempStorage();
    const path = join(folder, 'a-file');
    await writeFile(path, 'x');
    const storage = createFileStorage({ folder: path });
    for (const run of [() => storage.check(), () => storage.stage(key)]) {
      const error: unknown = await run().catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(StorageError);
      expect(error).toMatchObject({
        message: expect.stringContaining(path) as string,
        cause: expect.objectContaining({ code: 'ENOTDIR' }) as object,
      });
    }
  });
});

describe('unfinished files', () => {
  test('lie next to the finished ones, never among them', async () => {
    const { storage, files } = await tempStorage();
    const staged = await storage.stage(key);
    await staged.write(Buffer.from('half'));
    expect(await files()).toEqual([expect.stringMatching(/^\.unfinished\/.+demo\.mp4$/)]);
    await staged.discard();
    expect(await files()).toEqual([]);
  });

  test('of a killed worker are removed by the next worker that harnesses the key', async () => {
    const { storage, files } = await tempStorage();
    const lost = await storage.stage(key);
    await lost.write(Buffer.from('half'));
    const staged = await storage.stage(key);
    await staged.write(Buffer.from('whole'));
    await staged.seal();
    await staged.commit();
    await lost.discard();
    expect(await files()).toEqual([key]);
  });

  test('of a worker that was superseded cannot be committed', async () => {
    const { storage } = await tempStorage();
    const slow = await storage.stage(key);
    await slow.write(Buffer.from('slow'));
    await slow.seal();
    const fast = await storage.stage(key);
    await fast.write(Buffer.from('fast'));
    await fast.seal();
    await fast.commit();
    await expect(slow.commit()).rejects.toBeInstanceOf(StorageError);
    await slow.discard();
    expect(String(await storage.readSmall(key, 100))).toBe('fast');
  });

  test('are not left by small objects, whether created, lost or replaced', async () => {
    const { storage, files } = await tempStorage();
    await storage.createSmall('claims/a.json', Buffer.from('1'));
    await storage.createSmall('claims/a.json', Buffer.from('2'));
    await storage.writeSmall('claims/a.json', Buffer.from('3'));
    await storage.check();
    expect(await files()).toEqual(['claims/a.json']);
  });

  test('are not left by a commit that fails', async () => {
    const { folder, storage, files } = await tempStorage();
    await mkdir(join(folder, key, 'a-folder-in-the-way'), { recursive: true });
    const staged = await storage.stage(key);
    await staged.write(Buffer.from('whole'));
    await staged.seal();
    await expect(staged.commit()).rejects.toBeInstanceOf(StorageError);
    await staged.discard();
    expect(await files()).toEqual([]);
  });
});

describe('the kept bytes of a file are not trusted', () => {
  const source = { jobId: 'job-1', validator: '"v1"' };
  const isNote = (path: string) => path.endsWith('@note');

  async function suspended() {
    const place = await tempStorage();
    const staged = await place.storage.stage(key, source);
    await staged.write(Buffer.from('0123456789'));
    await staged.suspend();
    const paths = (await place.files()).map((path) => join(place.folder, path));
    const [file, note] = [paths.find((path) => !isNote(path)), paths.find(isNote)];
    return { ...place, file: String(file), note: String(note) };
  }
  type Place = Awaited<ReturnType<typeof suspended>>;
  const rows: [string, (place: Place) => Promise<void>][] = [
    ['if a byte was changed', ({ file }) => writeFile(file, '01234x6789')],
    ['if bytes are missing', ({ file }) => truncate(file, 9)],
    ['if its note is missing', ({ note }) => rm(note)],
    ['if its note is truncated', ({ note }) => truncate(note, 20)],
    ['if its note is no JSON object', ({ note }) => writeFile(note, 'null')],
    ['if the file is gone', ({ file }) => rm(file)],
  ];

  test.each(rows)('%s', async (_name, spoil) => {
    const place = await suspended();
    await spoil(place);
    expect(await place.storage.resume(key)).toBeNull();
    expect(await place.files()).toEqual([]);
  });

  test('beyond the length that its note proves', async () => {
    const { storage, file } = await suspended();
    await appendFile(file, 'torn');
    const resumed = await storage.resume(key);
    expect(resumed?.sizeBytes).toBe(10);
    await resumed?.seal();
    await resumed?.commit();
    expect(String(await storage.readSmall(key, 100))).toBe('0123456789');
  });

  test('if the newest file is corrupt, but an older one is', async () => {
    const { storage, files, file, note, folder } = await suspended();
    const aside = join(folder, '.unfinished', `${randomUUID()}.videos%2Fdemo.mp4`);
    await copyFile(file, aside);
    await copyFile(note, `${aside}@note`);
    await writeFile(aside, 'spoilt');
    expect(await storage.resume(key)).toMatchObject({ sizeBytes: 10, source });
    expect(await files()).toHaveLength(2);
  });
});

test('the sweep uses the time of the last write', async () => {
  const { storage, files, folder } = await tempStorage();
  for (const each of ['videos/old.mp4', 'videos/new.mp4'])
    await (await storage.stage(each)).write(Buffer.from('1'));
  const old = (await files()).filter((path) => path.endsWith('old.mp4'));
  const yesterday = new Date(Date.now() - 86_400_000);
  for (const path of old) await utimes(join(folder, path), yesterday, yesterday);
  expect(await storage.sweep({ untouchedMs: 3_600_000 })).toEqual({ count: 1, sizeBytes: 1 });
  expect(await files()).toEqual([expect.stringContaining('new.mp4')]);
});

test('the space is that of the disk, also before the folder is created', async () => {
  const { storage, folder } = await tempStorage();
  const space = await storage.space();
  const deep = await createFileStorage({ folder: join(folder, 'not', 'yet') }).space();
  expect(space?.freeBytes).toBeGreaterThan(0);
  expect(space?.totalBytes).toBeGreaterThanOrEqual(Number(space?.freeBytes));
  expect(deep?.totalBytes).toBe(space?.totalBytes);
});

describe('a failure is a StorageError that names the operation', () => {
  type Run = (storage: VideoStorage) => Promise<unknown>;
  const runs: [string, Run][] = [
    ['head', (storage) => storage.head(key)],
    ['readSmall', (storage) => storage.readSmall(key, 10)],
    ['createSmall', (storage) => storage.createSmall(key, Buffer.from('1'))],
    ['writeSmall', (storage) => storage.writeSmall(key, Buffer.from('1'))],
    ['remove', (storage) => storage.remove(`${key}/deeper`)],
  ];

  test.each(runs)('of %s', async (_name, run) => {
    const { folder, storage } = await tempStorage();
    await writeFile(join(folder, 'videos'), 'in the way');
    const error: unknown = await run(storage).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(StorageError);
    expect(String(error)).toMatch(/Cannot (read|create|write|remove) "videos\/demo.mp4/);
  });
});

describe('a file system', () => {
  /** A server that creates the link and loses its response, so that the client sends the request again. */
  const linkTwice: typeof link = async (from, to) => {
    await link(from, to);
    await link(from, to);
  };

  test('that repeats a link call is told apart from another writer', async () => {
    const { folder, files } = await tempStorage();
    const storage = createFileStorage({ folder, link: linkTwice });
    expect(await storage.createSmall('claims/a.json', Buffer.from('1'))).toBe(true);
    expect(await storage.createSmall('claims/a.json', Buffer.from('1'))).toBe(false);
    await storage.check();
    expect(await files()).toEqual(['claims/a.json']);
  });

  test('that reports a failed link although it made it has made it', async () => {
    const { folder } = await tempStorage();
    const lost: typeof link = async (from, to) => {
      await link(from, to);
      throw Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' });
    };
    const storage = createFileStorage({ folder, link: lost });
    expect(await storage.createSmall('claims/a.json', Buffer.from('1'))).toBe(true);
  });

  test.each([
    ['overwrites existing files', copyFile as typeof link],
    ['lacks links', () => Promise.reject(Object.assign(new Error('no'), { code: 'EPERM' }))],
  ])('that %s is refused as a storage by the check, which leaves nothing', async (_name, bad) => {
    const { folder, files } = await tempStorage();
    const storage = createFileStorage({ folder, link: bad });
    await expect(storage.check()).rejects.toBeInstanceOf(StorageError);
    expect(await files()).toEqual([]);
  });

  test('with files of others among the unfinished ones: the sweep keeps them', async () => {
    const { folder, storage, files } = await tempStorage();
    await mkdir(join(folder, '.unfinished'));
    await writeFile(join(folder, '.unfinished', 'notes.txt'), 'x');
    expect(await storage.sweep({ untouchedMs: 0 })).toEqual({ count: 0, sizeBytes: 0 });
    expect(await files()).toEqual(['.unfinished/notes.txt']);
  });
});
