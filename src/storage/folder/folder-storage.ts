import { createReadStream, type Dirent } from 'node:fs';
import { link as linkFile, open, readFile, stat, statfs, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  absentAsNull,
  folderError,
  hasCode,
  inFolder,
  isSameFile,
  removeFile,
  renameDurably,
  syncFolder,
  withFolderOf,
} from './file-system.ts';
import { withCheckedKeys, asideFolder } from '../checked-keys.ts';
import { resumeFile, stageFile } from './staged-file.ts';
import { fileTotal } from '../file-total.ts';
import { readAhead } from '../read-ahead.ts';
import { listUnfinished, newAsidePath, removeUnfinished } from './unfinished-files.ts';
import type { ByteRange } from '../../contract/video-reader.ts';
import type { VideoStorage, StoredObject } from '../video-storage.ts';

interface FileStorageOptions {
  /** Created when missing. */
  folder: string;
  /** Creates a hard link. Fails if the path exists. */
  link?: typeof linkFile;
}

/** Stores in a local folder: writes to a temporary file, syncs it, and renames it. */
export function createFileStorage({ folder, link = linkFile }: FileStorageOptions): VideoStorage {
  const root = resolve(folder);
  const pathOf = (key: string) => join(root, ...key.split('/'));
  const attempt = <T>(action: string, run: () => Promise<T>) => inFolder(root, action, run);

  return withCheckedKeys({
    stage: (key, source) =>
      attempt(`write "${key}"`, () => stageFile({ root, key, path: pathOf(key) }, source)),
    resume: (key) => attempt(`resume "${key}"`, () => resumeFile({ root, key, path: pathOf(key) })),
    head: (key) => attempt(`read "${key}"`, () => absentAsNull(headFile(pathOf(key)))),
    read: (key, range) => readChunks({ path: pathOf(key), key, root }, range),
    readSmall: (key, maxBytes) =>
      attempt(`read "${key}"`, () => absentAsNull(readWhole(pathOf(key), maxBytes))),
    createSmall: (key, bytes) =>
      attempt(`create "${key}"`, () =>
        createExclusive({ root, link, key, target: pathOf(key) }, bytes),
      ),
    writeSmall: (key, bytes) =>
      attempt(`write "${key}"`, async () => {
        const aside = await writeAside(root, key, bytes);
        await renameDurably(aside, pathOf(key));
      }),
    remove: (key) => attempt(`remove "${key}"`, () => removeFile(pathOf(key))),
    list: (prefix, { after = '' } = {}) => listFiles(root, { prefix, after }),
    leftovers: () =>
      attempt('read unfinished files', async () => fileTotal(await listUnfinished(root))),
    sweep: ({ untouchedMs }) =>
      attempt('remove unfinished files', () => sweep(root, Date.now() - untouchedMs)),
    space: () => attempt('measure the space', () => measureSpace(root)),
    uriOf: (key) => pathToFileURL(pathOf(key)).href,
    check: () => attempt('write a probe', () => probe(root, link)),
  });
}

interface Creation {
  root: string;
  link: typeof linkFile;
  key: string;
  target: string;
}

/** Links a complete file: the object appears atomically, and exactly one concurrent writer succeeds. */
async function createExclusive(creation: Creation, bytes: Uint8Array): Promise<boolean> {
  const { root, key, target } = creation;
  const aside = await writeAside(root, key, bytes);
  try {
    if (!(await withFolderOf(target, () => linkOnce(creation, aside)))) return false;
    await syncFolder(dirname(target));
    return true;
  } finally {
    await removeFile(aside);
  }
}

/** A network file system may repeat a successful link and then report EEXIST, although the existing file is ours. */
async function linkOnce({ link, target }: Creation, aside: string): Promise<boolean> {
  try {
    await link(aside, target);
    return true;
  } catch (error) {
    if (await isSameFile(aside, target)) return true;
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

const probeWriters = 3;

/** Claims need exactly one of several concurrent links to succeed. Without that, a request could be billed twice. */
async function probe(root: string, link: typeof linkFile): Promise<void> {
  const target = newAsidePath(root, 'probe');
  const creation = { root, link, key: 'probe', target };
  try {
    const writers = Array.from({ length: probeWriters }, (_, index) =>
      createExclusive(creation, Buffer.from(`onetake ${index}`)),
    );
    // Wait until all writers have ended and cleaned up before reporting a failure.
    await Promise.allSettled(writers);
    const created = await Promise.all(writers);
    const again = await createExclusive(creation, Buffer.from('onetake'));
    if (created.filter(Boolean).length === 1 && !again) return;
    throw new Error(
      'its file system creates the same hard link more than once, and claims need exclusive links',
    );
  } finally {
    await removeFile(target);
  }
}

async function writeAside(root: string, key: string, bytes: Uint8Array): Promise<string> {
  const aside = newAsidePath(root, key);
  const file = await withFolderOf(aside, () => open(aside, 'wx'));
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return aside;
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

async function* readChunks(
  { path, key, root }: { path: string; key: string; root: string },
  range?: ByteRange,
): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of createReadStream(path, range)) yield chunk as Buffer;
  } catch (cause) {
    throw folderError(root, `read "${key}"`, cause);
  }
}

async function sweep(root: string, before: number): Promise<{ count: number; sizeBytes: number }> {
  const untouched = (await listUnfinished(root)).filter(({ touchedAt }) => touchedAt <= before);
  await Promise.all(untouched.map(({ aside }) => removeUnfinished(aside)));
  return fileTotal(untouched);
}

/** If the folder does not exist yet, measures the nearest existing parent. */
async function measureSpace(folder: string): Promise<{ freeBytes: number; totalBytes: number }> {
  const disk = await absentAsNull(statfs(folder));
  if (!disk) return measureSpace(dirname(folder));
  return { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize };
}

/** Which keys a list is to give. */
interface Listing {
  prefix: string;
  after: string;
}

/** Lists the files with a key prefix, in key order. */
async function* listFiles(root: string, listing: Listing): AsyncIterable<StoredObject> {
  try {
    for await (const file of readAhead(walk(root, '', listing), (key) => statFile(root, key))) {
      if (file) yield file;
    }
  } catch (cause) {
    throw folderError(root, `list "${listing.prefix}"`, cause);
  }
}

async function* walk(root: string, within: string, listing: Listing): AsyncIterable<string> {
  const folder = join(root, within);
  const entries = await absentAsNull(readdir(folder, { withFileTypes: true }));
  const keys = (entries ?? [])
    .filter(isOurs)
    .map((entry) => within + keyPart(entry))
    .filter((key) => isWanted(key, listing));
  // Sort whole keys, not names per folder: "a.mp4" < "a/b" < "a0".
  for (const key of keys.toSorted()) {
    if (key.endsWith('/')) yield* walk(root, key, listing);
    else yield key;
  }
}

/** The key of a folder ends with a slash. It is wanted if files in it may be. */
function isWanted(key: string, { prefix, after }: Listing): boolean {
  if (!key.endsWith('/')) return key.startsWith(prefix) && key > after;
  if (key === `${asideFolder}/`) return false;
  const mayMatch = key.startsWith(prefix) || prefix.startsWith(key);
  return mayMatch && (key > after || after.startsWith(key));
}

async function statFile(root: string, key: string): Promise<StoredObject | null> {
  const found = await absentAsNull(stat(join(root, key)));
  return found && { key, sizeBytes: found.size, modifiedAt: Math.trunc(found.mtimeMs) };
}

function isOurs(entry: Dirent): boolean {
  return entry.isDirectory() || entry.isFile();
}

function keyPart(entry: Dirent): string {
  return entry.isDirectory() ? `${entry.name}/` : entry.name;
}
