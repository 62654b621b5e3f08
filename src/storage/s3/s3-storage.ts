import {
  GetObjectCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { withCheckedKeys } from '../checked-keys.ts';
import type { ByteRange } from '../../contract/video-reader.ts';
import { contentTypeOf } from '../../identity/object-key.ts';
import { ConditionsIgnored } from './advice.ts';
import {
  absentAsNull,
  bucketError,
  inBucket,
  isS3Code,
  openBucket,
  type S3Bucket,
  type S3StorageOptions,
} from './bucket.ts';
import { resumeUpload, stageUpload } from './staged-object.ts';
import {
  asidePrefix,
  listUnfinished,
  removeObject,
  removeUnfinished,
} from './unfinished-uploads.ts';
import { fileTotal } from '../file-total.ts';
import type { StoredObject, VideoStorage } from '../video-storage.ts';

/** S3 asks clients to retry a conditional write that conflicts with a concurrent one; one of them succeeds each time. */
const conflictAttempts = 10;
const conflictDelayMs = 50;

/**
 * Stores in an S3 bucket, or on an S3-compatible server that honours `If-None-Match` and `If-Match` on writes.
 *
 * Videos are uploaded in parts to a temporary name, read back for verification, and copied to their key.
 */
export function createS3Storage(options: S3StorageOptions): VideoStorage {
  const bucket = openBucket(options);
  const attempt = <T>(action: string, run: () => Promise<T>) => inBucket(bucket, action, run);
  const targetOf = (key: string) => ({ bucket, key, contentType: contentTypeOf(key) });

  return withCheckedKeys({
    stage: (key, source) => attempt(`write "${key}"`, () => stageUpload(targetOf(key), source)),
    resume: (key) => attempt(`resume "${key}"`, () => resumeUpload(targetOf(key))),
    head: (key) => attempt(`read "${key}"`, () => headObject(bucket, key)),
    read: (key, range) => readChunks(bucket, key, range),
    readSmall: (key, maxBytes) => attempt(`read "${key}"`, () => readWhole(bucket, key, maxBytes)),
    createSmall: (key, bytes) =>
      attempt(`create "${key}"`, () => createExclusive(bucket, key, bytes)),
    writeSmall: (key, bytes) => attempt(`write "${key}"`, () => putSmall(bucket, key, { bytes })),
    remove: (key) => attempt(`remove "${key}"`, () => removeObject(bucket, bucket.nameOf(key))),
    list: (prefix, options) => listObjects(bucket, prefix, options),
    leftovers: () => attempt('list uploads', async () => fileTotal(await listUnfinished(bucket))),
    sweep: ({ untouchedMs }) =>
      attempt('remove uploads', () => sweep(bucket, Date.now() - untouchedMs)),
    space: async () => null,
    uriOf: (key) => `s3://${bucket.name}/${encodePath(bucket.nameOf(key))}`,
    check: () => attempt('write a probe', () => probe(bucket)),
  });
}

function encodePath(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

async function headObject({ client, name, nameOf }: S3Bucket, key: string) {
  const input = { Bucket: name, Key: nameOf(key) };
  const found = await absentAsNull(client.send(new HeadObjectCommand(input)));
  return found && { sizeBytes: found.ContentLength ?? 0 };
}

async function* readChunks(
  { client, name, nameOf }: S3Bucket,
  key: string,
  range?: ByteRange,
): AsyncIterable<Uint8Array> {
  try {
    const Range = range && `bytes=${range.start}-${range.end}`;
    const input = { Bucket: name, Key: nameOf(key), ...(Range && { Range }) };
    const { Body, ContentRange } = await client.send(new GetObjectCommand(input));
    if (range && !ContentRange?.startsWith(`bytes ${range.start}-`)) {
      (Body as Readable).destroy();
      throw new Error(`the server ignores "Range: ${Range}"`);
    }
    for await (const chunk of Body as Readable) yield chunk as Buffer;
  } catch (cause) {
    if (range && isS3Code(cause, 'InvalidRange')) return;
    throw bucketError(name, `read "${key}"`, cause);
  }
}

async function readWhole(
  { client, name, nameOf }: S3Bucket,
  key: string,
  maxBytes: number,
): Promise<Uint8Array | null> {
  const input = { Bucket: name, Key: nameOf(key) };
  const found = await absentAsNull(client.send(new GetObjectCommand(input)));
  if (!found?.Body) return null;
  const { Body, ContentLength = Infinity } = found;
  if (ContentLength <= maxBytes) return Buffer.from(await Body.transformToByteArray());
  (Body as Readable).destroy();
  throw new Error(`${ContentLength} bytes, more than ${maxBytes}`);
}

/**
 * Marks the object with its writer, to recognise our own: after a lost response the SDK retries, and S3 rejects the
 * retry.
 */
async function createExclusive(bucket: S3Bucket, key: string, bytes: Uint8Array): Promise<boolean> {
  const writer = randomUUID();
  for (let attempt = 1; ; attempt += 1) {
    try {
      await putSmall(bucket, key, { bytes, IfNoneMatch: '*', Metadata: { writer } });
      return true;
    } catch (error) {
      if (isS3Code(error, 'PreconditionFailed')) return wroteIt(bucket, key, writer);
      const conflict = isS3Code(error, 'ConditionalRequestConflict');
      if (!conflict || attempt === conflictAttempts) throw error;
    }
    await delay(conflictDelayMs * attempt * (1 + Math.random()));
  }
}

async function wroteIt({ client, name, nameOf }: S3Bucket, key: string, writer: string) {
  const input = { Bucket: name, Key: nameOf(key) };
  const found = await absentAsNull(client.send(new HeadObjectCommand(input)));
  return found?.Metadata?.['writer'] === writer;
}

async function putSmall(
  { client, name, nameOf }: S3Bucket,
  key: string,
  {
    bytes,
    ...given
  }: {
    bytes: Uint8Array;
    IfMatch?: string;
    IfNoneMatch?: string;
    Metadata?: Record<string, string>;
  },
): Promise<void> {
  const target = { Bucket: name, Key: nameOf(key), ContentType: contentTypeOf(key) };
  await client.send(new PutObjectCommand({ ...target, Body: bytes, ...given }));
}

async function* listObjects(
  bucket: S3Bucket,
  prefix: string,
  { after }: { after?: string } = {},
): AsyncIterable<StoredObject> {
  const { client, name, nameOf, root } = bucket;
  const StartAfter = after === undefined ? undefined : nameOf(after);
  const input = { Bucket: name, Prefix: nameOf(prefix), ...(StartAfter && { StartAfter }) };
  try {
    for await (const page of paginateListObjectsV2({ client }, input)) {
      for (const { Key = '', Size = 0, LastModified } of page.Contents ?? []) {
        const key = Key.slice(root.length);
        if (key.startsWith(asidePrefix)) continue;
        yield { key, sizeBytes: Size, modifiedAt: LastModified?.getTime() ?? 0 };
      }
    }
  } catch (cause) {
    throw bucketError(name, `list "${prefix}"`, cause);
  }
}

async function sweep(bucket: S3Bucket, before: number) {
  const untouched = (await listUnfinished(bucket)).filter(({ touchedAt }) => touchedAt <= before);
  for (const each of untouched) await removeUnfinished(bucket, each);
  return fileTotal(untouched);
}

/**
 * Checks that the server enforces conditional writes. Claims need `If-None-Match` to be exclusive, and unfinished
 * uploads need `If-Match` to have a single writer. Without them, a request could be billed twice.
 */
async function probe(bucket: S3Bucket): Promise<void> {
  const key = `${asidePrefix}probe/${randomUUID()}`;
  const bytes = Buffer.from('onetake');
  const [first, second] = [
    await createExclusive(bucket, key, bytes),
    await createExclusive(bucket, key, bytes),
  ];
  const replaced = await replaceAnother(bucket, key, bytes);
  await removeObject(bucket, bucket.nameOf(key));
  const ignores = (what: string) => new ConditionsIgnored(`the server ignores ${what}`);
  if (first && second) throw ignores('"If-None-Match: *", claims need it');
  if (replaced) throw ignores('"If-Match", unfinished uploads need it');
}

async function replaceAnother(bucket: S3Bucket, key: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await putSmall(bucket, key, { bytes, IfMatch: '"of-another-object"' });
    return true;
  } catch (error) {
    if (isS3Code(error, 'PreconditionFailed', 'NoSuchKey')) return false;
    throw error;
  }
}
