import { randomUUID } from 'node:crypto';
import { access, constants, link, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { OpenedVideo } from '../client.ts';
import type { StoredVideo } from '../contract/stored-video.ts';
import { UsageError } from './context.ts';
import { openHere, type ReadableStorage } from './open-here.ts';

export interface CopyTarget {
  path: string;
  /** Replace what is there. */
  force: boolean;
}

/** The copy was not made; what is stored stays as it is. */
export class CopyFailed extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CopyFailed';
  }
}

/** Before anything is paid: could `-o` be written at all? @throws {UsageError} */
export async function checkTarget({ path, force }: CopyTarget): Promise<void> {
  const target = resolve(path);
  const there = await stat(target).catch(() => null);
  if (there?.isDirectory()) throw new UsageError(`Cannot write "${path}": it is a folder`);
  if (there && !force) {
    throw new UsageError(`Cannot write "${path}": it exists; give --force to replace it`);
  }
  const folder = dirname(target);
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw new UsageError(
      `Cannot write "${path}": folder "${folder}" is not there or not writable`,
      {
        cause,
      },
    );
  });
}

/**
 * Copies a stored video out of its storage.
 *
 * @returns The path of the copy.
 * @throws {CopyFailed}
 */
export async function copyVideo(
  video: StoredVideo,
  { target, storage }: { target: CopyTarget; storage: ReadableStorage },
): Promise<string> {
  try {
    return await writeCopy(await openHere(video, storage), target);
  } catch (cause) {
    if (cause instanceof CopyFailed) throw cause;
    throw new CopyFailed(reasonOf(cause), { cause });
  }
}

/**
 * Writes an opened video to a file: aside first, then in place, so that the target is whole or not there.
 *
 * @returns The path of the copy.
 * @throws {VideoClientError} `damaged`
 * @throws {StorageError}
 * @throws {CopyFailed} The target cannot be written.
 */
export async function writeCopy({ video, body }: OpenedVideo, target: CopyTarget): Promise<string> {
  const path = resolve(target.path);
  const aside = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  try {
    await writeAside(body, aside);
    await moveInPlace(aside, path, target.force);
    return path;
  } catch (cause) {
    if (!isFileSystemError(cause)) throw cause;
    throw new CopyFailed(
      `The video is stored at "${video.uri}", but cannot be copied to "${target.path}": ${reasonOf(cause)}`,
      { cause },
    );
  } finally {
    await rm(aside, { force: true }).catch(() => {});
  }
}

async function writeAside(body: OpenedVideo['body'], aside: string): Promise<void> {
  const file = await open(aside, 'wx');
  try {
    for await (const chunk of body) await writeFully(file, chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

function isFileSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function writeFully(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length;) {
    written += (await file.write(chunk, written)).bytesWritten;
  }
}

/** A link never replaces what somebody else put there meanwhile. */
async function moveInPlace(aside: string, path: string, force: boolean): Promise<void> {
  if (force) return rename(aside, path);
  try {
    await link(aside, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new CopyFailed(`Cannot write "${path}": it exists by now; give --force to replace it`);
    }
    await rename(aside, path);
  }
}
