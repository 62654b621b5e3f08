import { describe, expect, test } from 'vitest';
import { startTcpServer, startWireServer } from '../fakes/wire-server.ts';
import { apiKey, failure, mp4, open, trusting, video } from './opening.ts';

describe('a URL travels byte for byte', () => {
  const target = `/v/a'b{c}%2f%2F.mp4?X=UTF-8''x&s=a+b%2Bc%3d"<>|^\`&e=`;

  test('directly', async () => {
    await using media = await startWireServer(mp4);
    await open({ url: `${media.origin}${target}#fragment`, ...trusting(media) });
    expect(media.seen[0]?.path).toBe(target);
  });

  test('through an absolute and a relative Location', async () => {
    await using media = await startWireServer({ status: 302, headers: { location: target } }, mp4);
    await using first = await startWireServer({
      status: 307,
      headers: { location: `${media.origin}${target}` },
    });
    await open({ url: first.origin, ...trusting(first, media) });
    expect(media.seen.map(({ path }) => path)).toEqual([target, target]);
  });
});

describe('the key stays at its origin, below /v1/', () => {
  test('it goes to /content and is left behind at the redirect', async () => {
    await using media = await startWireServer(mp4);
    await using base = await startWireServer({
      status: 307,
      headers: { location: `${media.origin}/v1/x.mp4` },
    });
    await open({
      url: `${base.origin}/v1/videos/t/content`,
      base: base.origin,
      ...trusting(media),
    });
    expect(base.seen[0]?.headers.authorization).toBe(`Bearer ${apiKey}`);
    expect(JSON.stringify(media.seen)).not.toContain(apiKey);
  });

  test.each(['/files/x.mp4', '/v1', '/v1/../files/x', '/v1/%2e%2e/x', '/V1/videos/x'])(
    'not to %s',
    async (path) => {
      await using base = await startWireServer(mp4);
      await open({ url: `${base.origin}${path}`, base: base.origin });
      expect(base.seen[0]?.path).toBe(path);
      expect(base.seen[0]?.headers.authorization).toBeUndefined();
    },
  );
});

describe('addresses that must not be asked are blocked before any connection', () => {
  test.each([
    'http://media.example/x.mp4',
    'https://10.0.0.1/x.mp4',
    'https://169.254.169.254/latest',
    'https://[::1]/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://2130706433/x',
    'https://0x7f.1/x',
    'file:///etc/passwd',
    'gs://bucket/x.mp4',
    'https://user:pass@media.example/x',
    'https://media.example\\@10.0.0.1/x',
  ])('%s', async (url) => {
    expect(await failure({ url })).toMatchObject({ kind: 'blocked_url', billed: 'yes' });
  });

  test('a name that means a private address', async () => {
    await using server = await startTcpServer(() => undefined);
    expect(await failure({ url: `https://localhost:${server.port}/x` })).toMatchObject({
      kind: 'blocked_url',
    });
    expect(server.connections).toHaveLength(0);
  });

  test.each([
    'http://169.254.169.254/',
    'https://10.0.0.1/',
    'file:///etc/passwd',
    'data:video/mp4;base64,AAAA',
  ])('a redirect to %s', async (location) => {
    await using first = await startWireServer({ status: 307, headers: { location } });
    expect(await failure({ url: first.origin, ...trusting(first) })).toMatchObject({
      kind: 'blocked_url',
    });
  });

  test('a redirect to an origin that is not trusted', async () => {
    await using media = await startWireServer(mp4);
    await using first = await startWireServer({ status: 302, headers: { location: media.origin } });
    expect(await failure({ url: first.origin, ...trusting(first) })).toMatchObject({
      kind: 'blocked_url',
    });
    expect(media.seen).toHaveLength(0);
  });
});

describe('redirects are bounded', () => {
  test('five are followed, a loop ends', async () => {
    const hop = { status: 302, headers: { location: '/next' } };
    await using server = await startWireServer(hop, hop, hop, hop, hop, mp4);
    expect((await open({ url: server.origin, ...trusting(server) })).bytes).toHaveLength(200_000);
    await using loop = await startWireServer(hop);
    expect(await failure({ url: loop.origin, ...trusting(loop) })).toMatchObject({
      kind: 'gateway_unavailable',
    });
    expect(loop.seen).toHaveLength(6);
  });

  test('one without a Location is a fault', async () => {
    await using server = await startWireServer({ status: 302 });
    expect(await failure({ url: server.origin, ...trusting(server) })).toMatchObject({
      httpStatus: 302,
    });
  });
});

describe('an answer that is no video', () => {
  const json = (body: unknown) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  test.each([['url'], ['data']])('JSON with an address in "%s" is followed', async (place) => {
    await using media = await startWireServer(mp4);
    const url = `${media.origin}/x?s=a'b`;
    await using first = await startWireServer(json(place === 'url' ? { url } : { data: { url } }));
    expect((await open({ url: first.origin, ...trusting(first, media) })).bytes).toHaveLength(
      200_000,
    );
    expect(media.seen[0]?.path).toBe(`/x?s=a'b`);
  });

  test('JSON is followed once, and by the same rules', async () => {
    await using loop = await startWireServer(json({ url: '/again' }));
    expect(await failure({ url: loop.origin, ...trusting(loop) })).toMatchObject({
      kind: 'not_video',
    });
    expect(loop.seen).toHaveLength(2);
    await using bad = await startWireServer(json({ url: 'http://10.0.0.1/x' }));
    expect(await failure({ url: bad.origin, ...trusting(bad) })).toMatchObject({
      kind: 'blocked_url',
    });
  });

  test('a JSON error keeps its words', async () => {
    await using server = await startWireServer(
      json({ error: { message: 'video expired', code: 'expired' } }),
    );
    const error = await failure({ url: server.origin, ...trusting(server) });
    expect(error).toMatchObject({
      kind: 'not_video',
      gatewayCode: 'expired',
      gatewayMessage: 'video expired',
    });
  });

  test.each(['application/octet-stream', 'binary/octet-stream', 'video/webm'])(
    '%s may be one',
    async (type) => {
      await using server = await startWireServer({
        headers: { 'content-type': type },
        body: video,
      });
      expect((await open({ url: server.origin, ...trusting(server) })).bytes).toHaveLength(200_000);
    },
  );
});

test('the XML of an object store is read for its words', async () => {
  const body =
    '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';
  await using server = await startWireServer({ status: 403, body });
  const error = await failure({ url: server.origin, ...trusting(server) });
  expect(error).toMatchObject({
    kind: 'result_missing',
    httpStatus: 403,
    gatewayCode: 'AccessDenied',
    gatewayMessage: 'Request has expired',
  });
});
