import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { S3Bucket } from './bucket.ts';
import { demandOwned, type OwnedNote, saveNote, type S3Note } from './note.ts';

/** S3 takes parts from 5 MiB on, at most 10,000 of them: videos up to 78 GiB, and two parts of memory for each. */
const partBytes = 8 * 1024 * 1024;

/** A file on its way into S3. */
export interface S3Upload {
  bucket: S3Bucket;
  contentType: string;
  owned: OwnedNote;
  /** What is safely in S3. */
  note: S3Note;
  /** All bytes so far, the kept ones included. */
  sizeBytes: number;
  /** The bytes that wait to become a part. */
  filling: Buffer;
  filledBytes: number;
  /** Takes turns with `filling`: one is filled while the other is sent. */
  spare: Buffer;
  /** The one part that is on its way. */
  sending: Promise<void>;
}

/** Opens an upload after the parts of its note. */
export function openUpload(
  begun: Pick<S3Upload, 'bucket' | 'contentType' | 'owned' | 'note'>,
): S3Upload {
  return {
    ...begun,
    sizeBytes: begun.note.parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    // Not zeroed: memory that a small file never touches is never taken.
    filling: Buffer.allocUnsafeSlow(partBytes),
    spare: Buffer.allocUnsafeSlow(partBytes),
    filledBytes: 0,
    sending: Promise.resolve(),
  };
}

/** Takes the bytes in, and sends each part as soon as it is full. */
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

/** Waits for the part before, so that two are never on their way; a failure is told at the next wait. */
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

/** Makes one object of all bytes. @returns Its ETag. */
export async function closeUpload(upload: S3Upload): Promise<string> {
  await upload.sending;
  if (upload.note.uploadId === undefined) return putWhole(upload);
  if (upload.filledBytes > 0) await sendPart(upload);
  await upload.sending;
  await demandOwned(upload.bucket, upload.owned);
  return complete(upload);
}

/** Without a single full part one request is enough. */
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
