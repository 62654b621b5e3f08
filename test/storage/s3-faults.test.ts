import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createS3Storage } from '../../src/storage/s3/s3-storage.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';

const key = 'claims/a.json';
const bytes = Buffer.from('mine');
const limit = { timeout: 30_000 };

interface Seen {
  method: string;
  path: string;
  body: string;
  headers: IncomingMessage['headers'];
}
type Reply = (response: ServerResponse, seen: Seen) => void;

/** A server that answers the calls in turn, the last reply for all that follow. */
async function scripted(...replies: Reply[]): Promise<{ storage: VideoStorage; calls: Seen[] }> {
  const calls: Seen[] = [];
  const server = createServer(
    (request, response) =>
      void (async () => {
        const { method = '', url: path = '', headers } = request;
        const seen = { method, path, body: await text(request), headers };
        calls.push(seen);
        const reply = replies[Math.min(calls.length, replies.length) - 1];
        reply?.(response, seen);
      })(),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const storage = createS3Storage({
    bucket: 'a-bucket',
    prefix: '',
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  });
  return { storage, calls };
}

const ok: Reply = (response) => response.writeHead(200, { etag: '"1"' }).end();
const missing: Reply = (response) => response.writeHead(404).end();
const lost: Reply = (response) => response.destroy();
const refused = (status: number, code: string): Reply => {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>as asked</Message></Error>`;
  return (response) => response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
};
const exists = refused(412, 'PreconditionFailed');
const conflict = refused(409, 'ConditionalRequestConflict');
/** The head of the object that the first call created. */
const written =
  (calls: () => Seen[]): Reply =>
  (response) =>
    response
      .writeHead(200, { 'x-amz-meta-writer': String(calls()[0]?.headers['x-amz-meta-writer']) })
      .end();

describe('an object is created once', limit, () => {
  test('by us, also if the response was lost and the second call finds our own object', async () => {
    let calls: Seen[] = [];
    const { storage, ...server } = await scripted(
      lost,
      exists,
      written(() => calls),
    );
    calls = server.calls;
    expect(await storage.createSmall(key, bytes)).toBe(true);
    expect(calls.map(({ method }) => method)).toEqual(['PUT', 'PUT', 'HEAD']);
  });

  test('by another, if the response was lost and the object is not ours', async () => {
    const { storage } = await scripted(lost, exists, (response) =>
      response.writeHead(200, { 'x-amz-meta-writer': 'another' }).end(),
    );
    expect(await storage.createSmall(key, bytes)).toBe(false);
  });

  test('by another, which has removed it since', async () => {
    const { storage } = await scripted(exists, missing);
    expect(await storage.createSmall(key, bytes)).toBe(false);
  });

  test('by us, after a conflict that no other writer won', async () => {
    const { storage, calls } = await scripted(conflict, conflict, ok);
    expect(await storage.createSmall(key, bytes)).toBe(true);
    expect(calls.every(({ headers }) => headers['if-none-match'] === '*')).toBe(true);
  });

  test('by another, after a conflict', async () => {
    const { storage } = await scripted(conflict, exists, missing);
    expect(await storage.createSmall(key, bytes)).toBe(false);
  });

  test('or the create fails, if conflicts do not end', async () => {
    const { storage } = await scripted(conflict);
    await expect(storage.createSmall(key, bytes)).rejects.toThrow(/ConditionalRequestConflict/);
  });
});

test('a server that ignores conditional writes is refused as a storage', async () => {
  const { storage } = await scripted(ok);
  await expect(storage.check()).rejects.toThrow(/ignores "If-None-Match: \*"/);
  const halfway = await scripted(ok, exists, missing, ok);
  await expect(halfway.storage.check()).rejects.toThrow(/ignores "If-Match"/);
});

test('each body is signed with its hash, which the server verifies', async () => {
  const { storage, calls } = await scripted(ok);
  await storage.writeSmall(key, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(calls[0]?.headers['x-amz-content-sha256']).toBe(sha256);
});

test(
  'a transient error of the server is retried, and a lasting failure is reported',
  limit,
  async () => {
    const slowDown = refused(503, 'SlowDown');
    const { storage } = await scripted(slowDown, slowDown, ok);
    await storage.writeSmall(key, bytes);
    const { storage: other, calls } = await scripted(refused(500, 'InternalError'));
    const error: unknown = await other.writeSmall(key, bytes).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(StorageError);
    expect(String(error)).toBe(
      `StorageError: Cannot write "${key}" in bucket "a-bucket": InternalError, HTTP 500, as asked`,
    );
    expect(calls).toHaveLength(4);
  },
);

test('an unreachable server is reported by its error code', limit, async () => {
  const storage = createS3Storage({
    bucket: 'a-bucket',
    prefix: '',
    endpoint: 'http://127.0.0.1:1',
    region: 'us-east-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  });
  await expect(storage.head(key)).rejects.toThrow(/^Cannot read .* "a-bucket": ECONNREFUSED/);
});

test('a server that ignores the range of a read is an error, and no byte is given', async () => {
  const { storage, calls } = await scripted((response) => response.writeHead(200).end('whole'));
  const read = storage.read(key, { start: 1, end: 2 })[Symbol.asyncIterator]();
  await expect(read.next()).rejects.toThrow(/ignores "Range: bytes=1-2"/);
  expect(calls[0]?.headers.range).toBe('bytes=1-2');
});

test('a read that is ended early closes its connection', limit, async () => {
  const closed = new EventEmitter();
  const { storage } = await scripted((response) => {
    response.once('close', () => closed.emit('closed', response.writableFinished));
    response.writeHead(200, { 'content-length': '1000000' }).write('x'.repeat(100_000));
  });
  const end = once(closed, 'closed');
  for await (const chunk of storage.read(key)) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  expect(await end).toEqual([false]);
});
