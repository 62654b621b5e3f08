import { createHash, randomUUID } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { asideFolder } from '../checked-keys.ts';
import { absentAsNull, removeFile } from './file-system.ts';

const uuidLength = 36;
/** File names are limited to 255 bytes; the UUID and the suffix take 47 of them. */
const longestName = 200;
/** No encoded key contains an "@". */
const noteEnding = '@note';

/** Name prefix of our own unfinished files. */
const isOurs = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\./;

/**
 * Returns a new path for an unfinished file of `key`: a unique prefix and the encoded key in one file name. It is on the
 * same file system as the finished files, so that a rename is atomic. Its folder may be missing.
 */
export function newAsidePath(root: string, key: string): string {
  return join(root, asideFolder, `${randomUUID()}.${asideName(key)}`);
}

/** Path of the note next to an unfinished file. */
export function notePath(aside: string): string {
  return aside + noteEnding;
}

function asideName(key: string): string {
  const name = encodeURIComponent(key);
  if (name.length <= longestName) return name;
  return createHash('sha256').update(key).digest('hex');
}

/** An unfinished file with its note. Either may be missing. */
export interface UnfinishedFile {
  /** Path of the file itself. */
  aside: string;
  /** Size of the file itself. */
  sizeBytes: number;
  /** Last write to the file or its note. Milliseconds since the epoch. */
  touchedAt: number;
}

/** Lists the unfinished files of one key, or of all keys, most recently written first. */
export async function listUnfinished(root: string, key?: string): Promise<UnfinishedFile[]> {
  const folder = join(root, asideFolder);
  const names = (await absentAsNull(readdir(folder))) ?? [];
  const ours = names.filter((name) => isOurs.test(name));
  const asides = new Set(ours.map((name) => name.replace(/@note(\.new)?$/, '')));
  const wanted = [...asides].filter(
    (name) => key === undefined || name.slice(uuidLength + 1) === asideName(key),
  );
  const files = await Promise.all(wanted.map((name) => describe(join(folder, name))));
  return files.toSorted((one, other) => other.touchedAt - one.touchedAt);
}

async function describe(aside: string): Promise<UnfinishedFile> {
  const [file, ...notes] = await Promise.all(traces(aside).map((path) => absentAsNull(stat(path))));
  // Rounded down, because `Date.now()` has whole milliseconds and a fraction would be in the future.
  const times = [file, ...notes].map((found) => Math.floor(found?.mtimeMs ?? 0));
  return { aside, sizeBytes: file?.size ?? 0, touchedAt: Math.max(...times) };
}

/** Removes an unfinished file with its note. A worker that still writes to it fails at its next note or rename. */
export async function removeUnfinished(aside: string): Promise<void> {
  await Promise.all(traces(aside).map(removeFile));
}

function traces(aside: string): string[] {
  return [aside, notePath(aside), newNotePath(aside)];
}

/** Temporary path of a note before it is renamed into place. */
export function newNotePath(aside: string): string {
  return `${notePath(aside)}.new`;
}
