import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { absentAsNull, isS3Code, type S3Bucket } from './bucket.ts';
import { noteName } from './unfinished-uploads.ts';
import { parseNote, stagedSourceSchema } from '../staged-note.ts';

/** An S3 object, or a part of one, identified by its ETag. */
const pieceSchema = z.object({ etag: z.string(), sizeBytes: z.number().int().nonnegative() });
export type S3Piece = z.infer<typeof pieceSchema>;

const noteSchema = z.object({
  source: stagedSourceSchema.exactOptional(),
  uploadId: z.string().exactOptional(),
  /** In order, without gaps. */
  parts: z.array(pieceSchema),
  tail: pieceSchema.exactOptional(),
  /** The complete object, once sealed. */
  sealed: pieceSchema.exactOptional(),
});
export type S3Note = z.infer<typeof noteSchema>;

/** A note with its current ETag. The worker that holds the current ETag owns the file. */
export interface OwnedNote {
  aside: string;
  etag: string;
}

export async function beginNote(bucket: S3Bucket, aside: string, note: S3Note): Promise<OwnedNote> {
  return { aside, etag: await putNote(bucket, aside, { note, condition: { IfNoneMatch: '*' } }) };
}

/** Null if the note is missing or cannot be parsed. */
export async function readNote(
  { client, name }: S3Bucket,
  aside: string,
): Promise<{ note: S3Note; etag: string } | null> {
  const input = { Bucket: name, Key: noteName(aside) };
  const found = await absentAsNull(client.send(new GetObjectCommand(input)));
  const note = parseNote(noteSchema, (await found?.Body?.transformToByteArray()) ?? null);
  return note && { note, etag: found?.ETag ?? '' };
}

/** @throws {TakenOver} Another worker has replaced or removed the note and owns the file now. */
export async function saveNote(bucket: S3Bucket, owned: OwnedNote, note: S3Note): Promise<void> {
  try {
    const condition = { IfMatch: owned.etag };
    owned.etag = await putNote(bucket, owned.aside, { note, condition });
  } catch (cause) {
    if (isS3Code(cause, 'PreconditionFailed', 'NoSuchKey')) throw new TakenOver({ cause });
    throw cause;
  }
}

/** @throws {TakenOver} As `saveNote`. */
export async function demandOwned({ client, name }: S3Bucket, owned: OwnedNote): Promise<void> {
  const input = { Bucket: name, Key: noteName(owned.aside) };
  const found = await absentAsNull(client.send(new HeadObjectCommand(input)));
  if (found?.ETag !== owned.etag) throw new TakenOver();
}

export class TakenOver extends Error {
  constructor(options?: ErrorOptions) {
    super('another worker has taken over the unfinished file', options);
    this.name = 'TakenOver';
  }
}

async function putNote(
  { client, name }: S3Bucket,
  aside: string,
  { note, condition }: { note: S3Note; condition: { IfMatch?: string; IfNoneMatch?: string } },
): Promise<string> {
  // A take-over rewrites the same content, so a unique writer makes the ETag differ.
  const body = JSON.stringify({ ...note, writer: randomUUID() });
  const { ETag = '' } = await client.send(
    new PutObjectCommand({
      Bucket: name,
      Key: noteName(aside),
      Body: body,
      ContentType: 'application/json',
      ...condition,
    }),
  );
  return ETag;
}
