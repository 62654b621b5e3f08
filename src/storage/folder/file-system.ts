import { type FileHandle, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StorageError } from '../storage-error.ts';

/** Runs one step on a folder. Any failure becomes a StorageError that names the action and the folder. */
export async function inFolder<T>(root: string, action: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw folderError(root, action, cause);
  }
}

export function folderError(root: string, action: string, cause: unknown): StorageError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StorageError(`Cannot ${action} in folder "${root}": ${reason}`, { cause });
}

/** Null if the file or folder does not exist. */
export async function absentAsNull<T>(result: Promise<T>): Promise<T | null> {
  try {
    return await result;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** True if two paths are the same file. Inode numbers can exceed 2^53. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([identityOf(one), identityOf(other)]);
  return first !== null && first === second;
}

async function identityOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found && `${found.dev}/${found.ino}`;
}

/** A network file system may repeat a successful rename and then report ENOENT, although the file is in place. */
export async function renameDurably(from: string, to: string): Promise<void> {
  const identity = await identityOf(from);
  await withFolderOf(to, async () => {
    try {
      await rename(from, to);
    } catch (error) {
      const isThere = identity !== null && (await identityOf(to)) === identity;
      if (!hasCode(error, 'ENOENT') || !isThere) throw error;
    }
  });
  await syncFolder(dirname(to));
}

/** Runs a step that needs the folder of `path`. Creates the folder only if it is missing, because it rarely is. */
export async function withFolderOf<T>(path: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    await mkdir(dirname(path), { recursive: true });
    return run();
  }
}

/** Removes a file if it exists. `rm` of Node would look at it twice before. */
export async function removeFile(path: string): Promise<void> {
  await absentAsNull(unlink(path));
}

/** A rename is durable only after its folder is synced. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Loops, because a single write may be partial. */
export async function writeFully(
  file: FileHandle,
  chunk: Uint8Array,
  position: number,
): Promise<void> {
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
