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

/** Unfinished files live here, each under `.unfinished/<key>/<uuid>`, with a note and a tail beside it. */
export const asidePrefix = `${asideFolder}/`;

export function newAside({ nameOf }: S3Bucket, key: string): string {
  return nameOf(`${asidePrefix}${key}/${randomUUID()}`);
}

/** What is known of an unfinished file: its owner, its source, its parts. */
export function noteName(aside: string): string {
  return `${aside}.note`;
}

/** The last bytes of a suspended file, too few for a part. */
export function tailName(aside: string): string {
  return `${aside}.tail`;
}

/** An unfinished file: an object with its note and tail, or an open upload, or both. */
export interface UnfinishedUpload {
  /** Name of the object that it is to become. */
  aside: string;
  /** Names of its objects, note and tail included. */
  objects: string[];
  uploadIds: string[];
  sizeBytes: number;
  /** When any of it was written to last: milliseconds since the epoch. */
  touchedAt: number;
}

/** The unfinished files of one key, or of all; the one that was written to last comes first. */
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
 * The open uploads of one key, or of all. The copy of a large video is an upload to its final key, so those count, too;
 * what else is in the bucket belongs to somebody else.
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

/** The parts of an open upload in their order; none where it is open no more. */
export async function listParts(
  bucket: S3Bucket,
  { name, uploadId }: { name: string; uploadId: string },
): Promise<Part[]> {
  const parts: Part[] = [];
  // Not by the SDK's paginator: it asks on as long as it is given a marker, and S3 gives one with the last page, too.
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

/** Its note goes first: without it a worker that still writes there has lost the file. */
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

/** S3 answers the same whether or not it was there. */
export async function removeObject({ client, name }: S3Bucket, object: string): Promise<void> {
  await client.send(new DeleteObjectCommand({ Bucket: name, Key: object }));
}
