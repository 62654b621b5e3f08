import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { S3Bucket } from './bucket.ts';
import { demandOwned, type OwnedNote, saveNote, type S3Note } from './note.ts';

/** S3 requires parts of at least 5 MiB, at most 10,000: videos up to 78 GiB, with two parts in memory per upload. */
const partBytes = 8 * 1024 * 1024;

/** A file that is being uploaded. */
export interface S3Upload {
  bucket: S3Bucket;
  contentType: string;
  owned: OwnedNote;
  /** What S3 has confirmed. */
  note: S3Note;
  /** All bytes so far, including those kept from an earlier attempt. */
  sizeBytes: number;
  /** Buffer for the next part. */
  filling: Buffer;
  filledBytes: number;
  /** Swapped with `filling`: one buffer is filled while the other is sent. */
  spare: Buffer;
  /** The part that is being sent; only one at a time. */
  sending: Promise<void>;
}

/** Opens an upload that continues after the parts of its note. */
export function openUpload(
  begun: Pick<S3Upload, 'bucket' | 'contentType' | 'owned' | 'note'>,
): S3Upload {
  return {
    ...begun,
    sizeBytes: begun.note.parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    // Not zeroed, so that the OS allocates only the pages a small file uses.
    filling: Buffer.allocUnsafeSlow(partBytes),
    spare: Buffer.allocUnsafeSlow(partBytes),
    filledBytes: 0,
    sending: Promise.resolve(),
  };
}

/** Buffers the bytes, and sends each part as soon as it is full. */
export async function addBytes(upload: S3Upload, bytes: Uint8Array): Promise<void> {
  for (let taken = 0; taken < bytes.length;) {
    const piece = bytes.subarray(taken, taken + partBytes - upload.filledBytes);
    upload.filling.set(piece, upload.filledBytes);
    upload.filledBytes += piece.length;
    upload.sizeBytes += piece.length;
    taken += piece.length;
    if (upload.filledBytes === partBytes) await sendPart(upload);
  }
}

/** Waits for the previous part, so that only one is in flight. A failure is reported at the next wait. */
async function sendPart(upload: S3Upload): Promise<void> {
  await upload.sending;
  const body = upload.filling.subarray(0, upload.filledBytes);
  [upload.filling, upload.spare] = [upload.spare, upload.filling];
  upload.filledBytes = 0;
  upload.sending = uploadPart(upload, body);
  upload.sending.catch(() => {});
}

async function uploadPart(upload: S3Upload, body: Buffer): Promise<void> {
  const { bucket, owned, note } = upload;
  note.uploadId ??= await beginUpload(upload);
  const { ETag = '' } = await bucket.client.send(
    new UploadPartCommand({
      Bucket: bucket.name,
      Key: owned.aside,
      UploadId: note.uploadId,
      PartNumber: note.parts.length + 1,
      Body: body,
    }),
  );
  note.parts.push({ etag: ETag, sizeBytes: body.length });
  delete note.tail;
  await saveNote(bucket, owned, note);
}

async function beginUpload({ bucket, owned, contentType }: S3Upload): Promise<string> {
  const input = { Bucket: bucket.name, Key: owned.aside, ContentType: contentType };
  const { UploadId = '' } = await bucket.client.send(new CreateMultipartUploadCommand(input));
  return UploadId;
}

/** Completes the upload to one object. @returns Its ETag. */
export async function closeUpload(upload: S3Upload): Promise<string> {
  await upload.sending;
  if (upload.note.uploadId === undefined) return putWhole(upload);
  if (upload.filledBytes > 0) await sendPart(upload);
  await upload.sending;
  await demandOwned(upload.bucket, upload.owned);
  return complete(upload);
}

/** Frees two parts of memory. A form with several files keeps them all open until it is whole. */
export function releaseBuffers(upload: S3Upload): void {
  upload.filling = Buffer.alloc(0);
  upload.spare = upload.filling;
  upload.filledBytes = 0;
}

/** A file smaller than one part needs only one PUT. */
async function putWhole(upload: S3Upload): Promise<string> {
  const { bucket, owned, contentType, filling, filledBytes } = upload;
  const { ETag = '' } = await bucket.client.send(
    new PutObjectCommand({
      Bucket: bucket.name,
      Key: owned.aside,
      ContentType: contentType,
      Body: filling.subarray(0, filledBytes),
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
