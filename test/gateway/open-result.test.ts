import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { startTcpServer, startWireServer } from '../fakes/wire-server.ts';
import { apiKey, failure, mp4, open, trusting, video } from './opening.ts';

describe('openResult() hands on the bytes and the head', () => {
  test('a plain answer', async () => {
    const hash = 'a'.repeat(64);
    const headers = {
      'content-type': 'video/mp4',
      'content-length': '200000',
      'accept-ranges': 'bytes',
      etag: '"e"',
    };
    await using media = await startWireServer({ headers, body: video });
    const result = await open({ url: `${media.origin}/m/${hash}.mp4?s=1`, ...trusting(media) });
    expect(result).toMatchObject({
      status: 200,
      contentType: 'video/mp4',
      contentLength: 200_000,
      totalBytes: 200_000,
      etag: '"e"',
      acceptsRanges: true,
      finalUrlPathHash: hash,
    });
    expect(result.bytes.equals(video)).toBe(true);
    expect(media.seen[0]?.headers['accept-encoding']).toBe('identity');
  });

  test('a range that is honoured, and one that is not', async () => {
    const headers = { 'content-range': 'bytes 10-19/20', 'content-length': '10' };
    await using media = await startWireServer(
      { status: 206, headers, body: Buffer.alloc(10) },
      mp4,
      { status: 416 },
    );
    const asking = { url: media.origin, ...trusting(media), rangeStart: 10, ifRange: '"e"' };
    expect(await open(asking)).toMatchObject({
      status: 206,
      rangeStart: 10,
      totalBytes: 20,
      contentLength: 10,
    });
    expect(media.seen[0]?.headers).toMatchObject({ range: 'bytes=10-', 'if-range': '"e"' });
    expect(await open(asking)).toMatchObject({ status: 200 });
    expect(await failure(asking)).toMatchObject({ kind: 'truncated', httpStatus: 416 });
  });

  test('an encoding that nobody asked for is taken off', async () => {
    const { gzipSync } = await import('node:zlib');
    const headers = { 'content-encoding': 'gzip', 'accept-ranges': 'bytes', etag: '"e"' };
    const whole = { headers, body: gzipSync(video) };
    const range = { 'content-range': 'bytes 10-19/20' };
    const part = { status: 206, headers: { ...headers, ...range }, body: gzipSync(video) };
    await using media = await startWireServer(whole, part);
    const result = await open({ url: media.origin, ...trusting(media) });
    expect(result.bytes.equals(video)).toBe(true);
    expect(result.contentLength).toBeUndefined();
    expect(result.acceptsRanges).toBe(false);
    const asking = { url: media.origin, ...trusting(media), rangeStart: 10, ifRange: '"e"' };
    expect(await open(asking)).not.toHaveProperty('rangeStart');
  });

  test('a data: URL', async () => {
    const base64 = video.toString('base64').replaceAll('+', '%2B');
    const text = `${base64.slice(0, 70_001)}\n${base64.slice(70_001)}`;
    const result = await open({ url: `data:video/mp4;base64,${text}` });
    expect(result.bytes.equals(video)).toBe(true);
    expect(await failure({ url: 'data:text/html;base64,AAAA' })).toMatchObject({
      kind: 'not_video',
    });
  });
});

describe('the bytes decide what an answer is', () => {
  const file = readFileSync(new URL('../fixtures/videos/plain-silent.mp4', import.meta.url));
  const typed = (type: string, body: Buffer | string) => ({
    headers: { 'content-type': type },
    body: Buffer.from(body),
  });

  test.each(['text/plain', 'application/json', 'text/html; charset=utf-8', 'application/xml'])(
    'a video called %s is the video',
    async (type) => {
      await using media = await startWireServer(typed(type, file));
      const result = await open({ url: media.origin, ...trusting(media) });
      expect(result.bytes.equals(file)).toBe(true);
    },
  );

  test('a video called text is resumed where it broke off', async () => {
    const headers = { 'content-type': 'text/plain', 'content-range': 'bytes 10-19/20' };
    await using media = await startWireServer({ status: 206, headers, body: Buffer.from('{}') });
    const asking = { url: media.origin, ...trusting(media), rangeStart: 10, ifRange: '"e"' };
    expect(await open(asking)).toMatchObject({ status: 206, rangeStart: 10 });
  });

  test.each([
    ['video/mp4', '{"error":{"message":"expired"}}', 'JSON'],
    ['application/octet-stream', '\ufeff\n<!doctype html><html></html>', 'a web page'],
    ['text/plain', 'Service temporarily unavailable', 'text'],
    ['application/json', '', 'nothing'],
  ])('a text called %s is none: %s', async (type, body, what) => {
    await using media = await startWireServer(typed(type, body));
    expect(await failure({ url: media.origin, ...trusting(media) })).toMatchObject({
      kind: 'not_video',
      message: expect.stringContaining(`the response was ${what} instead of a video`),
    });
  });

  test('the text is kept as evidence: its beginning, without secrets', async () => {
    const body = `{"error":"${apiKey} may not read https://cdn.test/v?sig=1","filler":"${'x'.repeat(99_000)}"}`;
    await using media = await startWireServer(typed('application/json', body));
    const { evidence = '' } = await failure({ url: media.origin, ...trusting(media) });
    expect(evidence).toMatch(
      /^\{"error":"\[key\] may not read https:\/\/cdn\.test\/v","filler":"x+…$/,
    );
    expect(evidence.length).toBeLessThanOrEqual(65_536);
  });

  test('JSON called video/mp4 with an address in it is followed', async () => {
    await using media = await startWireServer(typed('video/mp4', file));
    const url = `${media.origin}/v.mp4`;
    await using first = await startWireServer(typed('video/mp4', JSON.stringify({ url })));
    const result = await open({ url: first.origin, ...trusting(first, media) });
    expect(result.bytes.equals(file)).toBe(true);
  });
});

describe('a body that breaks', () => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n';

  test.each([
    ['short of its length', `${head}Content-Length: 1000\r\n\r\nabc`],
    ['in the middle of a chunk', `${head}Transfer-Encoding: chunked\r\n\r\n10\r\nabc`],
    ['before the last chunk', `${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`],
  ])('%s is truncated', async (_, bytes) => {
    await using server = await startTcpServer((socket) =>
      socket.once('data', () => socket.end(bytes)),
    );
    const error = await failure({ url: server.origin, trusted: [server.origin] });
    expect(error).toMatchObject({ kind: 'truncated', billed: 'yes' });
  });

  test('with silence is not: the wait ends', async () => {
    await using server = await startTcpServer((socket) =>
      socket.once('data', () => socket.write(`${head}Content-Length: 9\r\n\r\nabc`)),
    );
    const error = await failure({
      url: server.origin,
      trusted: [server.origin],
      idleTimeoutMs: 100,
    });
    expect(error).toMatchObject({ kind: 'gateway_unavailable' });
  });

  test('without a head ends too', async () => {
    await using server = await startTcpServer(() => undefined);
    const error = await failure({
      url: server.origin,
      trusted: [server.origin],
      headersTimeoutMs: 100,
    });
    expect(error).toMatchObject({ kind: 'gateway_unavailable' });
  });

  test('by cancellation carries its reason', async () => {
    const abort = new AbortController();
    await using server = await startTcpServer((socket) =>
      socket.once('data', () =>
        socket.write(`${head}\r\nabc`, () => abort.abort(new Error('stop'))),
      ),
    );
    const error = await failure({
      url: server.origin,
      trusted: [server.origin],
      signal: abort.signal,
    });
    expect(error).toMatchObject({
      kind: 'gateway_unavailable',
      cause: { cause: { message: 'stop' } },
    });
  });
});

test('openResult() reads no faster than its caller', async () => {
  const sizeBytes = 64 * 1024 * 1024;
  let sender: ServerResponse | undefined;
  await using server = await startWireServer((_, response) => {
    sender = response;
    response.writeHead(200, { 'content-length': String(sizeBytes) });
    response.write(Buffer.alloc(sizeBytes));
  });
  const gateway = createGateway({ baseUrl: server.origin, apiKey });
  const options = { headersTimeoutMs: 5_000, idleTimeoutMs: 5_000 };
  const result = await gateway.openResult({ url: server.origin }, options);
  for await (const chunk of result.body) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  expect(sender?.writableLength).toBeGreaterThan(sizeBytes / 2);
});

test('close() ends a transfer that was never read', async () => {
  let closed: Promise<unknown> | undefined;
  await using server = await startTcpServer((socket) => {
    closed = once(socket, 'close');
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'));
  });
  const gateway = createGateway({ baseUrl: server.origin, apiKey });
  const options = { headersTimeoutMs: 5_000, idleTimeoutMs: 5_000 };
  const result = await gateway.openResult({ url: server.origin }, options);
  result.close();
  result.close();
  await expect(closed).resolves.toHaveLength(1);
});
