import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createBlockPool } from '../../src/activities/deliver/block-pool.ts';
import { createBlockWriter } from '../../src/activities/deliver/block-writer.ts';
import { openBucket } from '../../src/storage/s3/bucket.ts';
import { beginNote } from '../../src/storage/s3/note.ts';
import { newAside } from '../../src/storage/s3/unfinished-uploads.ts';
import { addBytes, openUpload, settle } from '../../src/storage/s3/upload.ts';
import { createS3Storage } from '../../src/storage/s3/s3-storage.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { StagedFile, VideoStorage } from '../../src/storage/video-storage.ts';
import { s3StartTimeoutMs, useS3 } from '../support/s3.ts';

const key = 'videos/demo.mp4';
const mebibyte = 1024 * 1024;
const limit = { timeout: 30_000 };
const bytes = randomBytes(33 * mebibyte);
const source = { jobId: 'job-1', validator: '"v1"', totalBytes: bytes.length };

const freshBucket = useS3();
beforeAll(async () => void (await freshBucket()), s3StartTimeoutMs);

interface Part {
  number: number;
  sizeBytes: number;
}

/** A storage on the S3 server, behind a proxy that calls `onPart` before it forwards a part. */
async function storageWith(onPart: (part: Part) => Promise<'forward' | 'refuse'>) {
  const place = await freshBucket();
  const { hostname: host, port } = new URL(place.endpoint ?? '');
  const server = createServer((request, response) => {
    void (async () => {
      const { method, url: path = '', headers } = request;
      const body = await buffer(request);
      const number = /partNumber=(\d+)/.exec(path)?.[1];
      const answer = number && (await onPart({ number: Number(number), sizeBytes: body.length }));
      if (answer === 'refuse') return void response.writeHead(400).end();
      const options = { host, port, method, path, headers, agent: false };
      const outgoing = httpRequest(options, (incoming) => {
        response.writeHead(incoming.statusCode ?? 502, incoming.headers);
        incoming.pipe(response);
      });
      outgoing.on('error', () => response.destroy());
      outgoing.end(body);
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { place, storage: createS3Storage({ ...place, endpoint }) };
}

async function download(file: StagedFile, upTo = bytes.length): Promise<void> {
  const writer = createBlockWriter(createBlockPool(), file);
  try {
    for (let at = file.sizeBytes; at < upTo;) {
      const chunk = bytes.subarray(at, Math.min(upTo, at + 700_001));
      await writer.add(chunk);
      at += chunk.length;
    }
  } finally {
    await writer.close();
  }
}

async function expectStored(file: StagedFile, storage: VideoStorage): Promise<void> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(await file.seal()).toEqual({ sha256 });
  await file.commit();
  const stored = createHash('sha256');
  for await (const chunk of storage.read(key)) stored.update(chunk);
  expect(stored.digest('hex')).toBe(sha256);
}

describe('parts of an upload', limit, () => {
  test('are sent three at once, and may be confirmed in another order', async () => {
    let [open, most] = [0, 0];
    let begunFifth = () => {};
    const fifth = new Promise<void>((resolve) => (begunFifth = resolve));
    const { storage } = await storageWith(async ({ number }) => {
      most = Math.max(most, (open += 1));
      if (number === 5) begunFifth();
      // The fifth is sent when two of the first four are confirmed.
      if (number === 1) await fifth;
      open -= 1;
      return 'forward';
    });
    const file = await storage.stage(key, source);
    await download(file);
    expect(most).toBeLessThanOrEqual(3);
    await expectStored(file, storage);
    expect(await storage.leftovers()).toEqual({ count: 0, sizeBytes: 0 });
  });

  test('after one that failed are sent again, and no byte is lost', async () => {
    let isRefused = true;
    const { storage, place } = await storageWith(async ({ number }) =>
      number === 2 && isRefused ? 'refuse' : 'forward',
    );
    const file = await storage.stage(key, source);
    await expect(download(file)).rejects.toBeInstanceOf(StorageError);
    await file.suspend();
    isRefused = false;
    const resumed = await createS3Storage(place).resume(key);
    expect(resumed?.sizeBytes ?? 0).toBeLessThanOrEqual(5 * mebibyte);
    const next = resumed ?? (await storage.stage(key, source));
    await download(next);
    await expectStored(next, storage);
  });

  test('of another size, begun by an earlier version, continue in that size', async () => {
    const sizes: number[] = [];
    const { storage, place } = await storageWith(async ({ number, sizeBytes }) => {
      sizes[number - 1] = sizeBytes;
      return 'forward';
    });
    const bucket = openBucket(place);
    const note = { parts: [], source };
    const owned = await beginNote(bucket, newAside(bucket, key), note);
    const earlier = openUpload({ bucket, owned, note, contentType: 'video/mp4' });
    earlier.partBytes = 8 * mebibyte;
    await addBytes(earlier, bytes.subarray(0, 16 * mebibyte));
    await settle(earlier);
    const resumed = await storage.resume(key);
    expect(resumed?.sizeBytes).toBe(16 * mebibyte);
    await download(resumed as StagedFile);
    await expectStored(resumed as StagedFile, storage);
    expect(sizes.slice(2)).toEqual([8 * mebibyte, 8 * mebibyte, mebibyte]);
  });

  test('continue in the middle of one, and no byte is lost', async () => {
    const { storage } = await storageWith(async () => 'forward');
    const file = await storage.stage(key, source);
    await download(file, 12 * mebibyte);
    await file.suspend();
    const resumed = await storage.resume(key);
    expect(resumed?.sizeBytes).toBe(12 * mebibyte);
    await download(resumed as StagedFile);
    await expectStored(resumed as StagedFile, storage);
  });
});
