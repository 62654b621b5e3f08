import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, constants, link, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StoredVideo } from '../contract/stored-video.ts';
import { UsageError } from './context.ts';

export interface CopyTarget {
  path: string;
  /** Replace what is there. */
  force: boolean;
}

/** The copy for `-o` was not made; the stored video itself is safe. */
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
 * Copies the stored file, checking its SHA-256 on the way: aside first, then in place, so that the target is whole or
 * not there.
 *
 * @param folder Local storage folder, tried where the stored address cannot be read from this machine.
 * @returns The path of the copy.
 * @throws {CopyFailed}
 */
export async function copyVideo(
  video: StoredVideo,
  { target, folder }: { target: CopyTarget; folder: string },
): Promise<string> {
  const source = await findReadable(video, folder);
  const path = resolve(target.path);
  const aside = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  try {
    await writeChecked(source, aside, video.sha256);
    await moveInPlace(aside, path, target.force);
    return path;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CopyFailed(
      `The video is stored at "${video.uri}", but cannot be copied to "${target.path}": ${reason}`,
      { cause },
    );
  } finally {
    await rm(aside, { force: true }).catch(() => {});
  }
}

async function findReadable(video: StoredVideo, folder: string): Promise<string> {
  const places = [
    ...(video.uri.startsWith('file:') ? [fileURLToPath(video.uri)] : []),
    join(folder, ...video.key.split('/')),
  ];
  for (const place of places) {
    const readable = await access(place, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (readable) return place;
  }
  throw new CopyFailed(
    `The video is stored at "${video.uri}", which cannot be read from this machine: copy it from there`,
  );
}

async function writeChecked(source: string, aside: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  const file = await open(aside, 'wx');
  try {
    for await (const chunk of createReadStream(source)) {
      hash.update(chunk as Buffer);
      await writeFully(file, chunk as Buffer);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  const found = hash.digest('hex');
  if (found !== sha256) throw new Error(`its sha256 is ${found}, not ${sha256}`);
}

async function writeFully(file: FileHandle, chunk: Buffer): Promise<void> {
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
    if (code === 'EEXIST') throw new Error('it exists by now; give --force to replace it');
    await rename(aside, path);
  }
}
