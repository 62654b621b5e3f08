import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { absentAsNull, isS3Code, type S3Bucket } from './bucket.ts';
import { noteName } from './unfinished-uploads.ts';
import { parseNote, stagedSourceSchema } from '../staged-note.ts';

/** An object of S3, or a part of one, as S3 names its content. */
const pieceSchema = z.object({ etag: z.string(), sizeBytes: z.number().int().nonnegative() });
export type S3Piece = z.infer<typeof pieceSchema>;

const noteSchema = z.object({
  source: stagedSourceSchema.exactOptional(),
  uploadId: z.string().exactOptional(),
  /** In their order, without a gap. */
  parts: z.array(pieceSchema),
  tail: pieceSchema.exactOptional(),
  /** The whole file, once it is sealed. */
  sealed: pieceSchema.exactOptional(),
});
export type S3Note = z.infer<typeof noteSchema>;

/** A note, and the ETag that it was read or written with. Who knows the ETag of a file's note owns the file. */
export interface OwnedNote {
  aside: string;
  etag: string;
}

/** Notes a new file. */
export async function beginNote(bucket: S3Bucket, aside: string, note: S3Note): Promise<OwnedNote> {
  return { aside, etag: await putNote(bucket, aside, { note, condition: { IfNoneMatch: '*' } }) };
}

/** Null where there is no note, or none that can be read. */
export async function readNote(
  { client, name }: S3Bucket,
  aside: string,
): Promise<{ note: S3Note; etag: string } | null> {
  const input = { Bucket: name, Key: noteName(aside) };
  const found = await absentAsNull(client.send(new GetObjectCommand(input)));
  const note = parseNote(noteSchema, (await found?.Body?.transformToByteArray()) ?? null);
  return note && { note, etag: found?.ETag ?? '' };
}

/** @throws {TakenOver} Another worker has written the note since, or removed it: the file is its own. */
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

/** Another worker owns the unfinished file now. */
export class TakenOver extends Error {
  constructor(options?: ErrorOptions) {
    super('another worker has taken the unfinished file over', options);
    this.name = 'TakenOver';
  }
}

async function putNote(
  { client, name }: S3Bucket,
  aside: string,
  { note, condition }: { note: S3Note; condition: { IfMatch?: string; IfNoneMatch?: string } },
): Promise<string> {
  // A note that is taken over has the content of before, and must have another ETag.
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
