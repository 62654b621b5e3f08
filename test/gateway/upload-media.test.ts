import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { type Reply, startWireServer } from '../fakes/wire-server.ts';

const options = { timeoutMs: 5_000 };
const png = { bytes: Buffer.from('a picture'), type: 'image/png' };
const refusal = { name: 'GatewayError', billed: 'no' };

/** A gateway that gives this ticket, and a media host that gives this answer. */
async function upload(
  ticket: (media: string) => Reply,
  { answer = { status: 201 }, trusted = true }: { answer?: Reply; trusted?: boolean } = {},
) {
  await using media = await startWireServer(answer);
  await using server = await startWireServer(ticket(media.origin));
  const gateway = createGateway({
    baseUrl: server.origin,
    apiKey: 'sk-test',
    ...(trusted && { trustedOrigins: [media.origin] }),
  });
  const outcome = await gateway.uploadMedia(png, options).catch((error: unknown) => error);
  return { outcome, asked: server.seen, put: media.seen, origin: media.origin };
}

function ticketFor(media: string, more: Record<string, unknown> = {}): Reply {
  const url = `${media}/media/uploads/a.png`;
  const headers = { 'Content-Type': 'image/png', 'X-Media-Upload-Token': 'TOKEN-CANARY' };
  return { body: JSON.stringify({ url, upload_url: url, method: 'PUT', headers, ...more }) };
}

test('a file is uploaded byte for byte, and the address serves it', async () => {
  await using sandbox = await startSandboxGateway({ generation: 'plugins' });
  const { url: baseUrl, apiKey, mediaUrl } = sandbox;
  const gateway = createGateway({ baseUrl, apiKey, trustedOrigins: [mediaUrl] });
  const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251);

  const url = await gateway.uploadMedia({ bytes, type: 'image/png' }, options);

  const served = await fetch(url);
  expect(new Uint8Array(await served.arrayBuffer())).toEqual(bytes);
  expect(sandbox.ledger.uploads).toMatchObject([
    { url, mimeType: 'image/png', sizeBytes: bytes.length, stored: true },
  ]);
});

test('a ticket is asked for with the API key, and the bytes travel without it', async () => {
  const { outcome, asked, put, origin } = await upload((media) => ticketFor(media));

  expect(outcome).toBe(`${origin}/media/uploads/a.png`);
  expect(asked).toMatchObject([
    { method: 'POST', path: '/v1/media/uploads', headers: { authorization: 'Bearer sk-test' } },
  ]);
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
    size: 9,
    mime_type: 'image/png',
    sha256: createHash('sha256').update(png.bytes).digest('base64url'),
  });
  expect(put).toMatchObject([
    {
      method: 'PUT',
      path: '/media/uploads/a.png',
      headers: { 'content-type': 'image/png', 'x-media-upload-token': 'TOKEN-CANARY' },
      body: 'a picture',
    },
  ]);
  expect(put[0]?.headers).not.toHaveProperty('authorization');
});

test('a ticket may not set the headers of the connection', async () => {
  const headers = { Authorization: 'x', Host: 'other.example', 'X-Fine': 'yes' };
  const { put } = await upload((media) => ticketFor(media, { headers }));

  expect(put[0]?.headers).toMatchObject({ 'x-fine': 'yes', 'content-type': 'image/png' });
  expect(put[0]?.headers).not.toHaveProperty('authorization');
  expect(put[0]?.headers.host).toMatch(/^127\.0\.0\.1:/);
});

test.each<[what: string, media: { bytes: Uint8Array; type: string }]>([
  ['of an unknown type', { ...png, type: 'image/svg+xml' }],
  ['that is empty', { ...png, bytes: new Uint8Array() }],
  ['above 100 MB', { ...png, bytes: new Uint8Array(100_000_001) }],
])('a file %s is refused before anything is sent', async (_what, media) => {
  await using server = await startWireServer({});
  const gateway = createGateway({ baseUrl: server.origin, apiKey: 'sk-test' });

  await expect(gateway.uploadMedia(media, options)).rejects.toMatchObject({
    ...refusal,
    kind: 'invalid_request',
  });
  expect(server.seen).toEqual([]);
});

test.each<[what: string, change: (media: string) => Record<string, unknown>]>([
  ['on a private host that is not trusted', () => ({})],
  ['of another scheme', () => ({ upload_url: 'ftp://media.example/a' })],
  ['with a password', () => ({ upload_url: 'https://a:b@media.example/a' })],
  [
    'of a private https host',
    () => ({ upload_url: 'https://10.0.0.1/a', url: 'https://10.0.0.1/a' }),
  ],
])('a ticket %s is blocked, and no byte is sent', async (_what, change) => {
  const { outcome, put } = await upload((media) => ticketFor(media, change(media)), {
    trusted: false,
  });

  expect(outcome).toMatchObject({ ...refusal, kind: 'blocked_url' });
  expect(put).toEqual([]);
});

test('a ticket whose file would be served from a blocked address is blocked before the upload', async () => {
  const { outcome, put } = await upload((media) =>
    ticketFor(media, { url: 'http://other.example/a.png' }),
  );

  expect(outcome).toMatchObject({ ...refusal, kind: 'blocked_url' });
  expect(put).toEqual([]);
});

test.each<[Reply, string]>([
  [{ status: 400, body: '{"error":{"message":"no","type":"invalid_media"}}' }, 'invalid_request'],
  [{ status: 401, body: '{"error":{"message":"no"}}' }, 'auth'],
  [{ status: 429 }, 'rate_limited'],
  [
    { status: 503, body: '{"error":{"message":"no","type":"media_unavailable"}}' },
    'gateway_unavailable',
  ],
  [{ body: '<!doctype html>' }, 'gateway_unavailable'],
  [{ body: '{"url":"https://media.example/a","method":"POST"}' }, 'gateway_unavailable'],
  [
    { body: '{"url":"https://media.example/a","headers":{"X-A":"a\\r\\nB: c"}}' },
    'gateway_unavailable',
  ],
])('a request for a ticket after %j is %s, and nothing is billed', async (reply, kind) => {
  const { outcome, put } = await upload(() => reply);

  expect(outcome).toMatchObject({ ...refusal, kind });
  expect(put).toEqual([]);
});

test('a gateway without uploads is named as such', async () => {
  await using sandbox = await startSandboxGateway();
  const gateway = createGateway({ baseUrl: sandbox.url, apiKey: sandbox.apiKey });

  await expect(gateway.uploadMedia(png, options)).rejects.toMatchObject({
    ...refusal,
    kind: 'invalid_request',
    message: expect.stringContaining('does not support uploads; use an https URL instead'),
  });
});

test.each<[Reply, string]>([
  [
    { status: 400, body: '{"error":{"message":"no","type":"invalid_media"}}' },
    'gateway_unavailable',
  ],
  [{ status: 409 }, 'gateway_unavailable'],
  [{ status: 413 }, 'invalid_request'],
  [{ status: 429 }, 'rate_limited'],
  [{ status: 307, headers: { location: 'https://10.0.0.1/' } }, 'gateway_unavailable'],
  [{ status: 503 }, 'gateway_unavailable'],
  [(_: unknown, response: ServerResponse) => void response.destroy(), 'gateway_unavailable'],
])('an upload that is answered with %j is %s, and nothing is billed', async (answer, kind) => {
  const { outcome } = await upload((media) => ticketFor(media), { answer });

  expect(outcome).toMatchObject({ ...refusal, kind });
});

test('the token of a ticket does not come back in an error', async () => {
  const body = JSON.stringify({ error: { message: 'bad token TOKEN-CANARY' } });
  const { outcome } = await upload((media) => ticketFor(media), { answer: { status: 400, body } });

  expect(outcome).toMatchObject({ message: expect.stringContaining('bad token') });
  expect(JSON.stringify(outcome) + String(outcome)).not.toContain('CANARY');
});
