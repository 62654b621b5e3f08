import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandInput,
  type ListMultipartUploadsCommandOutput,
  ListPartsCommand,
  type ListPartsCommandInput,
  type ListPartsCommandOutput,
  paginateListObjectsV2,
  type Part,
} from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { asideFolder } from '../checked-keys.ts';
import { mayBeVideoKey, videoPrefix } from '../../identity/object-key.ts';
import { isS3Code, type S3Bucket } from './bucket.ts';

/** Prefix of unfinished files: `.unfinished/<key>/<uuid>`, each with a note and a tail object. */
export const asidePrefix = `${asideFolder}/`;

export function newAside({ nameOf }: S3Bucket, key: string): string {
  return nameOf(`${asidePrefix}${key}/${randomUUID()}`);
}

/** Name of the note of an unfinished file: its owner, source and parts. */
export function noteName(aside: string): string {
  return `${aside}.note`;
}

/** Name of the tail object: the last bytes of a suspended file, too few for a part. */
export function tailName(aside: string): string {
  return `${aside}.tail`;
}

/** An unfinished file: an object with its note and tail, an open multipart upload, or both. */
export interface UnfinishedUpload {
  /** Name of the object that the upload creates. */
  aside: string;
  /** Names of its objects, including note and tail. */
  objects: string[];
  uploadIds: string[];
  sizeBytes: number;
  /** Last write to any of its objects. Milliseconds since the epoch. */
  touchedAt: number;
}

/** Lists the unfinished files of one key, or of all keys, most recently written first. */
export async function listUnfinished(bucket: S3Bucket, key?: string): Promise<UnfinishedUpload[]> {
  const files = new Map<string, UnfinishedUpload>();
  const fileOf = (aside: string) => {
    const known = files.get(aside);
    const file = known ?? { aside, objects: [], uploadIds: [], sizeBytes: 0, touchedAt: 0 };
    files.set(aside, file);
    return file;
  };
  const prefix = bucket.nameOf(key === undefined ? asidePrefix : `${asidePrefix}${key}/`);
  const input = { Bucket: bucket.name, Prefix: prefix };
  for await (const page of paginateListObjectsV2({ client: bucket.client }, input)) {
    for (const { Key: name = '', Size = 0, LastModified } of page.Contents ?? []) {
      const file = fileOf(name.replace(/\.(note|tail)$/, ''));
      file.objects.push(name);
      if (!name.endsWith('.note')) file.sizeBytes += Size;
      file.touchedAt = Math.max(file.touchedAt, LastModified?.getTime() ?? 0);
    }
  }
  for await (const upload of ownUploads(bucket, { prefix, ofAll: key === undefined })) {
    const file = fileOf(upload.name);
    const parts = await listParts(bucket, upload);
    file.uploadIds.push(upload.uploadId);
    file.sizeBytes += parts.reduce((sum, { Size = 0 }) => sum + Size, 0);
    const times = parts.map(({ LastModified }) => LastModified?.getTime() ?? 0);
    file.touchedAt = Math.max(file.touchedAt, upload.begunAt, ...times);
  }
  const ofThisKey = [...files.values()].filter(
    ({ aside }) => key === undefined || !aside.slice(prefix.length).includes('/'),
  );
  return ofThisKey.toSorted((one, other) => other.touchedAt - one.touchedAt);
}

interface OpenUpload {
  name: string;
  uploadId: string;
  begunAt: number;
}

/**
 * Lists the open multipart uploads of one key, or of all keys. Includes uploads to final keys, because a large video is
 * copied as a multipart upload. Ignores uploads outside of our prefix.
 */
async function* ownUploads(
  bucket: S3Bucket,
  { prefix, ofAll }: { prefix: string; ofAll: boolean },
): AsyncIterable<OpenUpload> {
  yield* openUploads(bucket, prefix);
  if (!ofAll) return;
  for await (const upload of openUploads(bucket, bucket.nameOf(videoPrefix))) {
    if (mayBeVideoKey(upload.name.slice(bucket.root.length))) yield upload;
  }
}

async function* openUploads(bucket: S3Bucket, prefix: string): AsyncIterable<OpenUpload> {
  let marker: Marker | null = {};
  while (marker) {
    const input = { Bucket: bucket.name, Prefix: prefix, ...marker };
    const page: ListMultipartUploadsCommandOutput = await bucket.client.send(
      new ListMultipartUploadsCommand(input),
    );
    for (const { Key: name = '', UploadId: uploadId = '', Initiated } of page.Uploads ?? []) {
      yield { name, uploadId, begunAt: Initiated?.getTime() ?? 0 };
    }
    const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
    marker = page.IsTruncated ? { KeyMarker, UploadIdMarker } : null;
  }
}

type Marker = Pick<ListMultipartUploadsCommandInput, 'KeyMarker' | 'UploadIdMarker'>;

/** Lists the parts of an open upload in order. Empty if the upload is no longer open. */
export async function listParts(
  bucket: S3Bucket,
  { name, uploadId }: { name: string; uploadId: string },
): Promise<Part[]> {
  const parts: Part[] = [];
  // Not the SDK's paginator: it requests pages as long as there is a marker, and S3 also sends one with the last page.
  let page: ListPartsCommandOutput | undefined;
  try {
    do {
      const marker: Pick<ListPartsCommandInput, 'PartNumberMarker'> = {
        PartNumberMarker: page?.NextPartNumberMarker,
      };
      const input = { Bucket: bucket.name, Key: name, UploadId: uploadId, ...marker };
      page = await bucket.client.send(new ListPartsCommand(input));
      parts.push(...(page.Parts ?? []));
    } while (page.IsTruncated);
    return parts;
  } catch (error) {
    if (isS3Code(error, 'NoSuchUpload')) return [];
    throw error;
  }
}

/** Removes the note first: without its note, a worker that still writes has lost ownership of the file. */
export async function removeUnfinished(
  bucket: S3Bucket,
  { aside, objects, uploadIds }: Pick<UnfinishedUpload, 'aside' | 'objects' | 'uploadIds'>,
): Promise<void> {
  await removeObject(bucket, noteName(aside));
  for (const uploadId of uploadIds) await abortUpload(bucket, { name: aside, uploadId });
  for (const name of objects) await removeObject(bucket, name);
}

export async function abortUpload(
  bucket: S3Bucket,
  { name, uploadId }: { name: string; uploadId: string },
): Promise<void> {
  const input = { Bucket: bucket.name, Key: name, UploadId: uploadId };
  await bucket.client.send(new AbortMultipartUploadCommand(input)).catch((error: unknown) => {
    if (!isS3Code(error, 'NoSuchUpload')) throw error;
  });
}

/** S3 returns the same response whether or not the object existed. */
export async function removeObject({ client, name }: S3Bucket, object: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: name, Key: object }));
}
