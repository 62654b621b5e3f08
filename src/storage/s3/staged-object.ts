import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { contentTypeOf } from '../../identity/object-key.ts';
import { allEnded } from '../all-ended.ts';
import { type RunningHash, startHash } from '../running-hash.ts';
import { inBucket, type S3Bucket } from './bucket.ts';
import { copyObject } from './copy.ts';
import { beginNote, demandOwned, saveNote, type S3Note } from './note.ts';
import { type KeptUpload, takeOver } from './resume.ts';
import { addBytes, closeUpload, openUpload, partsAtOnce, type S3Upload, settle } from './upload.ts';
import { listUnfinished, newAside, removeUnfinished, tailName } from './unfinished-uploads.ts';
import type { ResumedFile, StagedFile, StagedSource } from '../video-storage.ts';

interface Target {
  bucket: S3Bucket;
  key: string;
  contentType: string;
}

interface Opened extends S3Upload {
  key: string;
  /** Null for a file that was taken over. Parts of an open upload cannot be read, so it is hashed when sealed. */
  hash: RunningHash | null;
  state: 'writing' | 'broken' | 'sealed' | 'suspended' | 'committed' | 'discarded';
}

/** Removes leftovers of earlier workers for this key and creates an unfinished file. */
export async function stageUpload(target: Target, source?: StagedSource): Promise<StagedFile> {
  const { bucket, key, contentType } = target;
  for (const earlier of await listUnfinished(bucket, key)) await removeUnfinished(bucket, earlier);
  const note: S3Note = { parts: [], ...(source && { source }) };
  const owned = await beginNote(bucket, newAside(bucket, key), note);
  return stagedFile({
    ...target,
    ...openUpload({ bucket, owned, note, contentType }),
    hash: startHash(),
    state: 'writing',
  });
}

/** Resumes the newest unfinished file that matches its note. Removes all others. */
export async function resumeUpload(target: Target): Promise<ResumedFile | null> {
  const { bucket, key } = target;
  let resumed: ResumedFile | null = null;
  for (const earlier of await listUnfinished(bucket, key)) {
    const kept = resumed ? null : await takeOver(bucket, earlier.aside);
    if (!kept) {
      await removeUnfinished(bucket, earlier);
      continue;
    }
    resumed = await goOn(target, kept);
  }
  return resumed;
}

async function goOn({ key, ...target }: Target, kept: KeptUpload): Promise<ResumedFile> {
  const { owned, note, source, tail } = kept;
  const upload = openUpload({ ...target, owned, note });
  const opened: Opened = { ...upload, key, hash: null, state: 'writing' };
  if (note.sealed) opened.sizeBytes = note.sealed.sizeBytes;
  await addBytes(opened, tail);
  return Object.assign(stagedFile(opened), { source });
}

function stagedFile(opened: Opened): StagedFile {
  const { bucket, key } = opened;
  return {
    get sizeBytes() {
      return opened.sizeBytes;
    },
    blockBytes: opened.partBytes,
    blocksAtOnce: partsAtOnce,
    write: (chunk) => inBucket(bucket, `write "${key}"`, () => write(opened, chunk)),
    seal: () => inBucket(bucket, `write "${key}"`, () => seal(opened)),
    readAt: (position, length) =>
      inBucket(bucket, `read "${key}"`, () => readAt(opened, position, length)),
    commit: (as = key) => inBucket(bucket, `commit "${as}"`, () => commit(opened, as)),
    suspend: () => suspend(opened),
    discard: () => discard(opened),
  };
}

async function write(opened: Opened, chunk: Uint8Array): Promise<void> {
  demand(opened, 'writing');
  if (opened.note.sealed) throw new Error('the unfinished file is already complete');
  const hashed = opened.hash?.update(chunk);
  await allEnded([addBytes(opened, chunk), ...(hashed ? [hashed] : [])]).catch((error: unknown) => {
    opened.state = 'broken';
    throw error;
  });
}

async function seal(opened: Opened): Promise<{ sha256: string }> {
  demand(opened, 'writing');
  const { bucket, owned, note, sizeBytes } = opened;
  if (!note.sealed) {
    const etag = await closeUpload(opened);
    note.sealed = { etag, sizeBytes };
    delete note.tail;
    await saveNote(bucket, owned, note);
  }
  const hash = opened.hash ?? (await hashSealed(opened));
  opened.state = 'sealed';
  const sha256 = await hash.digest();
  hash.end();
  return { sha256 };
}

async function hashSealed({ bucket, owned, note }: Opened): Promise<RunningHash> {
  const input = { Bucket: bucket.name, Key: owned.aside, IfMatch: note.sealed?.etag };
  const { Body } = await bucket.client.send(new GetObjectCommand(input));
  const hash = startHash();
  for await (const chunk of Body as AsyncIterable<Uint8Array>) await hash.update(chunk);
  return hash;
}

async function readAt(opened: Opened, position: number, length: number): Promise<Uint8Array> {
  demand(opened, 'sealed');
  const { bucket, owned, note, sizeBytes } = opened;
  const end = Math.min(position + length, sizeBytes);
  if (end <= position) return new Uint8Array();
  const { Body } = await bucket.client.send(
    new GetObjectCommand({
      Bucket: bucket.name,
      Key: owned.aside,
      IfMatch: note.sealed?.etag,
      Range: `bytes=${position}-${end - 1}`,
    }),
  );
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

async function commit(opened: Opened, as: string): Promise<void> {
  demand(opened, 'sealed');
  const { bucket, owned, note, sizeBytes } = opened;
  const contentType = contentTypeOf(as);
  await demandOwned(bucket, owned);
  const etag = note.sealed?.etag ?? '';
  const to = bucket.nameOf(as);
  await copyObject(bucket, { from: owned.aside, etag, sizeBytes, to, contentType });
  opened.state = 'committed';
  // The video is committed. Leftovers that cannot be removed are left to `sweep`.
  await removeOwn(opened).catch(() => {});
}

async function suspend(opened: Opened): Promise<void> {
  if (opened.state === 'sealed') opened.state = 'suspended';
  if (opened.state !== 'writing' && opened.state !== 'broken') return;
  opened.hash?.end();
  if (!opened.note.source || opened.sizeBytes === 0) return discard(opened);
  opened.state = 'suspended';
  // If this note cannot be saved, the earlier note stays valid.
  await keepTail(opened).catch(() => {});
  if (opened.note.parts.length === 0 && !opened.note.tail) await discard(opened);
}

async function keepTail(opened: Opened): Promise<void> {
  const { bucket, owned, note, filling, filledBytes } = opened;
  await settle(opened);
  // After a part that failed, the tail does not follow the noted parts.
  const hasGap = opened.begunParts !== note.parts.length;
  if (note.sealed || !filling || filledBytes === 0 || hasGap) return;
  const { ETag = '' } = await bucket.client.send(
    new PutObjectCommand({
      Bucket: bucket.name,
      Key: tailName(owned.aside),
      Body: filling.subarray(0, filledBytes),
    }),
  );
  note.tail = { etag: ETag, sizeBytes: filledBytes };
  await saveNote(bucket, owned, note);
}

async function discard(opened: Opened): Promise<void> {
  if (opened.state === 'committed') return;
  opened.state = 'discarded';
  opened.hash?.end();
  await settle(opened).catch(() => {});
  await demandOwned(opened.bucket, opened.owned)
    .then(() => removeOwn(opened))
    .catch(() => {});
}

async function removeOwn({ bucket, owned, note }: Opened): Promise<void> {
  const { aside } = owned;
  const uploadIds = note.uploadId === undefined || note.sealed ? [] : [note.uploadId];
  await removeUnfinished(bucket, { aside, objects: [aside, tailName(aside)], uploadIds });
}

function demand({ state }: Opened, wanted: Opened['state']): void {
  if (state !== wanted) throw new Error(`the unfinished file is ${state}, not ${wanted}`);
}
