import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { mayCarryKey, parseBaseUrl } from '../../src/gateway/transport/base-url.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { parseRawUrl } from '../../src/gateway/transport/raw-url.ts';
import { startTcpServer, startWireServer } from '../fakes/wire-server.ts';
import { apiKey, failure, mp4, open, trusting } from './opening.ts';

describe('a redirect to a private address is refused, however the address is written', () => {
  test.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://0/',
    'https://127.0.0.1./',
    'https://１２７.0.0.1/',
    'https://127%2e0%2e0%2e1/',
    'https://10.1.2.3/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://0xa9fea9fe/latest/meta-data/',
    'https://100.100.100.200/latest/meta-data/',
    'https://[::]/',
    'https://[::1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://[0:0:0:0:0:ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[fd00:ec2::254]/latest/meta-data/',
    'https://[fe80::1]/',
    'https://localhost/',
    '//10.0.0.1/',
    'https:/\\10.0.0.1/',
    'https://media.example@10.0.0.1/',
    'https://media.example:pass@10.0.0.1/',
    'HTTPS://LOCALHOST/',
  ])('%s', async (location) => {
    await using first = await startWireServer({
      status: 307,
      headers: { location: Buffer.from(location).toString('latin1') },
    });
    const error = await failure({ url: `${first.origin}/v`, ...trusting(first) });
    expect(error).toMatchObject({ kind: 'blocked_url', billed: 'yes' });
  });

  test.each(['http:', 'ftp:', 'gopher:', 'javascript:', 'blob:', 'jar:', 'unix:'])(
    'and so is one with the scheme %s',
    async (scheme) => {
      await using target = await startTcpServer(() => undefined);
      const location = `${scheme}//127.0.0.1:${target.port}/x`;
      await using first = await startWireServer({ status: 302, headers: { location } });
      const error = await failure({ url: `${first.origin}/v`, ...trusting(first) });
      expect(error.kind).toBe('blocked_url');
      expect(target.connections).toHaveLength(0);
    },
  );
});

test.each(['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', 'localhost'])(
  'not even a connection is opened to %s',
  async (host) => {
    await using target = await startTcpServer(() => undefined);
    const location = `https://${host}:${target.port}/`;
    await using first = await startWireServer({ status: 307, headers: { location } });
    const error = await failure({ url: `${first.origin}/v`, ...trusting(first) });
    expect(error.kind).toBe('blocked_url');
    // Connections are accepted in their order, so none of theirs is on its way when ours is there.
    const knock = createConnection(target.port, '127.0.0.1');
    await expect.poll(() => target.connections.map((socket) => socket.remotePort)).toHaveLength(1);
    expect(target.connections[0]?.remotePort).toBe(knock.localPort);
    knock.destroy();
  },
);

describe('the key travels to the configured origin below /v1/, and nowhere else', () => {
  const base = parseBaseUrl('https://gateway.example:8443/gate');

  test.each([
    ['https://gateway.example:8443/gate/v1/videos/a/content', true],
    ['HTTPS://Gateway.Example:8443/gate/v1/videos/a/content?x=/../', true],
    ['https://gateway.example:8443/gate/v1/..hidden/x', true],
    ['http://gateway.example:8443/gate/v1/videos', false],
    ['https://gateway.example/gate/v1/videos', false],
    ['https://gateway.example:443/gate/v1/videos', false],
    ['https://gateway.example.:8443/gate/v1/videos', false],
    ['https://gateway.example.evil.example:8443/gate/v1/videos', false],
    ['https://evil-gateway.example:8443/gate/v1/videos', false],
    ['https://gateway.example:8443/v1/videos', false],
    ['https://gateway.example:8443//gate/v1/videos', false],
    ['https://gateway.example:8443/gate//v1/videos', false],
    ['https://gateway.example:8443/gate/v1', false],
    ['https://gateway.example:8443/gate/v1?/v1/', false],
    ['https://gateway.example:8443/gate/V1/videos', false],
    ['https://gateway.example:8443/gate/v1/../files', false],
    ['https://gateway.example:8443/gate/v1/a/..', false],
    ['https://gateway.example:8443/gate/v1/.%2E/files', false],
    ['https://gateway.example:8443/gate/v1/%2e./files', false],
    ['https://gateway.example:8443/gate/v1/..%2ffiles', false],
    ['https://gateway.example:8443/gate/v1/a%2F..%2Ffiles', false],
    ['https://gateway.example:8443/gate/v1/..%5cfiles', false],
    ['https://gateway.example:8443/gate/v1/..\\files', false],
    ['https://gateway.example:8443/gate/v1/..;/files', false],
  ])('%s: %s', (text, may) => {
    const url = parseRawUrl(text);
    expect(url !== undefined && mayCarryKey(base, url)).toBe(may);
  });

  test.each([
    ['a user name', (origin: string) => origin.replace('//', '//gateway.example@')],
    ['a backslash', (origin: string) => `${origin}\\@evil.example`],
  ])('an address with %s is not asked at all', async (_name, disguise) => {
    await using server = await startWireServer(mp4);
    const url = `${disguise(server.origin)}/v1/videos/a/content`;
    expect((await failure({ url, base: server.origin })).kind).toBe('blocked_url');
    expect(server.seen).toEqual([]);
  });

  test('another port of the same host gets the bytes asked for, and no header of ours', async () => {
    await using other = await startWireServer(mp4);
    await using base = await startWireServer({
      status: 302,
      headers: { location: `${other.origin}/v1/videos/a/content` },
    });
    await open({
      url: `${base.origin}/v1/videos/a/content`,
      base: base.origin,
      ...trusting(other),
    });
    expect(base.seen[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
    const names = Object.keys(other.seen[0]?.headers ?? {});
    expect(names.toSorted()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
  });
});

test('a body that unpacks to a thousand times its size is read no faster than its caller', async () => {
  const sizeBytes = 256 * 1024 * 1024;
  const bomb = gzipSync(Buffer.alloc(sizeBytes));
  const headers = { 'content-type': 'video/mp4', 'content-encoding': 'gzip' };
  await using server = await startWireServer({ headers, body: bomb });
  const gateway = createGateway({ baseUrl: server.origin, apiKey });
  const options = { headersTimeoutMs: 5_000, idleTimeoutMs: 5_000 };
  const result = await gateway.openResult({ url: server.origin }, options);
  onTestFinished(() => result.close());
  const before = process.memoryUsage();
  let received = 0;
  for await (const chunk of result.body) if ((received += chunk.length) > 1_000_000) break;
  const after = process.memoryUsage();
  expect(received).toBeLessThan(2_000_000);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(sizeBytes / 8);
});

test('an answer without end, where JSON was promised, is not read to its end', async () => {
  let sent = 0;
  const body = Buffer.alloc(1024 * 1024, ' ');
  await using server = await startWireServer((_request, response) => {
    response.writeHead(404, { 'content-type': 'application/json' });
    const write = () => {
      while (!response.destroyed && response.write(body)) sent += body.length;
    };
    response.on('drain', write);
    write();
  });
  const error = await failure({ url: server.origin, ...trusting(server) });
  expect(error).toMatchObject({ kind: 'result_missing', httpStatus: 404 });
  expect(sent).toBeLessThan(64 * 1024 * 1024);
});
