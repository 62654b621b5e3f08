import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { startSandboxGateway, type SandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { json, startWithClock, type Body } from './sandbox-client.ts';

const plugins = { generation: 'plugins' } as const;
const bytes = Buffer.from('a picture');
const ticket = {
  size: bytes.length,
  mime_type: 'image/png',
  sha256: createHash('sha256').update(bytes).digest('base64url'),
};

async function ask(
  gateway: SandboxGateway,
  body: unknown,
  key = gateway.apiKey,
): Promise<Response> {
  return fetch(`${gateway.url}/v1/media/uploads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function put(
  given: Body,
  { body = bytes, headers = {} }: { body?: Buffer; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(String(given['upload_url']), {
    method: 'PUT',
    headers: { ...(given['headers'] as Record<string, string>), ...headers },
    body: new Uint8Array(body),
  });
}

test('a file that is put with its ticket is served at the address of the ticket', async () => {
  const { gateway } = await startWithClock(plugins);
  await using _ = gateway;

  const given = await json(await ask(gateway, ticket));
  const missing = await fetch(String(given['url']));
  const answer = await put(given);
  const served = await fetch(String(given['url']));

  expect(given).toMatchObject({
    url: expect.stringMatching(/\/media\/uploads\/2026\/11\/[\da-f]{64}\.png$/),
    upload_url: given['url'],
    method: 'PUT',
    headers: { 'Content-Type': 'image/png', 'X-Media-Upload-Token': expect.stringMatching(/./) },
    expires_at: Date.UTC(2026, 10, 23, 12) / 1000 + 600,
  });
  expect([missing.status, answer.status, served.headers.get('content-type')]).toEqual([
    404,
    201,
    'image/png',
  ]);
  expect(Buffer.from(await served.arrayBuffer())).toEqual(bytes);
  expect(gateway.ledger.uploads).toMatchObject([{ mimeType: 'image/png', stored: true }]);
});

test.each<[what: string, body: unknown]>([
  ['size 0', { ...ticket, size: 0 }],
  ['more than 100 MB', { ...ticket, size: 100_000_001 }],
  ['half a byte', { ...ticket, size: 1.5 }],
  ['another type', { ...ticket, mime_type: 'image/svg+xml' }],
  ['a digest in hex', { ...ticket, sha256: createHash('sha256').update(bytes).digest('hex') }],
  ['a padded digest', { ...ticket, sha256: `${ticket.sha256}=` }],
  ['no JSON', 'size=1'],
  ['a request above 4096 bytes', { ...ticket, note: 'x'.repeat(4096) }],
])('%s gets no ticket', async (_what, body) => {
  await using gateway = await startSandboxGateway(plugins);

  const reply = await ask(gateway, body);

  expect([reply.status, await json(reply)]).toMatchObject([
    400,
    { error: { type: 'invalid_media' } },
  ]);
  expect(gateway.ledger.uploads).toEqual([]);
});

test('a ticket is given for the largest file and the largest request', async () => {
  await using gateway = await startSandboxGateway(plugins);
  const largest = { ...ticket, size: 100_000_000 };
  const note = 'x'.repeat(4096 - JSON.stringify({ ...largest, note: '' }).length);

  expect((await ask(gateway, { ...largest, note })).status).toBe(200);
});

test('a ticket needs the API key', async () => {
  await using gateway = await startSandboxGateway(plugins);

  expect((await ask(gateway, ticket, 'sk-wrong')).status).toBe(401);
});

test.each<[what: string, change: Parameters<typeof put>[1], status: number]>([
  ['other bytes', { body: Buffer.from('b picture') }, 400],
  ['fewer bytes', { body: bytes.subarray(1) }, 400],
  ['another token', { headers: { 'X-Media-Upload-Token': 'x' } }, 400],
  ['another type', { headers: { 'Content-Type': 'image/gif' } }, 400],
  ['the API key', { headers: { authorization: 'Bearer sk-sandbox' } }, 400],
])('an upload with %s is refused, and the ticket stays good', async (_what, change, status) => {
  await using gateway = await startSandboxGateway(plugins);
  const given = await json(await ask(gateway, ticket));

  const refused = await put(given, change);

  expect(refused.status).toBe(status);
  expect((await fetch(String(given['url']))).status).toBe(404);
  expect((await put(given)).status).toBe(201);
});

test('a ticket is good once', async () => {
  await using gateway = await startSandboxGateway(plugins);
  const given = await json(await ask(gateway, ticket));

  expect([(await put(given)).status, (await put(given)).status]).toEqual([201, 409]);
});

test('a ticket is good for 600 s', async () => {
  const { gateway, advance } = await startWithClock(plugins);
  await using _ = gateway;
  const early = await json(await ask(gateway, ticket));
  const late = await json(await ask(gateway, ticket));

  advance(600);
  const inTime = (await put(early)).status;
  advance(1);

  expect([inTime, (await put(late)).status]).toEqual([201, 400]);
});

test('a media store that is down gives no tickets', async () => {
  await using gateway = await startSandboxGateway({ ...plugins, keepsUploads: false });

  const reply = await ask(gateway, ticket);

  expect([reply.status, await json(reply)]).toMatchObject([
    503,
    { error: { type: 'media_unavailable' } },
  ]);
});

test('an uploaded picture is an address that every plugin takes', async () => {
  await using gateway = await startSandboxGateway(plugins);
  const { url } = await json(await ask(gateway, ticket));

  const reply = await fetch(`${gateway.url}/v1/videos`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'grok-imagine-video-1.5', prompt: 'a kite', image: url }),
  });

  expect(reply.status).toBe(200);
  expect(gateway.ledger.paidJobs[0]?.made?.media).toMatchObject([{ source: url }]);
});

test('a classic host knows no uploads', async () => {
  await using gateway = await startSandboxGateway();

  expect((await ask(gateway, ticket)).status).toBe(404);
});
