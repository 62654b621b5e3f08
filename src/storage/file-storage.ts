import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StorageError } from './storage-error.ts';
import type { StagedFile, VideoStorage } from './video-storage.ts';

/** Unfinished files live here, on the same file system as the finished ones, so that a rename is atomic. */
const asideFolder = '.unfinished';
const uuidLength = 36;

/** Stores under a local folder: writes aside, syncs, renames. @param folder Created when missing. */
export function createFileStorage({ folder }: { folder: string }): VideoStorage {
  const root = resolve(folder);
  const pathOf = (key: string) => join(root, ...key.split('/'));

  return {
    stage: (key) => attempt(`write "${key}"`, root, () => stageFile(root, key, pathOf(key))),
    head: (key) => attempt(`read "${key}"`, root, () => absentAsNull(headFile(pathOf(key)))),
    read: (key) => readChunks(pathOf(key), key, root),
    readSmall: (key, maxBytes) =>
      attempt(`read "${key}"`, root, () => absentAsNull(readWhole(pathOf(key), maxBytes))),
    createSmall: (key, bytes) =>
      attempt(`create "${key}"`, root, () => createExclusive(root, key, pathOf(key), bytes)),
    writeSmall: (key, bytes) =>
      attempt(`write "${key}"`, root, async () => {
        const aside = await writeAside(root, key, bytes);
        await renameDurably(aside, pathOf(key));
      }),
    remove: (key) => attempt(`remove "${key}"`, root, () => rm(pathOf(key), { force: true })),
    uriOf: (key) => pathToFileURL(pathOf(key)).href,
    check: () =>
      attempt('write a probe', root, async () => {
        const aside = await writeAside(root, 'probe', Buffer.from('onetake'));
        await rm(aside);
      }),
  };
}

async function stageFile(root: string, key: string, target: string): Promise<StagedFile> {
  await removeUnfinished(root, key);
  const aside = await asidePath(root, key);
  const file = await open(aside, 'wx+');
  let position = 0;
  let isOpen = true;
  const close = async () => {
    if (isOpen) await file.close();
    isOpen = false;
  };
  return {
    write: (chunk) =>
      attempt(`write "${key}"`, root, async () => {
        await writeFully(file, chunk, position);
        position += chunk.length;
      }),
    readAt: (start, length) =>
      attempt(`read "${key}"`, root, async () => {
        const buffer = Buffer.alloc(Math.max(0, Math.min(length, position - start)));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
        return buffer.subarray(0, bytesRead);
      }),
    commit: () =>
      attempt(`commit "${key}"`, root, async () => {
        await file.sync();
        await close();
        await renameDurably(aside, target);
      }),
    discard: async () => {
      await close().catch(() => {});
      await rm(aside, { force: true }).catch(() => {});
    },
  };
}

async function writeFully(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < chunk.length) {
    const { bytesWritten } = await file.write(
      chunk,
      written,
      chunk.length - written,
      position + written,
    );
    written += bytesWritten;
  }
}

/** A hard link to a complete file: it exists whole or not at all, and only one of many writers gets it. */
async function createExclusive(root: string, key: string, target: string, bytes: Uint8Array) {
  await mkdir(dirname(target), { recursive: true });
  const aside = await writeAside(root, key, bytes);
  try {
    await link(aside, target);
    await syncFolder(dirname(target));
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function writeAside(root: string, key: string, bytes: Uint8Array): Promise<string> {
  const aside = await asidePath(root, key);
  const file = await open(aside, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return aside;
}

async function asidePath(root: string, key: string): Promise<string> {
  const folder = join(root, asideFolder);
  await mkdir(folder, { recursive: true });
  return join(folder, `${randomUUID()}.${asideName(key)}`);
}

/** The whole key in one file name. */
function asideName(key: string): string {
  return encodeURIComponent(key);
}

/** What a killed worker left behind for this key; a worker that still writes there fails at its rename. */
async function removeUnfinished(root: string, key: string): Promise<void> {
  const folder = join(root, asideFolder);
  const names = (await absentAsNull(readdir(folder))) ?? [];
  const ofThisKey = names.filter((name) => name.slice(uuidLength + 1) === asideName(key));
  await Promise.all(ofThisKey.map((name) => rm(join(folder, name), { force: true })));
}

async function renameDurably(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** A rename is only durable once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function headFile(path: string): Promise<{ sizeBytes: number }> {
  const { size } = await stat(path);
  return { sizeBytes: size };
}

async function readWhole(path: string, maxBytes: number): Promise<Uint8Array> {
  const { sizeBytes } = await headFile(path);
  if (sizeBytes > maxBytes) throw new Error(`${sizeBytes} bytes, more than ${maxBytes}`);
  return readFile(path);
}

async function* readChunks(path: string, key: string, root: string): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Buffer;
  } catch (cause) {
    throw storageError(`read "${key}"`, root, cause);
  }
}

async function attempt<T>(action: string, root: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw storageError(action, root, cause);
  }
}

function storageError(action: string, root: string, cause: unknown): StorageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageError(`Cannot ${action} in folder "${root}": ${reason}`, { cause });
}

async function absentAsNull<T>(result: Promise<T>): Promise<T | null> {
  try {
    return await result;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
