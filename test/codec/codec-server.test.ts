import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCodecServer, type CodecServer } from '../../src/codec/codec-server.ts';
import { createPayloadCodec } from '../../src/codec/payload-codec.ts';
import { payloadsFromJson, payloadsToJson } from '../../src/codec/payload-json.ts';
import { parsePayloadKeys } from '../../src/codec/payload-keys.ts';

const token = 'a-token-of-26-characters..';
const ui = 'http://localhost:8233';
const codec = createPayloadCodec(parsePayloadKeys(`a:${randomBytes(32).toString('base64')}`));
const other = createPayloadCodec(parsePayloadKeys(`b:${randomBytes(32).toString('base64')}`));
const value = { prompt: 'A cat naps in the sun' };
const plain = [defaultPayloadConverter.toPayload(value)];

let server: CodecServer;
beforeAll(async () => {
  server = await startCodecServer({ codec, token, corsOrigins: [ui], host: '127.0.0.1', port: 0 });
});
afterAll(() => server.stop());

function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default', ...headers },
    body,
  });
}

const withToken = { authorization: `Bearer ${token}` };
const messageOf = async (answer: Response) =>
  ((await answer.json()) as { message: string }).message;
const valuesIn = (json: string) =>
  payloadsFromJson(json).map((payload) => defaultPayloadConverter.fromPayload(payload));

describe('the codec server', () => {
  test('decodes what a client has encoded, and the other way round', async () => {
    const encrypted = await codec.encode(plain);
    const decoded = await post('/decode', payloadsToJson(encrypted), withToken);
    expect([decoded.status, decoded.headers.get('content-type')]).toEqual([
      200,
      'application/json',
    ]);
    expect(valuesIn(await decoded.text())).toEqual([value]);

    const encoded = await post('/encode', payloadsToJson(plain), withToken);
    const json = await encoded.text();
    expect(json).not.toContain(Buffer.from('json/plain').toString('base64'));
    expect((await codec.decode(payloadsFromJson(json))).length).toBe(1);
  });

  test('takes bytes as base64, as proto3 JSON writes them', async () => {
    const metadata = { encoding: Buffer.from('json/plain').toString('base64') };
    const data = Buffer.from(JSON.stringify(value)).toString('base64');
    const answer = await post(
      '/decode',
      JSON.stringify({ payloads: [{ metadata, data }] }),
      withToken,
    );
    expect(await answer.json()).toEqual({ payloads: [{ metadata, data }] });
  });

  test('takes a message without any payload, as the `temporal` command sends for a query', async () => {
    for (const path of ['/encode', '/decode']) {
      const answer = await post(path, '{}', withToken);
      expect([answer.status, await answer.json()]).toEqual([200, { payloads: [] }]);
    }
  });

  test('serves at any depth of the path, with the token in a header or in the path', async () => {
    const body = payloadsToJson(plain);
    const statuses = async (path: string, headers = {}) => (await post(path, body, headers)).status;
    expect(await statuses('/codec/default/decode', withToken)).toBe(200);
    expect(await statuses(`/${token}/decode`)).toBe(200);
    expect(await statuses(`/codec/${token}/decode`)).toBe(200);
    const signedIn = { authorization: 'Bearer eyJhbGciOi.of.a-person' };
    expect(await statuses(`/${token}/decode`, signedIn)).toBe(200);
  });

  test.each<[string, string, Record<string, string>]>([
    ['no token', '/decode', {}],
    ['a wrong token', '/decode', { authorization: 'Bearer wrong-token-of-some-length' }],
    ['a piece of the token', '/decode', { authorization: `Bearer ${token.slice(0, -1)}` }],
    ['another scheme', '/decode', { authorization: `Basic ${token}` }],
    ['a wrong path', '/wrong-token-of-some-length/decode', {}],
    ['the token as a query', `/decode?token=${token}`, {}],
  ])('gives nothing to whoever comes with %s', async (_, path, headers) => {
    const encrypted = await codec.encode(plain);
    const answer = await post(path, payloadsToJson(encrypted), headers);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain(Buffer.from('json/plain').toString('base64'));
  });

  test('says which key is missing', async () => {
    const answer = await post('/decode', payloadsToJson(await other.encode(plain)), withToken);
    expect(answer.status).toBe(400);
    expect(await messageOf(answer)).toContain('key "b": add that key to PAYLOAD_KEYS');
  });

  test.each([
    ['no JSON', '{"payloads":'],
    ['another message', '[]'],
    ['payloads that are none', '{"payloads":[1]}'],
    ['bytes that are no base64', '{"payloads":[{"data":"€"}]}'],
    ['plain words in the place of bytes', '{"payloads":[{"metadata":{"encoding":"json/plain"}}]}'],
  ])('refuses a body with %s', async (_, body) => {
    const answer = await post('/decode', body, withToken);
    expect([answer.status, await messageOf(answer)]).toEqual([
      400,
      expect.stringMatching(/^The body is/),
    ]);
  });

  test('answers no other path and no other method', async () => {
    expect((await post('/', '{}', withToken)).status).toBe(404);
    expect((await post('/decode/', '{}', withToken)).status).toBe(404);
    expect((await post('/constructor', '{}', withToken)).status).toBe(404);
    expect((await fetch(`${server.url}/decode`, { headers: withToken })).status).toBe(405);
  });

  test('refuses a body that is too long before it is sent', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const head = [`POST /${token}/decode HTTP/1.1`, 'host: x', `content-length: ${17 * 1024 ** 2}`];
    socket.write([...head, '', ''].join('\r\n'));
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 [^]*connection: close/);
  });

  test('does not read a body without end', async () => {
    const chunk = new Uint8Array(1024 ** 2);
    let sent = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        sent += chunk.length;
        controller.enqueue(chunk);
      },
    });
    const url = `${server.url}/${token}/decode`;
    const answer = fetch(url, { method: 'POST', body: endless, duplex: 'half' });
    const seen = await answer.then(
      ({ status }) => status,
      () => 'broken',
    );
    expect([413, 'broken']).toContain(seen);
    expect(sent).toBeGreaterThan(16 * 1024 ** 2);
  });

  test('listens where it was told to, and says so when that is taken', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const port = Number(new URL(server.url).port);
    const second = startCodecServer({ codec, token, corsOrigins: [], host: '127.0.0.1', port });
    await expect(second).rejects.toThrow('EADDRINUSE');
  });
});

describe('a page in a browser', () => {
  const preflight = (origin: string) =>
    fetch(`${server.url}/decode`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-namespace',
      },
    });
  const allowedBy = ({ headers }: Response) => headers.get('access-control-allow-origin');

  test('of the UI is let in before it asks, and with its question', async () => {
    const asked = await preflight(ui);
    expect([asked.status, allowedBy(asked)]).toEqual([204, ui]);
    const headers = asked.headers.get('access-control-allow-headers')?.toLowerCase();
    for (const name of ['authorization', 'content-type', 'x-namespace'])
      expect(headers).toContain(name);
    const origin = { origin: ui };
    const answer = await post('/decode', payloadsToJson(plain), { ...withToken, ...origin });
    expect([answer.status, allowedBy(answer)]).toEqual([200, ui]);
    const refused = await post('/decode', payloadsToJson(plain), origin);
    expect([refused.status, allowedBy(refused)]).toEqual([401, ui]);
  });

  test.each(['https://evil.example', 'http://localhost:8234', 'null', `${ui}.evil.example`])(
    'of %s is not',
    async (origin) => {
      expect(allowedBy(await preflight(origin))).toBeNull();
      const answer = await post('/decode', payloadsToJson(plain), { ...withToken, origin });
      expect([allowedBy(answer), answer.headers.get('vary')]).toEqual([null, 'Origin']);
    },
  );
});
