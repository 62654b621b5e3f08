import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { proxiedAgents } from '../../src/egress/proxied-agents.ts';
import { proxyFor } from '../../src/egress/proxy-for.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { createStorage } from '../../src/storage/create-storage.ts';
import { createTracer } from '../../src/worker/tracing/tracer.ts';
import { startConnectProxy } from '../fakes/connect-proxy.ts';
import { startTcpServer, startWireServer } from '../fakes/wire-server.ts';

const baseUrl = 'http://gateway.test';
const apiKey = 'sk-canary-0123456789';
const models = { body: JSON.stringify({ data: [{ id: 'kling-v1' }] }) };
const timeoutMs = 5_000;
const reading = { headersTimeoutMs: timeoutMs, idleTimeoutMs: timeoutMs };
const paid = { format: 'generations', body: { model: 'kling-v1', prompt: 'a cat' } } as const;
const bucket = {
  bucket: 'videos',
  prefix: '',
  endpoint: 'http://s3.test',
  region: 'us-east-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
};

/** A gateway whose host name exists behind the proxy alone. */
function gatewayBehind(proxy: string) {
  return createGateway({ baseUrl, apiKey, proxies: { httpProxy: proxy } });
}

async function errorOf(proxy: string): Promise<GatewayError> {
  const error: unknown = await gatewayBehind(proxy)
    .listModels({ timeoutMs })
    .catch((reason: unknown) => reason);
  if (!(error instanceof GatewayError)) throw new Error('Expected a GatewayError');
  return error;
}

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));
}

describe('through a proxy', () => {
  test('the gateway is asked, and the proxy resolves its name', async () => {
    await using server = await startWireServer(models);
    await using proxy = await startConnectProxy({ 'gateway.test': server.port });
    expect(await gatewayBehind(proxy.url).listModels({ timeoutMs })).toEqual(['kling-v1']);
    expect(proxy.targets).toEqual(['gateway.test:80']);
  });

  test('a result of a host that only the proxy knows is read', async () => {
    const body = Buffer.alloc(100_000, 7);
    await using server = await startWireServer({ headers: { 'content-type': 'video/mp4' }, body });
    await using proxy = await startConnectProxy({ 'gateway.test': server.port });
    const url = `${baseUrl}/v1/videos/a/content`;
    const result = await gatewayBehind(proxy.url).openResult({ url }, reading);
    let sizeBytes = 0;
    for await (const chunk of result.body) sizeBytes += chunk.length;
    expect(sizeBytes).toBe(body.length);
  });

  test('a private address that is written as a number is refused all the same', async () => {
    await using proxy = await startConnectProxy({});
    const gateway = createGateway({ baseUrl, apiKey, proxies: { httpsProxy: proxy.url } });
    const opened = gateway.openResult({ url: 'https://169.254.169.254/latest' }, reading);
    await expect(opened).rejects.toMatchObject({ kind: 'blocked_url' });
    expect(proxy.targets).toEqual([]);
  });

  test('a paid POST is sent once', async () => {
    await using server = await startWireServer({ body: JSON.stringify({ task_id: 'task_1' }) });
    await using proxy = await startConnectProxy({ 'gateway.test': server.port });
    expect((await gatewayBehind(proxy.url).submit(paid, { timeoutMs })).jobId).toBe('task_1');
    expect(server.seen).toHaveLength(1);
  });

  test('an S3 server is asked, with the bucket in the path', async () => {
    await using server = await startWireServer({ status: 404 });
    await using proxy = await startConnectProxy({ 's3.test': server.port });
    const storage = await createStorage({ ...bucket, proxies: { httpProxy: proxy.url } });
    expect(await storage.head('videos/a.mp4')).toBeNull();
    expect(server.seen[0]?.path).toMatch(/^\/videos\/videos\/a\.mp4/);
  });

  test('a bucket is a part of the host name where that is wanted', async () => {
    await using server = await startWireServer({ status: 404 });
    await using proxy = await startConnectProxy({ 'videos.s3.test': server.port });
    const proxies = { httpProxy: proxy.url };
    const storage = await createStorage({ ...bucket, addressing: 'virtual', proxies });
    expect(await storage.head('videos/a.mp4')).toBeNull();
    expect(server.seen[0]?.path).toMatch(/^\/videos\/a\.mp4/);
  });

  test('spans are sent', async () => {
    await using server = await startWireServer({ body: '{}' });
    await using proxy = await startConnectProxy({ 'collector.test': server.port });
    const proxies = { httpProxy: proxy.url };
    const url = 'http://collector.test/v1/traces';
    const tracer = createTracer({ url, headers: {}, proxies });
    tracer.begin({ name: 'a', kind: 'client' }).end('ok', { error: false });
    await tracer.shutdown();
    expect(proxy.targets).toEqual(['collector.test:80']);
  });

  test('TLS is with the host behind the proxy, not with the proxy', async () => {
    const ca = fixture('media.test.crt');
    const server = createServer({ key: fixture('media.test.key'), cert: ca }, (_, response) =>
      response.end('hello'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await using proxy = await startConnectProxy({ 'media.test': port });
    const { httpsAgent } = proxiedAgents(proxyFor({ httpsProxy: proxy.url }));
    const answer = await new Promise<string>((resolve, reject) => {
      request({ host: 'media.test', agent: httpsAgent, ca }, (incoming) => {
        text(incoming).then(resolve, reject);
      })
        .on('error', reject)
        .end();
    });
    expect(answer).toBe('hello');
    expect(proxy.targets).toEqual(['media.test:443']);
    server.close();
  });
});

describe('a proxy that gives no connection', () => {
  test('is named with its answer', async () => {
    await using proxy = await startConnectProxy({}, { status: 502 });
    const error = await errorOf(proxy.url);
    expect(error.kind).toBe('gateway_unavailable');
    const answered = `The proxy "${proxy.url}" answered 502 to CONNECT "gateway.test:80"`;
    expect(error.message).toContain(answered);
  });

  test('and wants credentials says where they go', async () => {
    await using proxy = await startConnectProxy({}, { status: 407 });
    expect((await errorOf(proxy.url)).message).toContain('add them to its URL');
  });

  test('and cannot be reached is named, without its credentials', async () => {
    const server = await startTcpServer(() => undefined);
    const { port } = server;
    await server[Symbol.asyncDispose]();
    const { message } = await errorOf(`http://name:secret@127.0.0.1:${port}`);
    expect(message).toContain(`The proxy "http://127.0.0.1:${port}" cannot be reached`);
    expect(message).not.toContain('secret');
  });

  test('leaves a paid POST surely unsent', async () => {
    await using proxy = await startConnectProxy({}, { status: 503 });
    const sent = gatewayBehind(proxy.url).submit(paid, { timeoutMs });
    await expect(sent).rejects.toMatchObject({ submitOutcome: 'not_accepted' });
  });
});

test('credentials of a proxy are shown to the proxy', async () => {
  await using server = await startWireServer(models);
  await using proxy = await startConnectProxy({ 'gateway.test': server.port });
  await gatewayBehind(proxy.url.replace('//', '//name:se%40cret@')).listModels({ timeoutMs });
  expect(proxy.credentials).toEqual([`Basic ${Buffer.from('name:se@cret').toString('base64')}`]);
});

test('a connection that breaks behind the proxy names the proxy', async () => {
  await using server = await startTcpServer((socket) => socket.destroy());
  await using proxy = await startConnectProxy({ 'gateway.test': server.port });
  expect((await errorOf(proxy.url)).message).toContain(`through the proxy "${proxy.url}"`);
});
