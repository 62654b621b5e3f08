import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { closedPort, type Reply, startTcpServer, startWireServer } from '../fakes/wire-server.ts';

const request: VideoRequest = { format: 'videos', body: { model: 'kling-v1', prompt: 'a cat' } };
const apiKey = 'sk-canary-0123456789';
const accepted = { body: '{"id":"task_1","task_id":"task_1","status":"queued"}' };

async function submitTo(
  baseUrl: string,
  { timeoutMs = 5_000, ...options }: { timeoutMs?: number; signal?: AbortSignal } = {},
) {
  const gateway = createGateway({ baseUrl, apiKey });
  try {
    return await gateway.submit(request, { timeoutMs, ...options });
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

async function submitAnswered(reply: Reply) {
  await using server = await startWireServer(reply);
  const outcome = await submitTo(server.origin);
  expect(server.seen).toHaveLength(1);
  return outcome;
}

describe('submit() sends the body unchanged, once', () => {
  test.each([
    ['generations', '/v1/video/generations'],
    ['videos', '/v1/videos'],
  ] as const)('format %s posts to %s', async (format, path) => {
    await using server = await startWireServer(accepted);
    const body = { model: '模型 1', prompt: '一只橘猫 "x"', vertical: 0, n: null, z: 1, a: 2 };
    const gateway = createGateway({ baseUrl: `${server.origin}/v1/`, apiKey });
    await gateway.submit({ format, body }, { timeoutMs: 5_000 });
    const [seen] = server.seen;
    expect(seen).toMatchObject({ method: 'POST', path, body: JSON.stringify(body) });
    expect(seen?.headers).toMatchObject({
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'accept-encoding': 'identity',
    });
  });

  test('a base URL with a path keeps it', async () => {
    await using server = await startWireServer(accepted);
    await submitTo(`${server.origin}/gate/v1/`);
    expect(server.seen[0]?.path).toBe('/gate/v1/videos');
  });
});

describe('accepted is a 2xx with an id and no error marker', () => {
  test.each([
    ['flat', '{"id":"video_1","status":"queued"}', 'video_1'],
    ['task_id before id', '{"id":"x","task_id":"task_1"}', 'task_1'],
    [
      'enveloped, never the row number',
      '{"code":"success","data":{"id":17,"task_id":"task_1"}}',
      'task_1',
    ],
    ['a number', '{"id":17,"status":"queued"}', '17'],
    ['a number as task_id', '{"code":0,"data":{"task_id":8412773}}', '8412773'],
    ['an odd status word', '{"id":"task_1","status":"reviewing"}', 'task_1'],
    ['status unknown', '{"id":"task_1","status":"unknown","metadata":{"url":""}}', 'task_1'],
    ['failed at once', '{"id":"task_1","status":"failed","error":{"message":"no"}}', 'task_1'],
    ['a null error', '{"id":"task_1","error":null,"code":0}', 'task_1'],
    ['a long opaque id', `{"id":"${'aB3/+='.repeat(25)}"}`, 'aB3/+='.repeat(25)],
  ])('%s', async (_, body, jobId) => {
    expect(await submitAnswered({ status: 201, body })).toMatchObject({ jobId });
  });

  test('the answer keeps request id, status word and charged ratios', async () => {
    const headers = {
      'X-Oneapi-Request-Id': 'r1',
      'X-New-Api-Other-Ratios': '{"seconds":8,"size":1}',
    };
    expect(await submitAnswered({ ...accepted, headers })).toEqual({
      jobId: 'task_1',
      rawStatus: 'queued',
      requestId: 'r1',
      chargedRatios: { seconds: 8, size: 1 },
    });
  });
});

describe('whatever is in doubt is unknown', () => {
  test.each([
    ['a web page', { body: '<html>login</html>', headers: { 'content-type': 'text/html' } }],
    ['nothing', {}],
    ['half a JSON text', { body: '{"id":"task_1","sta' }],
    ['a number', { body: '17' }],
    ['no id', { body: '{"object":"video","status":"queued"}' }],
    ['a number that JSON rounds', { body: '{"id":9007199254740993}' }],
    ['a number that counts nothing', { body: '{"id":-1.5}' }],
    ['an id beside an error', { body: '{"id":"task_1","error":{"message":"oops"}}' }],
    ['a code of unknown meaning', { body: '{"code":"oops","task_id":"task_1"}' }],
    ['a 500 without body', { status: 500 }],
    ['an HTML 502', { status: 502, body: '<html>' }],
    ['an HTML 524', { status: 524, body: '<html>' }],
    ['a 5xx with a small number as code', { status: 500, body: '{"code":500,"message":"x"}' }],
    ['a 408', { status: 408, body: '{"code":"request_cancelled"}' }],
    ['an unknown 4xx', { status: 409, body: '{}' }],
    ['an answer above the limit', { body: `{"id":"${'x'.repeat(1_100_000)}"}` }],
  ])('%s', async (_, reply) => {
    expect(await submitAnswered(reply)).toMatchObject({
      kind: 'submit_unknown',
      submitOutcome: 'unknown',
      billed: 'maybe',
    });
  });
});

describe('a redirect of a POST is not followed', () => {
  test.each([301, 302, 303, 307, 308])('%i', async (status) => {
    await using elsewhere = await startWireServer(accepted);
    const headers = { location: `${elsewhere.origin}/v1/videos` };
    expect(await submitAnswered({ status, headers })).toMatchObject({ submitOutcome: 'refused' });
    expect(elsewhere.seen).toHaveLength(0);
  });
});

describe('a connection that never stood sent nothing', () => {
  test('nobody listens', async () => {
    const error = await submitTo(`http://127.0.0.1:${await closedPort()}`);
    expect(error).toMatchObject({
      submitOutcome: 'not_accepted',
      billed: 'no',
      kind: 'gateway_unavailable',
    });
  });

  test('no such name', async () => {
    const error = await submitTo('http://no-such-host.invalid', { timeoutMs: 2_000 });
    expect(error).toMatchObject({ submitOutcome: 'not_accepted' });
  });

  test('the TLS handshake fails', async () => {
    await using server = await startTcpServer((socket) => socket.end('no TLS here'));
    const error = await submitTo(`https://127.0.0.1:${server.port}`);
    expect(error).toMatchObject({ submitOutcome: 'not_accepted' });
    expect(server.connections).toHaveLength(1);
  });

  test('the TLS handshake hangs until the deadline', async () => {
    await using server = await startTcpServer(() => undefined);
    const error = await submitTo(`https://127.0.0.1:${server.port}`, { timeoutMs: 100 });
    expect(error).toMatchObject({ submitOutcome: 'not_accepted' });
  });

  test('cancelled before it began', async () => {
    await using server = await startWireServer(accepted);
    const error = await submitTo(server.origin, { signal: AbortSignal.abort() });
    expect(error).toMatchObject({ submitOutcome: 'not_accepted' });
    expect(server.seen).toHaveLength(0);
  });
});

describe('a connection that stood may have carried the request', () => {
  test('the socket closes after the whole POST, and no second POST follows', async () => {
    await using server = await startTcpServer((socket) =>
      socket.once('data', () => socket.destroy()),
    );
    expect(await submitTo(server.origin)).toMatchObject({ submitOutcome: 'unknown' });
    expect(server.connections).toHaveLength(1);
  });

  test('the socket is reset on accept', async () => {
    await using server = await startTcpServer((socket) => socket.resetAndDestroy());
    expect(await submitTo(server.origin)).toMatchObject({ submitOutcome: 'unknown' });
    expect(server.connections).toHaveLength(1);
  });

  test('the answer breaks off in its body', async () => {
    await using server = await startTcpServer((socket) =>
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{"id":"task_1"'),
      ),
    );
    expect(await submitTo(server.origin)).toMatchObject({ submitOutcome: 'unknown' });
  });

  test('no answer comes in time', async () => {
    await using server = await startTcpServer(() => undefined);
    const error = await submitTo(server.origin, { timeoutMs: 100 });
    expect(error).toMatchObject({ submitOutcome: 'unknown', kind: 'submit_unknown' });
  });

  test('the head comes at once and the body too late', async () => {
    await using server = await startTcpServer((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{')),
    );
    expect(await submitTo(server.origin, { timeoutMs: 100 })).toMatchObject({
      submitOutcome: 'unknown',
    });
  });

  test('cancelled after sending', async () => {
    const abort = new AbortController();
    await using server = await startTcpServer((socket) =>
      socket.once('data', () => abort.abort(new Error('stop'))),
    );
    const error = await submitTo(server.origin, { signal: abort.signal });
    expect(error).toMatchObject({
      submitOutcome: 'unknown',
      cause: { cause: { message: 'stop' } },
    });
  });

  test('something that is no HTTP', async () => {
    await using server = await startTcpServer((socket) =>
      socket.once('data', () => socket.end('SSH-2.0-x\r\n')),
    );
    expect(await submitTo(server.origin)).toMatchObject({ submitOutcome: 'unknown' });
  });
});

test('submit() never uses a connection a second time, so a dead one cannot swallow a POST', async () => {
  const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${accepted.body.length}\r\nConnection: keep-alive\r\n\r\n`;
  await using server = await startTcpServer((socket) => {
    // The first request on a connection is answered; a second one would meet a closed socket.
    socket.once('data', () =>
      socket.write(answer + accepted.body, () => socket.once('data', () => socket.destroy())),
    );
  });
  expect(await submitTo(server.origin)).toMatchObject({ jobId: 'task_1' });
  expect(await submitTo(server.origin)).toMatchObject({ jobId: 'task_1' });
  expect(server.connections).toHaveLength(2);
});

test('Retry-After is handed on', async () => {
  const reply = { status: 429, headers: { 'retry-after': '2' } };
  expect(await submitAnswered(reply)).toMatchObject({ kind: 'rate_limited', retryAfterMs: 2_000 });
});

test('submit() closes its connection when it gives up', async () => {
  let socketClosed: Promise<unknown> | undefined;
  await using server = await startTcpServer((socket) => {
    socketClosed = once(socket.resume(), 'close');
  });
  await submitTo(server.origin, { timeoutMs: 50 });
  await expect(socketClosed).resolves.toEqual([false]);
});
