import { expect, test } from 'vitest';
import { createRateLimit } from '../../src/serve/limits/rate-limit.ts';
import { createKey, revokeKey } from '../../src/serve/tenants/edit-keys-file.ts';
import { keysPath } from '../serve/tenants/keys-harness.ts';
import { cat, dataOf, mcpHarness, textOf } from './mcp-harness.ts';

const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  },
};

type Harness = Awaited<ReturnType<typeof mcpHarness>>;

function post({ app }: Harness, headers: Record<string, string> = {}, body: unknown = initialize) {
  return app.request('/mcp', {
    method: 'POST',
    headers: {
      host: '127.0.0.1:8787',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

test('without API keys, only programs on this machine reach it', async () => {
  const harness = await mcpHarness();
  expect((await post(harness)).status).toBe(200);
  expect((await post(harness, { host: 'evil.example:8787' })).status).toBe(403);
  expect((await post(harness, { origin: 'http://evil.example' })).status).toBe(403);
  expect((await post(harness, { origin: 'http://127.0.0.1:8787' })).status).toBe(200);
});

test('with a keys file, it needs an API key, and refuses pages of other sites', async () => {
  const keysFile = await keysPath();
  const { key } = await createKey(keysFile, { tenant: 'acme' });
  const { key: revoked, entry } = await createKey(keysFile, { tenant: 'acme' });
  await revokeKey(keysFile, entry.id);
  const harness = await mcpHarness({ keysFile, publicUrl: 'https://videos.example/api' });
  const host = 'videos.example';
  const bearer = (given: string) => ({ host, authorization: `Bearer ${given}` });
  const missing = await post(harness, { host });
  expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  expect((await post(harness, bearer(revoked))).status).toBe(401);
  expect((await post(harness, bearer(key))).status).toBe(200);
  const from = (origin: string) => post(harness, { ...bearer(key), origin });
  expect((await from('https://videos.example')).status).toBe(200);
  expect((await from('https://evil.example')).status).toBe(403);
});

test('it shares the rate limit of the API key', async () => {
  const rateLimit = createRateLimit({ perSecond: 0.001, burst: 1 });
  const harness = await mcpHarness({ rateLimit });
  expect((await post(harness)).status).toBe(200);
  const limited = await post(harness);
  expect(limited.status).toBe(429);
  expect(limited.headers.get('retry-after')).toMatch(/^\d+$/);
});

test('a request is at most one call: an array of calls is refused, and starts nothing', async () => {
  const harness = await mcpHarness();
  harness.permissions.stand();
  const one = (id: number) => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'generate_video', arguments: { ...cat, key: `take-${id}` } },
  });
  const old = { 'mcp-protocol-version': '2025-03-26' };
  const calls = JSON.stringify([one(1), one(2)]);
  for (const body of [calls, `\n\t ${calls}`, `\uFEFF${calls}`]) {
    const response = await post(harness, old, body);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(/invalid_request|Parse error/);
  }
  expect(harness.temporal.runs.size).toBe(0);
  expect(await (await post(harness, old, one(3))).text()).toContain('"outcome":"started"');
  expect(harness.temporal.runs.size).toBe(1);
});

test('an error inside the protocol is logged', async () => {
  const harness = await mcpHarness({
    stateSecret: () => {
      throw new Error('no secret');
    },
  });
  await post(harness);
  expect(harness.errors).toMatchObject([{ message: expect.stringContaining('no secret') }]);
});

test('it has no sessions: GET and DELETE are refused', async () => {
  const { app } = await mcpHarness();
  for (const method of ['GET', 'DELETE']) {
    const response = await app.request('/mcp', { method, headers: { host: '127.0.0.1' } });
    expect(response.status).toBe(405);
  }
});

test('a body that is too large is refused before it is parsed', async () => {
  const harness = await mcpHarness();
  const response = await post(harness, {}, 'x'.repeat(2 * 1024 * 1024));
  expect(response.status).toBe(413);
});

test('a tenant sees its own videos only', async () => {
  const keysFile = await keysPath();
  const { key: own } = await createKey(keysFile, { tenant: 'acme' });
  const { key: foreign } = await createKey(keysFile, { tenant: 'globex' });
  const { connect, permissions } = await mcpHarness({ keysFile });
  permissions.stand();
  const acme = await connect({ apiKey: own });
  const globex = await connect({ apiKey: foreign });
  const made = await acme.call('generate_video', { ...cat, key: 'mine' });
  const id = dataOf(made)['id'];
  const uri = `onetake://videos/${String(id)}`;
  for (const name of ['video_status', 'wait_for_video', 'cancel_video']) {
    expect(textOf(await globex.call(name, { id }))).toContain('not_found');
  }
  await expect(globex.client.readResource({ uri })).rejects.toThrow(/not found/i);
  expect(dataOf(await globex.call('list_videos'))['videos']).toEqual([]);
  expect((await globex.client.listResources()).resources).toEqual([]);
  expect(dataOf(await acme.call('video_status', { id }))).toMatchObject({ id });
  const sameKey = await globex.call('generate_video', { ...cat, key: 'mine' });
  expect(dataOf(sameKey)).toMatchObject({ outcome: 'started' });
  expect(dataOf(sameKey)['id']).not.toBe(id);
});

test('an unexpected error names the request, as the log does', async () => {
  const logged: string[] = [];
  const { connect, ports } = await mcpHarness({ onError: (_, id) => void logged.push(id) });
  ports.permissions.offer = () => Promise.reject(new Error('broken'));
  const { call } = await connect();
  const results = [await call('quote_video', cat), await call('quote_video', cat)];
  const named = results.map(({ _meta }) => _meta?.['onetake/error']);
  expect(named).toMatchObject(logged.map((id) => ({ code: 'internal_error', request_id: id })));
  expect(new Set(logged).size).toBe(2);
  expect(logged[0]).toMatch(/^req_/);
});
