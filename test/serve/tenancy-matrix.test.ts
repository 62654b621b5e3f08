import { describe, expect, test } from 'vitest';
import { keyedApiId, tenantVideoId } from '../../src/identity/tenant-video.ts';
import { createWebhookEvents } from '../../src/storage/records/webhook-events.ts';
import { createKey, revokeKey } from '../../src/serve/tenants/edit-keys-file.ts';
import { serveHarness } from './serve-harness.ts';
import { keysPath } from './tenants/keys-harness.ts';

/** A route, and what it answers to the tenant of the video, and to another tenant. */
interface Row {
  body?: unknown;
  headers?: Record<string, string>;
  /** The route was reached with the tenant's own video, also where the ended video refuses the action. */
  own: number;
  /** 404 for another tenant's id; for routes without an id, the status of the tenant's own data. */
  foreign: number;
}

const request = { model: 'sora-2', prompt: 'A cat naps in the sun', seconds: '4' };
const headers = { 'idempotency-key': 'mine' };

const eventId = `evt_${'1'.repeat(40)}`;

const rows: Record<string, Row> = {
  'POST /v1/videos': { body: request, headers, own: 200, foreign: 200 },
  'POST /v1/video/generations': { body: request, own: 200, foreign: 200 },
  'GET /v1/videos': { own: 200, foreign: 200 },
  'GET /v1/videos/:id': { own: 200, foreign: 404 },
  'GET /v1/videos/:id/events': { own: 200, foreign: 404 },
  'GET /v1/videos/:id/content': { own: 200, foreign: 404 },
  'POST /v1/videos/:id/link': { body: {}, own: 200, foreign: 404 },
  'GET /v1/video/generations/:id': { own: 200, foreign: 400 },
  'DELETE /v1/videos/:id': { own: 200, foreign: 404 },
  'POST /v1/videos/:id/cancel': { body: {}, own: 409, foreign: 404 },
  'POST /v1/videos/:id/resolve': { body: { action: 'abandon' }, own: 409, foreign: 404 },
  'POST /v1/webhooks': { body: { url: 'https://hooks.example.com/' }, own: 200, foreign: 200 },
  'GET /v1/webhooks': { own: 200, foreign: 200 },
  'GET /v1/webhooks/:endpoint': { own: 200, foreign: 404 },
  'DELETE /v1/webhooks/:endpoint': { own: 200, foreign: 404 },
  'POST /v1/webhooks/:endpoint/rotate': { body: {}, own: 200, foreign: 404 },
  'GET /v1/webhooks/:endpoint/deliveries': { own: 200, foreign: 404 },
  'POST /v1/webhooks/:endpoint/test': { own: 200, foreign: 404 },
  'POST /v1/webhooks/:endpoint/replay': { body: { event_id: eventId }, own: 200, foreign: 404 },
  'GET /v1/models': { own: 200, foreign: 200 },
  // The catalogue has no model of this name, and no tenant.
  'GET /v1/models/:model': { own: 404, foreign: 404 },
  'POST /v1/quote': { body: request, own: 200, foreign: 200 },
  'POST /v1/videos/:id/remix': { own: 400, foreign: 400 },
  'POST /v1/videos/edits': { own: 400, foreign: 400 },
  'POST /v1/videos/extensions': { own: 400, foreign: 400 },
  'POST /v1/videos/characters': { own: 400, foreign: 400 },
  'GET /v1/videos/characters/:character': { own: 400, foreign: 400 },
};

const id = keyedApiId('acme', 'mine');
const unknownId = keyedApiId('acme', 'never started');
const unknownEndpoint = `we_${'0'.repeat(24)}`;

/** A server with a stored video of acme, and keys of acme, of another tenant, and a revoked one of acme. */
async function harness() {
  const keysFile = await keysPath();
  const { key: own } = await createKey(keysFile, { tenant: 'acme' });
  const { key: foreign } = await createKey(keysFile, { tenant: 'globex' });
  const { key: revoked, entry } = await createKey(keysFile, { tenant: 'acme' });
  await revokeKey(keysFile, entry.id);
  const serve = await serveHarness({ keysFile });
  const endpoint = await serve.ports.endpoints.add({
    tenant: 'acme',
    target: { url: 'https://hooks.example.com/' },
  });
  await createWebhookEvents({ storage: serve.ports.storage }).record({
    event: {
      id: eventId,
      object: 'event',
      type: 'video.completed',
      created_at: Math.floor(Date.now() / 1_000),
      data: { id, object: 'video' },
    },
    tenant: 'acme',
    targets: [{ endpointId: endpoint.id }],
  });
  /** Its own id in a path, or one that nothing has. */
  const idIn = (route: string, which: 'own' | 'unknown') => {
    if (route.includes(':endpoint')) return which === 'own' ? endpoint.id : unknownEndpoint;
    return which === 'own' ? id : unknownId;
  };
  const call = async (route: string, key: string | null, which: 'own' | 'unknown' = 'own') => {
    const [method = '', pattern = ''] = route.split(' ');
    const { body, headers: rowHeaders = {} } = rows[route] ?? {};
    const response = await serve.app.request(
      pattern.replace(/:(id|endpoint)/, idIn(route, which)),
      {
        method,
        headers: {
          ...rowHeaders,
          ...(key !== null && { authorization: `Bearer ${key}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
    );
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  expect(await call('POST /v1/videos', own)).toMatchObject({ status: 200 });
  return { ...serve, call, idIn, endpoint, keys: { own, foreign, revoked } };
}

const routes = Object.keys(rows);

test('every route under /v1 has a row in the tenancy matrix', async () => {
  const { app } = await serveHarness();
  const served = app.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1'))
    .map(({ method, path }) => `${method} ${path}`);
  expect(new Set(served)).toEqual(new Set(routes));
});

describe.each(routes)('%s', (route) => {
  const { own, foreign } = rows[route] ?? {};

  test(`answers ${own} to the tenant of the video`, async () => {
    const { call, keys } = await harness();
    expect(await call(route, keys.own)).toMatchObject({ status: own });
  });

  test('answers another tenant as if the video had never existed, and leaves it as it is', async () => {
    const { call, idIn, endpoint, keys, temporal, ports } = await harness();
    const answer = await call(route, keys.foreign);
    expect(answer.status).toBe(foreign);
    if (/:(id|endpoint)/.test(route)) {
      const never = await call(route, keys.foreign, 'unknown');
      expect(answer.text.replaceAll(idIn(route, 'own'), 'ID')).toBe(
        never.text.replaceAll(idIn(route, 'unknown'), 'ID'),
      );
      expect(answer.status).toBe(never.status);
    } else {
      expect(answer.text).not.toContain(id);
      expect(answer.text).not.toContain(endpoint.id);
    }
    expect(await ports.endpoints.get(endpoint.id)).toEqual(endpoint);
    expect(temporal.activities.size).toBe(0);
    expect([...temporal.runs.keys()]).toContain(tenantVideoId('acme', id));
  });

  test.each(['revoked', 'none', 'unknown'] as const)(
    'answers 401 to a caller whose API key is %s, whether or not the video exists',
    async (given) => {
      const { call, keys, temporal } = await harness();
      const before = [...temporal.runs.keys()];
      const key = given === 'revoked' ? keys.revoked : given === 'none' ? null : `${keys.own}x`;
      const answer = await call(route, key);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(JSON.parse(answer.text)).toMatchObject({
        error: { code: 'invalid_api_key', type: 'authentication_error', param: null },
      });
      expect((await call(route, key, 'unknown')).text).toBe(answer.text);
      expect([...temporal.runs.keys()]).toEqual(before);
    },
  );
});

test('a list has the videos of its tenant only', async () => {
  const { call, keys } = await harness();
  const idsFor = async (key: string) => {
    const { text } = await call('GET /v1/videos', key);
    return (JSON.parse(text) as { data: { id: string }[] }).data.map(({ id: found }) => found);
  };
  expect(await idsFor(keys.own)).toEqual([id]);
  expect(await idsFor(keys.foreign)).toEqual([]);
});

test('a page after an id of another tenant is 404 like one after an unknown id', async () => {
  const { app, keys } = await harness();
  const after = async (given: string) => {
    const headersOf = { authorization: `Bearer ${keys.foreign}` };
    const response = await app.request(`/v1/videos?after=${given}`, { headers: headersOf });
    return [response.status, (await response.text()).replaceAll(given, 'ID')];
  };
  expect(await after(id)).toEqual(await after(unknownId));
  expect((await after(id))[0]).toBe(404);
});

test('the same idempotency key of two tenants is two videos', async () => {
  const { call, keys, temporal } = await harness();
  await call('POST /v1/videos', keys.foreign);
  expect(new Set(temporal.runs.keys())).toEqual(
    new Set([tenantVideoId('acme', id), tenantVideoId('globex', keyedApiId('globex', 'mine'))]),
  );
});

test('a key that is revoked while the server runs is refused a second later', async () => {
  const keysFile = await keysPath();
  const { key, entry } = await createKey(keysFile, { tenant: 'acme' });
  const { app, clock } = await serveHarness({ keysFile });
  const list = () => app.request('/v1/videos', { headers: { authorization: `Bearer ${key}` } });
  expect((await list()).status).toBe(200);
  await revokeKey(keysFile, entry.id);
  clock.ms += 1_000;
  expect((await list()).status).toBe(401);
});

test('the access log has the id of the API key, not the key', async () => {
  const { call, keys, log } = await harness();
  await call('GET /v1/videos', keys.own);
  const keyId = expect.stringMatching(/^k_/) as string;
  expect(log.at(-1)).toMatchObject({ route: '/v1/videos', tenant: 'acme', keyId });
  expect(JSON.stringify(log)).not.toContain(keys.own.slice(-43));
});
