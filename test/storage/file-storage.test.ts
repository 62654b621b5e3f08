import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createFileStorage } from '../../src/storage/file-storage.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { storageLaws } from './contract.ts';

storageLaws('file storage', async () => (await tempStorage()).storage);

const key = 'videos/demo.mp4';

describe('the folder', () => {
  test('is made by the first write', async () => {
    const { folder } = await tempStorage();
    const deep = join(folder, 'not', 'yet', 'there');
    await createFileStorage({ folder: deep }).writeSmall(key, Buffer.from('1'));
    expect(await readdir(join(deep, 'videos'))).toEqual(['demo.mp4']);
  });

  test('holds each object at the path that its address says', async () => {
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
  test('lie beside the finished ones, never among them', async () => {
    const { storage, files } = await tempStorage();
    const staged = await storage.stage(key);
    await staged.write(Buffer.from('half'));
    expect(await files()).toEqual([expect.stringMatching(/^\.unfinished\/.+demo\.mp4$/)]);
    await staged.discard();
    expect(await files()).toEqual([]);
  });

  test('of a killed worker are removed by the next one that stages the key', async () => {
    const { storage, files } = await tempStorage();
    const lost = await storage.stage(key);
    await lost.write(Buffer.from('half'));
    const staged = await storage.stage(key);
    await staged.write(Buffer.from('whole'));
    await staged.commit();
    await lost.discard();
    expect(await files()).toEqual([key]);
  });

  test('of a worker that was overtaken cannot be committed', async () => {
    const { storage } = await tempStorage();
    const slow = await storage.stage(key);
    await slow.write(Buffer.from('slow'));
    const fast = await storage.stage(key);
    await fast.write(Buffer.from('fast'));
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
    await expect(staged.commit()).rejects.toBeInstanceOf(StorageError);
    await staged.discard();
    expect(await files()).toEqual([]);
  });
});

describe('a failure is a StorageError that says what was tried', () => {
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
