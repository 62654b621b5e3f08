import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { S3Bucket } from './bucket.ts';
import { abortUpload } from './unfinished-uploads.ts';

/**
 * Bytes per copy call. S3 allows 5 GiB, but some servers send no response until the copy is done. This size fits in the
 * socket timeout.
 */
const copyPieceBytes = 256 * 1024 * 1024;

export interface S3Copy {
  from: string;
  /** The copy fails if the source no longer has this ETag. */
  etag: string;
  sizeBytes: number;
  to: string;
  contentType: string;
  /** Smaller in tests. */
  pieceBytes?: number;
}

/** Copies an object within the bucket on the server. The target is replaced atomically. */
export async function copyObject(bucket: S3Bucket, copy: S3Copy): Promise<void> {
  if (copy.sizeBytes > (copy.pieceBytes ?? copyPieceBytes)) return copyInPieces(bucket, copy);
  await bucket.client.send(
    new CopyObjectCommand({ Bucket: bucket.name, Key: copy.to, ...sourceOf(bucket, copy) }),
  );
}

async function copyInPieces(bucket: S3Bucket, copy: S3Copy): Promise<void> {
  const { client, name } = bucket;
  const target = { Bucket: name, Key: copy.to };
  const { UploadId = '' } = await client.send(
    new CreateMultipartUploadCommand({ ...target, ContentType: copy.contentType }),
  );
  try {
    const Parts = await copyPieces(bucket, { ...copy, uploadId: UploadId });
    const complete = { ...target, UploadId, MultipartUpload: { Parts } };
    await client.send(new CompleteMultipartUploadCommand(complete));
  } catch (error) {
    await abortUpload(bucket, { name: copy.to, uploadId: UploadId }).catch(() => {});
    throw error;
  }
}

async function copyPieces(bucket: S3Bucket, copy: S3Copy & { uploadId: string }) {
  const { sizeBytes, pieceBytes = copyPieceBytes } = copy;
  const parts: { ETag: string; PartNumber: number }[] = [];
  for (let start = 0; start < sizeBytes; start += pieceBytes) {
    const PartNumber = parts.length + 1;
    const { CopyPartResult } = await bucket.client.send(
      new UploadPartCopyCommand({
        Bucket: bucket.name,
        Key: copy.to,
        UploadId: copy.uploadId,
        PartNumber,
        ...sourceOf(bucket, copy),
        CopySourceRange: `bytes=${start}-${Math.min(start + pieceBytes, sizeBytes) - 1}`,
      }),
    );
    parts.push({ ETag: CopyPartResult?.ETag ?? '', PartNumber });
  }
  return parts;
}

function sourceOf({ name }: S3Bucket, { from, etag }: S3Copy) {
  const path = from.split('/').map(encodeURIComponent).join('/');
  return { CopySource: `${name}/${path}`, CopySourceIfMatch: etag };
}
