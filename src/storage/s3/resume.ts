import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { absentAsNull, isS3Code, type S3Bucket } from './bucket.ts';
import {
  type OwnedNote,
  readNote,
  type S3Note,
  type S3Piece,
  saveNote,
  TakenOver,
} from './note.ts';
import { listParts, tailName } from './unfinished-uploads.ts';
import type { StagedSource } from '../video-storage.ts';

/** A leftover of an earlier worker, verified against S3 and now owned by this one. */
export interface KeptUpload {
  owned: OwnedNote;
  source: StagedSource;
  note: S3Note;
  tail: Uint8Array;
}

/** A worker that is presumed dead may still save a note. */
const takeOverAttempts = 3;

/**
 * Takes over an unfinished file if S3 still has exactly what its note records. Null otherwise.
 *
 * @throws {Error} Another worker keeps writing its note.
 */
export async function takeOver(bucket: S3Bucket, aside: string): Promise<KeptUpload | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await takeOverOnce(bucket, aside);
    } catch (error) {
      if (!(error instanceof TakenOver) || attempt === takeOverAttempts) throw error;
    }
  }
}

async function takeOverOnce(bucket: S3Bucket, aside: string): Promise<KeptUpload | null> {
  const read = await readNote(bucket, aside);
  if (!read?.note.source) return null;
  const { source, ...kept } = read.note;
  const isThere = kept.sealed ? isWhole(bucket, aside, read.note) : hasParts(bucket, aside, kept);
  if (!(await isThere)) return null;
  const tail = kept.tail ? await readTail(bucket, aside, kept.tail) : new Uint8Array();
  if (!kept.sealed && kept.parts.length === 0 && tail.length === 0) return null;
  const owned = { aside, etag: read.etag };
  await saveNote(bucket, owned, read.note);
  return { owned, source, note: read.note, tail };
}

/** A sealed file accepts no more bytes, so it is usable only if it is known to be complete. */
async function isWhole(
  { client, name }: S3Bucket,
  aside: string,
  { source, sealed }: S3Note,
): Promise<boolean> {
  if (source?.totalBytes === undefined || source.totalBytes !== sealed?.sizeBytes) return false;
  const input = { Bucket: name, Key: aside };
  const found = await absentAsNull(client.send(new HeadObjectCommand(input)));
  return found?.ETag === sealed.etag;
}

async function hasParts(
  bucket: S3Bucket,
  aside: string,
  { uploadId, parts }: S3Note,
): Promise<boolean> {
  if (uploadId === undefined) return parts.length === 0;
  const found = await listParts(bucket, { name: aside, uploadId });
  return parts.every(({ etag, sizeBytes }, index) => {
    const part = found.find(({ PartNumber }) => PartNumber === index + 1);
    return part?.ETag === etag && part.Size === sizeBytes;
  });
}

/** A tail that differs from the note is dropped; the parts before it remain valid. */
async function readTail(
  { client, name }: S3Bucket,
  aside: string,
  { etag }: S3Piece,
): Promise<Uint8Array> {
  const input = { Bucket: name, Key: tailName(aside), IfMatch: etag };
  try {
    const { Body } = await client.send(new GetObjectCommand(input));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (error) {
    if (isS3Code(error, 'NoSuchKey', 'PreconditionFailed')) return new Uint8Array();
    throw error;
  }
}
