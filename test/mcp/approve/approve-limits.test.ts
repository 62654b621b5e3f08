import { expect, test } from 'vitest';
import { createRateLimit } from '../../../src/serve/limits/rate-limit.ts';
import { approveHarness, atHome, pressed } from './approve-harness.ts';

test('the page as a whole is limited, also for tokens that do not exist', async () => {
  const limit = createRateLimit({ perSecond: 0.001, burst: 2 });
  const { app, offer } = await approveHarness({ hasKeys: true, limit });
  const { path, isPermitted } = await offer();
  const unknown = `/approve/spend_00000000_${'0'.repeat(40)}`;
  expect((await app.request(unknown, { headers: atHome })).status).toBe(404);
  expect((await app.request(path, { headers: atHome })).status).toBe(200);
  const refused = await app.request(path, pressed({ key: 'acme-key' }));
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await isPermitted()).toBe(false);
});

test('a form that is larger than an API key is refused', async () => {
  const { app, offer } = await approveHarness({ hasKeys: true });
  const { path, isPermitted } = await offer();
  expect((await app.request(path, pressed({ key: 'x'.repeat(5_000) }))).status).toBe(413);
  expect(await isPermitted()).toBe(false);
});

test('no form is read for a quote that cannot be approved', async () => {
  const { app, offer } = await approveHarness({ hasKeys: true });
  const { path } = await offer();
  expect((await app.request(path, pressed({ key: 'acme-key' }))).status).toBe(303);
  const again = await app.request(path, pressed({ key: 'x'.repeat(5_000) }));
  expect([again.status, again.headers.get('location')]).toEqual([303, path]);
});
