import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { openBucket, type S3StorageOptions } from '../../src/storage/s3/bucket.ts';
import { copyObject } from '../../src/storage/s3/copy.ts';
import { videoKey } from '../../src/identity/object-key.ts';
import { createS3Storage } from '../../src/storage/s3/s3-storage.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { s3StartTimeoutMs, useS3 } from '../support/s3.ts';
import { storageLaws } from './contract.ts';

const key = 'videos/demo.mp4';
const megabyte = 1024 * 1024;
const limit = { timeout: 30_000 };

const freshBucket = useS3();
beforeAll(async () => void (await freshBucket()), s3StartTimeoutMs);

storageLaws('S3 storage', async () => {
  const place = await freshBucket();
  return () => createS3Storage(place);
});

/** The content of the bucket, by its own names. */
async function look(place: S3StorageOptions) {
  const { client, name: Bucket } = openBucket(place);
  const objects = await client.send(new ListObjectsV2Command({ Bucket }));
  const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  return {
    client,
    Bucket,
    names: (objects.Contents ?? []).map(({ Key = '' }) => Key),
    uploads: (uploads.Uploads ?? []).map(({ Key = '', UploadId = '' }) => ({ Key, UploadId })),
  };
}

test('objects are stored under the prefix, each at the name of its address', async () => {
  const place = await freshBucket();
  const storage = createS3Storage(place);
  await storage.writeSmall(key, Buffer.from('1'));
  expect((await look(place)).names).toEqual([`some/where/${key}`]);
  expect(storage.uriOf(key)).toBe(`s3://${place.bucket}/some/where/${key}`);
  const other = createS3Storage({ ...place, prefix: '' });
  expect(await other.head(`some/where/${key}`)).toEqual({ sizeBytes: 1 });
  expect(await createS3Storage({ ...place, prefix: 'some' }).head(key)).toBeNull();
});

test('a bucket has no space limit', async () => {
  expect(await createS3Storage(await freshBucket()).space()).toBeNull();
});

describe('the kept bytes of a file are not trusted', limit, () => {
  const source = { jobId: 'job-1', validator: '"v1"', totalBytes: 10 * megabyte };
  const bytes = randomBytes(10 * megabyte);

  async function suspended() {
    const place = await freshBucket();
    const staged = await createS3Storage(place).stage(key, source);
    await staged.write(bytes.subarray(0, 9 * megabyte));
    await staged.suspend();
    const seen = await look(place);
    const nameOf = (ending: string) => seen.names.find((name) => name.endsWith(ending)) ?? '';
    return { place, ...seen, note: nameOf('.note'), tail: nameOf('.tail') };
  }
  type Place = Awaited<ReturnType<typeof suspended>>;
  const put = ({ client, Bucket }: Place, Key: string, Body: Buffer | string) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body }));
  const rows: [string, (place: Place) => Promise<unknown>][] = [
    [
      'if a part was changed',
      ({ client, Bucket, uploads: [upload] }) => {
        const part = { Bucket, Key: '', UploadId: '', ...upload, PartNumber: 1 };
        const Body = Buffer.alloc(8 * megabyte);
        return client.send(new UploadPartCommand({ ...part, Body }));
      },
    ],
    [
      'if the upload was aborted',
      ({ client, Bucket, uploads: [upload] }) =>
        client.send(new AbortMultipartUploadCommand({ Bucket, Key: '', UploadId: '', ...upload })),
    ],
    ['if its note is truncated', (place) => put(place, place.note, '{"source":{')],
    ['if its note is invalid', (place) => put(place, place.note, '[]')],
  ];

  test.each(rows)('%s', async (_name, spoil) => {
    const place = await suspended();
    await spoil(place);
    const storage = createS3Storage(place.place);
    expect(await storage.resume(key)).toBeNull();
    const { names, uploads } = await look(place.place);
    expect({ names, uploads }).toEqual({ names: [], uploads: [] });
  });

  test('beyond its parts, if the tail was changed', async () => {
    const place = await suspended();
    await put(place, place.tail, 'x');
    const resumed = await createS3Storage(place.place).resume(key);
    expect(resumed).toMatchObject({ sizeBytes: 5 * megabyte, source });
  });

  test('after it was sealed, if another object is stored there', async () => {
    const place = await freshBucket();
    const staged = await createS3Storage(place).stage(key, { ...source, totalBytes: 5 });
    await staged.write(Buffer.from('right'));
    await staged.seal();
    await staged.suspend();
    const { client, Bucket, names } = await look(place);
    const Key = names.find((name) => !name.endsWith('.note'));
    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'wrong' }));
    await expect(staged.commit()).rejects.toBeInstanceOf(StorageError);
    expect(await createS3Storage(place).resume(key)).toBeNull();
  });
});

test('a commit stores exactly the sealed object, or nothing', async () => {
  const place = await freshBucket();
  const staged = await createS3Storage(place).stage(key);
  await staged.write(Buffer.from('right'));
  await staged.seal();
  const { client, Bucket, names } = await look(place);
  const Key = names.find((name) => !name.endsWith('.note'));
  await client.send(new PutObjectCommand({ Bucket, Key, Body: 'wrong' }));
  await expect(staged.readAt(0, 5)).rejects.toBeInstanceOf(StorageError);
  await expect(staged.commit()).rejects.toBeInstanceOf(StorageError);
  expect(await createS3Storage(place).head(key)).toBeNull();
});

describe('a multipart copy', limit, () => {
  const bytes = randomBytes(12 * megabyte);

  async function original() {
    const place = await freshBucket();
    const bucket = openBucket({ ...place, prefix: '' });
    const put = { Bucket: place.bucket, Key: 'from', Body: bytes };
    const { ETag: etag = '' } = await bucket.client.send(new PutObjectCommand(put));
    const copy = {
      from: 'from',
      etag,
      sizeBytes: bytes.length,
      to: 'to',
      pieceBytes: 5 * megabyte,
    };
    const storage = createS3Storage({ ...place, prefix: '' });
    return { place, bucket, storage, copy: { ...copy, contentType: 'video/mp4' } };
  }

  test('copies all bytes', async () => {
    const { bucket, storage, copy } = await original();
    await copyObject(bucket, copy);
    expect(bytes.equals((await storage.readSmall('to', bytes.length)) ?? bytes.subarray(1))).toBe(
      true,
    );
  });

  test('of an object that was replaced is refused, and leaves nothing', async () => {
    const { place, bucket, storage, copy } = await original();
    await expect(copyObject(bucket, { ...copy, etag: '"another"' })).rejects.toThrow();
    expect(await storage.head('to')).toBeNull();
    expect((await look(place)).uploads).toEqual([]);
  });

  test('of a killed worker is swept', async () => {
    const { place, bucket, storage } = await original();
    const upload = { Bucket: place.bucket, Key: videoKey('video/of-3-gb') };
    await bucket.client.send(new CreateMultipartUploadCommand(upload));
    expect(await storage.sweep({ untouchedMs: 3_600_000 })).toMatchObject({ count: 0 });
    expect(await storage.sweep({ untouchedMs: 0 })).toMatchObject({ count: 1 });
    expect((await look(place)).uploads).toEqual([]);
  });

  test.each(['', 'some/where'])(
    'of another application that shares the bucket is kept, also below "%s"',
    async (prefix) => {
      const place = { ...(await freshBucket()), prefix };
      const bucket = openBucket(place);
      const keys = [
        'to',
        'backups/a.tar',
        'videos/holiday.mp4',
        'videos/raw/a.mp4',
        'claims/a.json',
      ];
      for (const each of [...keys.map((name) => bucket.nameOf(name)), 'elsewhere/a.mp4']) {
        await bucket.client.send(
          new CreateMultipartUploadCommand({ Bucket: place.bucket, Key: each }),
        );
      }
      const storage = createS3Storage(place);
      expect(await storage.leftovers()).toMatchObject({ count: 0 });
      expect(await storage.sweep({ untouchedMs: 0 })).toMatchObject({ count: 0 });
      expect((await look(place)).uploads).toHaveLength(keys.length + 1);
    },
  );
});

describe(
  'a failure is a StorageError with the bucket and the S3 code, and without a secret',
  limit,
  () => {
    test('a missing bucket', async () => {
      const place = await freshBucket();
      const storage = createS3Storage({ ...place, bucket: 'onetake-nowhere' });
      const runs = [
        () => storage.check(),
        () => storage.stage(key),
        () => storage.readSmall(key, 1),
        () => storage.createSmall(key, Buffer.from('1')),
        () => storage.leftovers(),
      ];
      for (const run of runs) {
        const error: unknown = await run().catch((cause: unknown) => cause);
        expect(error).toBeInstanceOf(StorageError);
        expect(String(error)).toMatch(
          /^StorageError: Cannot .* in bucket "onetake-nowhere": NoSuchBucket, HTTP 404/,
        );
      }
    });

    test('wrong credentials', async () => {
      const place = await freshBucket();
      const credentials = { accessKeyId: 'onetake', secretAccessKey: 'canary-secret' };
      const error: unknown = await createS3Storage({ ...place, credentials })
        .writeSmall(key, Buffer.from('1'))
        .catch((cause: unknown) => cause);
      expect(String(error)).toMatch(
        /Cannot write "videos\/demo.mp4" in bucket ".*": \w+, HTTP 403/,
      );
      expect(String(error)).not.toContain('canary-secret');
    });
  },
);
