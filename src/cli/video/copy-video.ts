import { randomUUID } from 'node:crypto';
import { link, lstat, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import type { OpenedVideo } from '../../client.ts';
import type { KeptFile } from '../../contract/failure.ts';
import type { StoredVideo } from '../../contract/stored-video.ts';
import { isSameFile } from '../../storage/folder/file-system.ts';
import { UsageError } from '../context.ts';
import { fileName } from './file-name.ts';
import { openHere, type ReadableStorage } from './open-here.ts';

export interface CopyTarget {
  path: string;
  /** Replace what is there. */
  force: boolean;
  /** The name is generated; its extension is replaced by that of the stored file. */
  named?: true;
}

/** The target of `-o`. If it names no file (`true`), the name is made of `text`. @throws {UsageError} */
export async function chooseTarget(
  { output, force = false }: { output: string | true; force?: boolean },
  text: string,
): Promise<CopyTarget> {
  const target: CopyTarget =
    output === true
      ? { path: fileName(text, '.mp4'), named: true, force }
      : { path: output, force };
  await checkTarget(target);
  return target;
}

/** The copy failed. The stored video is unaffected. */
export class CopyFailed extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CopyFailed';
  }
}

/**
 * Checks before any payment that `-o` can be written, by writing a file beside it: permissions alone do not tell.
 * @throws {UsageError}
 */
export async function checkTarget({ path, force }: CopyTarget): Promise<void> {
  const target = resolve(path);
  const refused = (reason: string, options?: ErrorOptions) =>
    new UsageError(`Cannot write "${path}": ${reason}`, options);
  if (/[\\/]$/.test(path)) throw refused('it is a folder');
  try {
    const fault = await faultOf(target, force);
    if (fault !== undefined) throw refused(fault);
    const aside = asideOf(target);
    await (await open(aside, 'wx')).close();
    await rm(aside);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw refused(
      `${reasonOf(cause)}; the folder "${dirname(target)}" must exist and be writable`,
      {
        cause,
      },
    );
  }
}

/** Why a path cannot be written; undefined if it can. Only regular files are replaced. */
async function faultOf(path: string, force: boolean): Promise<string | undefined> {
  const there = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!there) return undefined;
  if (there.isDirectory()) return 'it is a folder';
  if (there.isSymbolicLink()) return 'it is a symbolic link; give the path of a file';
  if (!there.isFile()) {
    return 'it is a device, a pipe or a socket; give the path of a file, or write to a pipe with `onetake download <id> -o -`';
  }
  return force ? undefined : 'it exists; add --force to replace it, or use another name';
}

/** In the folder of the target, so that the rename is atomic. */
function asideOf(path: string): string {
  return join(dirname(path), `.onetake-${randomUUID()}.part`);
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
 * Writes an opened video to a temporary file and renames it, so that the target is complete or absent.
 *
 * @returns The path of the copy.
 * @throws {VideoClientError} `damaged`
 * @throws {StorageError}
 * @throws {CopyFailed} The target cannot be written.
 */
export async function writeCopy(
  { video, body }: OpenedVideo<KeptFile>,
  given: CopyTarget,
): Promise<string> {
  const target = given.named ? { ...given, path: withEnding(given.path, video) } : given;
  const path = resolve(target.path);
  const aside = asideOf(path);
  try {
    await writeAside(body, aside);
    await moveInPlace(aside, target);
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

function withEnding(path: string, { key }: KeptFile): string {
  return path.slice(0, -extname(path).length) + extname(key);
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

/** Checks the target again, because it may have changed since `checkTarget`. */
async function moveInPlace(aside: string, { path: shown, force }: CopyTarget): Promise<void> {
  const path = resolve(shown);
  const fault = await faultOf(path, force);
  if (fault !== undefined) throw new CopyFailed(`Cannot write "${shown}": ${fault}`);
  if (force) return rename(aside, path);
  try {
    await link(aside, path);
  } catch (error) {
    if (await isSameFile(aside, path)) return;
    await refuseExisting(error, shown);
    // The file system has no hard links: create an empty file exclusively, then replace it.
    await open(path, 'wx').then(
      (file) => file.close(),
      (reason: unknown) => refuseExisting(reason, shown),
    );
    await rename(aside, path);
  }
}

async function refuseExisting(error: unknown, path: string): Promise<void> {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EEXIST') return;
  throw new CopyFailed(
    `Cannot write "${path}": it was created meanwhile; add --force to replace it`,
  );
}
