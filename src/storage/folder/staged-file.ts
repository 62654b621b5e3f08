import {
  access,
  type FileHandle,
  open,
  readFile,
  rename,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { absentAsNull, inFolder, renameDurably, withFolderOf, writeFully } from './file-system.ts';
import { allEnded } from '../all-ended.ts';
import { type RunningHash, startHash } from '../running-hash.ts';
import { parseNote, stagedSourceSchema } from '../staged-note.ts';
import {
  listUnfinished,
  newAsidePath,
  newNotePath,
  notePath,
  removeUnfinished,
} from './unfinished-files.ts';
import type { ResumedFile, StagedFile, StagedSource } from '../video-storage.ts';

/** The most that a killed worker loses. A sync for every chunk would be slower than downloading that much again. */
const checkpointBytes = 8 * 1024 * 1024;
/** Large enough that a call of the file system costs little. */
const blockBytes = 1024 * 1024;

const noteSchema = z.object({
  source: stagedSourceSchema,
  sizeBytes: z.number().int().positive(),
  /** Digest of the first `sizeBytes` bytes. */
  sha256: z.string(),
});

interface Target {
  root: string;
  key: string;
  /** Path of the finished file. */
  path: string;
}

interface Opened extends Target {
  aside: string;
  source: StagedSource | undefined;
  file: FileHandle;
  /** Digest state over all bytes so far. */
  hash: RunningHash;
  sizeBytes: number;
  /** Bytes covered by the saved note. */
  notedBytes: number;
  /** Bytes covered by the note that is being written. */
  begunBytes: number;
  noting: Promise<void>;
  state: 'writing' | 'broken' | 'sealed' | 'ended';
}

/** Removes leftovers of earlier workers for this key and creates an unfinished file. */
export async function stageFile(target: Target, source?: StagedSource): Promise<StagedFile> {
  const earlier = await listUnfinished(target.root, target.key);
  await Promise.all(earlier.map(({ aside }) => removeUnfinished(aside)));
  const aside = newAsidePath(target.root, target.key);
  const file = await withFolderOf(aside, () => open(aside, 'wx+'));
  const hash = startHash();
  return openStaged(target, { aside, source, file, hash, sizeBytes: 0 });
}

/** Resumes the newest unfinished file that matches its note. Removes all others. */
export async function resumeFile(target: Target): Promise<ResumedFile | null> {
  let resumed: ResumedFile | null = null;
  for (const { aside } of await listUnfinished(target.root, target.key)) {
    resumed ??= await takeOver(target, aside);
    await removeUnfinished(aside);
  }
  return resumed;
}

/** Renames the file to a new unique name, so that a delayed worker that still writes fails at its next note or rename. */
async function takeOver(target: Target, earlier: string): Promise<ResumedFile | null> {
  const note = parseNote(noteSchema, await absentAsNull(readFile(notePath(earlier))));
  if (!note) return null;
  const aside = newAsidePath(target.root, target.key);
  await writeNote(aside, note);
  await absentAsNull(rename(earlier, aside));
  const { source, sizeBytes } = note;
  const hash = await absentAsNull(hashStart(aside, sizeBytes));
  if ((await hash?.digest()) !== note.sha256 || !hash) {
    hash?.end();
    await removeUnfinished(aside);
    return null;
  }
  await truncate(aside, sizeBytes);
  const file = await open(aside, 'r+');
  return Object.assign(openStaged(target, { aside, source, file, hash, sizeBytes }), { source });
}

async function hashStart(path: string, sizeBytes: number): Promise<RunningHash> {
  const hash = startHash();
  const file = await open(path, 'r');
  const block = new Uint8Array(new SharedArrayBuffer(blockBytes));
  try {
    for (let position = 0; position < sizeBytes;) {
      const length = Math.min(blockBytes, sizeBytes - position);
      const { bytesRead } = await file.read(block, 0, length, position);
      if (bytesRead === 0) break;
      await hash.update(block.subarray(0, bytesRead));
      position += bytesRead;
    }
    return hash;
  } finally {
    await file.close();
  }
}

type Begun = Pick<Opened, 'aside' | 'source' | 'file' | 'hash' | 'sizeBytes'>;

function openStaged(target: Target, begun: Begun): StagedFile {
  const { root, key } = target;
  const { sizeBytes } = begun;
  const marks = { notedBytes: sizeBytes, begunBytes: sizeBytes, noting: Promise.resolve() };
  const opened: Opened = { ...target, ...begun, ...marks, state: 'writing' };
  return {
    get sizeBytes() {
      return opened.sizeBytes;
    },
    blockBytes,
    blocksAtOnce: 1,
    write: (chunk) => inFolder(root, `write "${key}"`, () => write(opened, chunk)),
    seal: () => inFolder(root, `write "${key}"`, () => seal(opened)),
    readAt: (position, length) =>
      inFolder(root, `read "${key}"`, () => readAt(opened, position, length)),
    commit: (as = key) => inFolder(root, `commit "${as}"`, () => commit(opened, as)),
    suspend: () => suspend(opened),
    discard: () => discard(opened),
  };
}

async function write(opened: Opened, chunk: Uint8Array): Promise<void> {
  demand(opened, 'writing');
  const steps = [writeFully(opened.file, chunk, opened.sizeBytes), opened.hash.update(chunk)];
  await allEnded(steps).catch((error: unknown) => {
    // The hash may be ahead of the file, so only the earlier note is true.
    opened.state = 'broken';
    throw error;
  });
  opened.sizeBytes += chunk.length;
  if (opened.sizeBytes - opened.begunBytes >= checkpointBytes) await beginCheckpoint(opened);
}

/** Syncs the disk while more bytes arrive. A failure is reported at the next wait. */
async function beginCheckpoint(opened: Opened): Promise<void> {
  await opened.noting;
  opened.begunBytes = opened.sizeBytes;
  opened.noting = checkpoint(opened);
  opened.noting.catch(() => {});
}

async function seal(opened: Opened): Promise<{ sha256: string }> {
  demand(opened, 'writing');
  await opened.noting;
  await opened.file.truncate(opened.sizeBytes);
  await opened.file.sync();
  await checkpoint(opened);
  opened.state = 'sealed';
  return { sha256: await opened.hash.digest() };
}

async function readAt(opened: Opened, position: number, length: number): Promise<Uint8Array> {
  demand(opened, 'sealed');
  const buffer = Buffer.alloc(Math.max(0, Math.min(length, opened.sizeBytes - position)));
  const { bytesRead } = await opened.file.read(buffer, 0, buffer.length, position);
  return buffer.subarray(0, bytesRead);
}

async function commit(opened: Opened, as: string): Promise<void> {
  demand(opened, 'sealed');
  const path = as === opened.key ? opened.path : join(opened.root, ...as.split('/'));
  await renameDurably(opened.aside, path);
  await end(opened);
  // The video is committed. A note that cannot be removed is left to `sweep`.
  await removeUnfinished(opened.aside).catch(() => {});
}

async function suspend(opened: Opened): Promise<void> {
  // If this checkpoint fails, the earlier note stays valid.
  if (opened.state === 'writing') {
    await opened.noting.then(() => checkpoint(opened)).catch(() => {});
  }
  if (opened.notedBytes === 0) return discard(opened);
  await end(opened).catch(() => {});
}

async function discard(opened: Opened): Promise<void> {
  await opened.noting.catch(() => {});
  await end(opened).catch(() => {});
  await removeUnfinished(opened.aside).catch(() => {});
}

/** Syncs the file and saves a note of it. Fails if another worker has taken the file over. */
async function checkpoint(opened: Opened): Promise<void> {
  const { source, sizeBytes, file, hash, aside } = opened;
  if (!source || sizeBytes === opened.notedBytes) return;
  const [sha256] = await Promise.all([hash.digest(), file.datasync()]);
  await writeNote(aside, { source, sizeBytes, sha256 });
  // Checked last, because otherwise a note could be left without its file.
  await access(aside).catch(async (error: unknown) => {
    await removeUnfinished(aside);
    throw error;
  });
  opened.notedBytes = sizeBytes;
}

/** Replaces the note atomically, without a sync. A note damaged by a power failure is rejected and costs one download. */
async function writeNote(aside: string, note: z.infer<typeof noteSchema>): Promise<void> {
  await writeFile(newNotePath(aside), JSON.stringify(note));
  await rename(newNotePath(aside), notePath(aside));
}

function demand({ state }: Opened, wanted: Opened['state']): void {
  if (state !== wanted) throw new Error(`the unfinished file is ${state}, not ${wanted}`);
}

async function end(opened: Opened): Promise<void> {
  if (opened.state === 'ended') return;
  opened.state = 'ended';
  opened.hash.end();
  await opened.file.close();
}
