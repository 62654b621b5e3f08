import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { allEnded } from '../all-ended.ts';
import { hashOf } from '../running-hash.ts';
import type { S3Bucket } from './bucket.ts';
import { demandOwned, type OwnedNote, saveNote, type S3Note, type S3Piece } from './note.ts';

/** The least that S3 accepts, because several are in memory. At most 10,000: videos up to 48 GiB. */
const minPartBytes = 5 * 1024 * 1024;
/** One part at a time would leave the connection idle while S3 confirms it. */
export const partsAtOnce = 3;
/** A killed worker loses parts that no note names: a note after each part would delay the parts. */
const partsPerNote = 2;

/** A file that is being uploaded. */
export interface S3Upload {
  bucket: S3Bucket;
  contentType: string;
  owned: OwnedNote;
  /** What S3 has confirmed. */
  note: S3Note;
  /** Of each part except the last one. Some servers refuse parts of different sizes. */
  partBytes: number;
  /** All bytes so far, including those kept from an earlier attempt. */
  sizeBytes: number;
  /** The start of the next part, if it did not come as a whole. */
  filling: Uint8Array | undefined;
  filledBytes: number;
  /** Parts that were begun, confirmed or not. */
  begunParts: number;
  /** Confirmed parts that follow one that is not confirmed yet. */
  ahead: Map<number, S3Piece>;
  opening: Promise<string> | undefined;
  sending: Set<Promise<void>>;
  /** One at a time. A failure is reported by the next write. */
  noting: Promise<void>;
  notedParts: number;
}

/** Opens an upload that continues after the parts of its note. */
export function openUpload(
  begun: Pick<S3Upload, 'bucket' | 'contentType' | 'owned' | 'note'>,
): S3Upload {
  const { parts } = begun.note;
  return {
    ...begun,
    partBytes: Math.max(parts[0]?.sizeBytes ?? 0, minPartBytes),
    sizeBytes: parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    filling: undefined,
    filledBytes: 0,
    begunParts: parts.length,
    ahead: new Map(),
    opening: undefined,
    sending: new Set(),
    noting: Promise.resolve(),
    notedParts: parts.length,
  };
}

/** Sends each part as soon as it is whole. Resolves when S3 has confirmed it. */
export async function addBytes(upload: S3Upload, bytes: Uint8Array): Promise<void> {
  const { partBytes } = upload;
  const sends: Promise<void>[] = [];
  for (let taken = 0; taken < bytes.length;) {
    const piece = bytes.subarray(taken, taken + partBytes - upload.filledBytes);
    upload.sizeBytes += piece.length;
    taken += piece.length;
    // A whole part is sent from where it is, without a copy.
    const isWhole = piece.length === partBytes || isLastPart(upload);
    const part = isWhole ? piece : fill(upload, piece);
    if (part) sends.push(sendPart(upload, part));
  }
  await allEnded(sends);
}

/** A file of one part needs no upload in parts. */
function isLastPart({ note, sizeBytes, begunParts, filledBytes }: S3Upload): boolean {
  return sizeBytes === note.source?.totalBytes && begunParts > 0 && filledBytes === 0;
}

/** Returns the part when it is whole. */
function fill(upload: S3Upload, piece: Uint8Array): Uint8Array | undefined {
  // Not zeroed, so that the OS allocates only the pages a small file uses.
  upload.filling ??= Buffer.allocUnsafeSlow(upload.partBytes);
  upload.filling.set(piece, upload.filledBytes);
  upload.filledBytes += piece.length;
  return upload.filledBytes === upload.partBytes ? takeFilling(upload) : undefined;
}

function takeFilling(upload: S3Upload): Uint8Array {
  const part = upload.filling?.subarray(0, upload.filledBytes) ?? new Uint8Array();
  upload.filling = undefined;
  upload.filledBytes = 0;
  return part;
}

async function sendPart(upload: S3Upload, body: Uint8Array): Promise<void> {
  upload.begunParts += 1;
  const sending = uploadPart(upload, { number: upload.begunParts, body });
  upload.sending.add(sending);
  try {
    await sending;
  } finally {
    upload.sending.delete(sending);
  }
}

async function uploadPart(
  upload: S3Upload,
  { number, body }: { number: number; body: Uint8Array },
): Promise<void> {
  const { bucket, owned, note, ahead } = upload;
  const hashed = hashOf(body);
  upload.opening ??= note.uploadId === undefined ? beginUpload(upload) : undefined;
  const [sha256] = await Promise.all([hashed, upload.opening]);
  const command = new UploadPartCommand({
    Bucket: bucket.name,
    Key: owned.aside,
    UploadId: note.uploadId,
    PartNumber: number,
    Body: body,
  });
  signedAs(command, sha256);
  const { ETag = '' } = await bucket.client.send(command);
  ahead.set(number, { etag: ETag, sizeBytes: body.length });
  countConfirmed(upload);
  await saveProgress(upload, partsPerNote);
}

/** The SDK would hash the body on the main thread. */
function signedAs(command: UploadPartCommand, sha256: string): void {
  command.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers['x-amz-content-sha256'] = sha256;
      return next(args);
    },
    { step: 'build' },
  );
}

/** A note lists parts without gaps. */
function countConfirmed({ note, ahead }: S3Upload): void {
  for (;;) {
    const piece = ahead.get(note.parts.length + 1);
    if (!piece) break;
    ahead.delete(note.parts.length + 1);
    note.parts.push(piece);
    delete note.tail;
  }
}

/** Saves a note if it names enough new parts. Waits only for the note before, so that it does not delay the parts. */
async function saveProgress(upload: S3Upload, leastParts: number): Promise<void> {
  const { bucket, owned, note } = upload;
  await upload.noting;
  if (note.parts.length - upload.notedParts < leastParts) return;
  upload.notedParts = note.parts.length;
  upload.noting = saveNote(bucket, owned, note);
  upload.noting.catch(() => {});
}

async function beginUpload({ bucket, owned, contentType, note }: S3Upload): Promise<string> {
  const input = { Bucket: bucket.name, Key: owned.aside, ContentType: contentType };
  const { UploadId = '' } = await bucket.client.send(new CreateMultipartUploadCommand(input));
  note.uploadId = UploadId;
  return UploadId;
}

/** Waits for all parts that were begun, and saves what was not noted. */
export async function settle(upload: S3Upload): Promise<void> {
  await Promise.allSettled(upload.sending);
  await saveProgress(upload, 1);
  await upload.noting;
}

/** Completes the upload to one object. @returns Its ETag. */
export async function closeUpload(upload: S3Upload): Promise<string> {
  if (upload.begunParts === 0 && upload.note.uploadId === undefined) return putWhole(upload);
  if (upload.filledBytes > 0) await sendPart(upload, takeFilling(upload));
  await settle(upload);
  await demandOwned(upload.bucket, upload.owned);
  return complete(upload);
}

/** A file smaller than one part needs only one PUT. */
async function putWhole(upload: S3Upload): Promise<string> {
  const { bucket, owned, contentType } = upload;
  const { ETag = '' } = await bucket.client.send(
    new PutObjectCommand({
      Bucket: bucket.name,
      Key: owned.aside,
      ContentType: contentType,
      Body: takeFilling(upload),
    }),
  );
  return ETag;
}

async function complete({ bucket, owned, note }: S3Upload): Promise<string> {
  const Parts = note.parts.map(({ etag }, index) => ({ ETag: etag, PartNumber: index + 1 }));
  const { ETag = '' } = await bucket.client.send(
    new CompleteMultipartUploadCommand({
      Bucket: bucket.name,
      Key: owned.aside,
      UploadId: note.uploadId,
      MultipartUpload: { Parts },
    }),
  );
  return ETag;
}
