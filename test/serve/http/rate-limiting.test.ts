import { expect, test } from 'vitest';
import { createRateLimit } from '../../../src/serve/limits/rate-limit.ts';
import { createKey } from '../../../src/serve/tenants/edit-keys-file.ts';
import { serveHarness } from '../serve-harness.ts';
import { keysPath } from '../tenants/keys-harness.ts';

/** A server that allows each key one request in four seconds, and keys of two tenants. */
async function limited() {
  const keysFile = await keysPath();
  const { key } = await createKey(keysFile, { tenant: 'acme' });
  const { key: other } = await createKey(keysFile, { tenant: 'globex' });
  const clock = { ms: 0 };
  const rateLimit = createRateLimit({ perSecond: 0.25, burst: 1, now: () => clock.ms });
  const { app } = await serveHarness({ keysFile, rateLimit });
  const list = (given: string) =>
    app.request('/v1/videos', { headers: { authorization: `Bearer ${given}` } });
  return { clock, key, other, list };
}

test('a key above its rate gets 429 with Retry-After, in the error shape of OpenAI', async () => {
  const { list, key } = await limited();
  expect((await list(key)).status).toBe(200);
  const response = await list(key);
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('4');
  // OpenAI's clients repeat the request after that time.
  expect(response.headers.get('x-should-retry')).toBeNull();
  expect(await response.json()).toMatchObject({
    error: { code: 'rate_limit_exceeded', type: 'rate_limit_error', param: null },
  });
});

test('a key that waited for Retry-After is served again', async () => {
  const { list, key, clock } = await limited();
  await list(key);
  clock.ms = Number((await list(key)).headers.get('retry-after')) * 1_000;
  expect((await list(key)).status).toBe(200);
});

test('a key above its rate does not slow another key', async () => {
  const { list, key, other } = await limited();
  await list(key);
  await list(key);
  expect((await list(other)).status).toBe(200);
});

test('requests without a valid key use up nothing of a key', async () => {
  const { list, key } = await limited();
  expect((await list(`${key}x`)).status).toBe(401);
  expect((await list(key)).status).toBe(200);
});
