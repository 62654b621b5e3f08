import { describe, expect, test } from 'vitest';
import { createKey } from '../../../src/serve/tenants/edit-keys-file.ts';
import { serveHarness } from '../serve-harness.ts';
import { keysPath } from '../tenants/keys-harness.ts';

const body = JSON.stringify({ model: 'sora-2', prompt: 'A cat naps in the sun', seconds: '4' });
const create = { method: 'POST', body };
const json = { 'content-type': 'application/json' };

describe('a server without a keys file', () => {
  test.each([
    [{ host: '127.0.0.1:8787' }],
    [{ host: 'localhost:8787' }],
    [{ host: '[::1]:8787' }],
    [{ host: '127.0.0.1:8787', origin: 'http://127.0.0.1:8787' }],
    [{ host: '127.0.0.1:8787', authorization: 'Bearer whatever-an-sdk-sends' }],
  ])('accepts a create with %j', async (headers) => {
    const { app, temporal } = await serveHarness();
    const response = await app.request('/v1/videos', {
      ...create,
      headers: { ...json, ...headers },
    });
    expect(response.status).toBe(200);
    expect(temporal.runs.size).toBe(1);
  });

  test.each([
    ['a host name that resolves to this machine', { host: 'rebound.example:8787' }],
    ['a host name that begins as a loopback address', { host: '127.0.0.1.example' }],
    ['a proxy that passes its own host name on', { host: 'video.example' }],
    ['no host', { host: '' }],
    ['a page of another site', { host: '127.0.0.1:8787', origin: 'https://other.example' }],
    ['a page of another port', { host: '127.0.0.1:8787', origin: 'http://127.0.0.1:3000' }],
    ['a sandboxed page', { host: '127.0.0.1:8787', origin: 'null' }],
  ])('refuses %s with 403, and starts nothing', async (_name, headers) => {
    const { app, temporal } = await serveHarness();
    const response = await app.request('/v1/videos', {
      ...create,
      headers: { ...json, ...headers },
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      error: { code: 'forbidden', message: expect.stringContaining('SERVE_KEYS_FILE') as string },
    });
    expect(temporal.runs.size).toBe(0);
  });
});

test('a server with a keys file accepts any host, because the API key protects it', async () => {
  const keysFile = await keysPath();
  const { key } = await createKey(keysFile, { tenant: 'acme' });
  const { app } = await serveHarness({ keysFile });
  const headers = { host: 'video.example', origin: 'https://shop.example' };
  const authorization = `Bearer ${key}`;
  const response = await app.request('/v1/videos', { headers: { ...headers, authorization } });
  expect(response.status).toBe(200);
});
