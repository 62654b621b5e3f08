import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { StoredVideo } from '../../../src/contract/stored-video.ts';
import type { VideoReader } from '../../../src/contract/video-reader.ts';
import { StorageError } from '../../../src/storage/storage-error.ts';
import { tempStorage } from '../../fakes/temp-storage.ts';
import { contentServer, readBroken, videoOf } from './content-server.ts';

/** More than one chunk of a storage. */
const bytes = randomBytes(300_000);
const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
const lastModified = new Date('2026-11-30T10:00:00Z');

async function storedFile(content: Uint8Array = bytes) {
  const { storage } = await tempStorage();
  const file = { ...videoOf(content), uri: storage.uriOf(videoOf(content).key) };
  await storage.writeSmall(file.key, content);
  return { storage, file };
}

async function served(content: Uint8Array = bytes) {
  const { storage, file } = await storedFile(content);
  return {
    file,
    storage,
    url: await contentServer(storage, { file, fileName: 'a.mp4', lastModified }),
  };
}

/** Without those of the connection. */
function contentHeaders({ headers }: Response) {
  const ofConnection = ['connection', 'date', 'keep-alive'];
  return [...headers].filter(([name]) => !ofConnection.includes(name));
}

describe('GET', () => {
  test('sends the whole file with the headers of its type, length and validators', async () => {
    const { url } = await served();
    const response = await fetch(url);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache, no-transform',
      'content-disposition': 'inline; filename="a.mp4"',
      'content-length': '300000',
      'content-type': 'video/mp4',
      etag,
      'last-modified': 'Mon, 30 Nov 2026 10:00:00 GMT',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(response.headers.has('content-range')).toBe(false);
    expect(bytes.equals(Buffer.from(await response.arrayBuffer()))).toBe(true);
  });

  /** The first two are what Chromium sends to play and to seek, the others what curl sends. */
  test.each([
    ['bytes=0-', 0, 299_999],
    ['bytes=196608-', 196_608, 299_999],
    ['bytes=0-99', 0, 99],
    ['bytes=299999-299999', 299_999, 299_999],
    ['bytes=299000-400000', 299_000, 299_999],
    ['bytes=-500', 299_500, 299_999],
  ])('of the range %s sends these bytes with 206', async (range, start, end) => {
    const { url } = await served();
    const response = await fetch(url, { headers: { range } });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/300000`);
    expect(response.headers.get('content-length')).toBe(String(end - start + 1));
    expect(response.headers.get('etag')).toBe(etag);
    const expected = bytes.subarray(start, end + 1);
    expect(expected.equals(Buffer.from(await response.arrayBuffer()))).toBe(true);
  });

  test.each(['bytes=300000-', 'bytes=-0'])(
    'of the range %s is answered with 416',
    async (range) => {
      const { url } = await served();
      const response = await fetch(url, { headers: { range } });
      expect(response.status).toBe(416);
      expect(response.headers.get('content-range')).toBe('bytes */300000');
      expect(await response.text()).toBe('');
    },
  );

  test.each([
    ['of several ranges', { range: 'bytes=0-1,5-6' }],
    ['of a range of another file', { range: 'bytes=0-1', 'if-range': '"other"' }],
    [
      'of a range that its date would prove',
      { range: 'bytes=0-1', 'if-range': lastModified.toUTCString() },
    ],
  ])('%s sends the whole file', async (_, headers) => {
    const { url } = await served();
    const response = await fetch(url, { headers });
    expect(response.status).toBe(200);
    expect(await response.arrayBuffer()).toHaveProperty('byteLength', 300_000);
  });

  test('of a range of the same file sends the range', async () => {
    const { url } = await served();
    const response = await fetch(url, { headers: { range: 'bytes=0-1', 'if-range': etag } });
    expect(response.status).toBe(206);
  });

  test.each(['GET', 'HEAD'])(
    'as %s of a file that the client has is answered with 304',
    async (method) => {
      const { url } = await served();
      const headers = { 'if-none-match': etag, range: 'bytes=0-1' };
      const response = await fetch(url, { method, headers });
      expect(response.status).toBe(304);
      expect(response.headers.get('etag')).toBe(etag);
      expect(response.headers.get('cache-control')).toContain('private');
    },
  );

  test('of a file that the client does not expect is answered with 412', async () => {
    const { url } = await served();
    const response = await fetch(url, { headers: { 'if-match': '"other"' } });
    expect(response.status).toBe(412);
    expect(await response.text()).toBe('');
  });
});

test('HEAD has the headers of GET and no body, and ignores ranges', async () => {
  const { url } = await served();
  const get = await fetch(url);
  await get.arrayBuffer();
  const head = await fetch(url, { method: 'HEAD', headers: { range: 'bytes=0-1' } });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
  expect(contentHeaders(head)).toEqual(contentHeaders(get));
});

describe('a file that was damaged after it was stored', () => {
  async function damaged(content: Uint8Array, found: Uint8Array) {
    const { url, file } = await served(content);
    await writeFile(fileURLToPath(file.uri), found);
    return url;
  }
  const changed = Buffer.from(bytes);
  changed[150_000] = (changed[150_000] ?? 0) ^ 1;

  test.each([{}, { range: 'bytes=0-' }])(
    'breaks the connection before its end, with the headers %j',
    async (headers) => {
      const { received, error } = await readBroken(await damaged(bytes, changed), headers);
      expect(error).toMatchObject({ code: 'ECONNRESET' });
      expect(received.length).toBeLessThan(bytes.length);
    },
  );

  test.each([
    ['of another size', bytes, bytes.subarray(1)],
    ['of one chunk', bytes.subarray(0, 100), changed.subarray(149_950, 150_050)],
  ])('is an error before its first byte, if it is %s', async (_, content, found) => {
    const response = await fetch(await damaged(content, found));
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'damaged', isFinal: true });
    expect(text).not.toContain('file:');
  });
});

test.each(['GET', 'HEAD'])('%s of a file that was removed is answered with 410', async (method) => {
  const { url, file, storage } = await served();
  await storage.remove(file.key);
  const response = await fetch(url, { method, headers: { 'if-none-match': etag } });
  expect(response.status).toBe(410);
  if (method === 'GET') expect(await response.json()).toMatchObject({ code: 'file_gone' });
});

describe('a storage', () => {
  const file: StoredVideo = videoOf(bytes);
  const head = async () => ({ sizeBytes: bytes.length });
  const serve = (storage: VideoReader) => contentServer(storage, { file, fileName: 'a.mp4' });

  test.each<[string, Partial<VideoReader>]>([
    ['answers nothing', { head: () => Promise.reject(new StorageError('no answer')) }],
    [
      'fails at the first byte',
      {
        // oxlint-disable-next-line require-yield
        read: async function* () {
          throw new StorageError('denied');
        },
      },
    ],
  ])('that %s is an error that may be repeated', async (_, faults) => {
    const url = await serve({ head, read: async function* () {}, ...faults });
    const response = await fetch(url, { headers: { range: 'bytes=0-9' } });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'storage_unavailable' });
  });

  test.each([
    ['too few', [bytes.subarray(0, 90)]],
    ['too many', [bytes.subarray(0, 90), bytes.subarray(90, 110)]],
  ])('that gives %s bytes of a range breaks the connection', async (_, chunks) => {
    const url = await serve({
      head,
      read: async function* () {
        yield* chunks;
      },
    });
    const { received, error } = await readBroken(url, { range: 'bytes=0-99' });
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(received.length).toBeLessThan(100);
  });
});
