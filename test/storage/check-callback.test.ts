import { expect, test } from 'vitest';
import { createCheckCallback } from '../../src/storage/records/check-callback.ts';
import { createWebhookEndpoints } from '../../src/storage/records/webhook-endpoints.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const ofAcme = 'video/@acme/video_1';
const ofNoTenant = 'video/demo';

async function checkWith(...owners: (string | null)[]) {
  const { storage } = await tempStorage();
  const endpoints = createWebhookEndpoints({ storage });
  for (const tenant of owners) {
    await endpoints.add({ tenant, target: { callbackHost: 'hooks.example.com' } });
  }
  const check = createCheckCallback({ endpoints, trustedOrigins: [] });
  return (workflowId: string, url = 'https://hooks.example.com/done') => check({ url, workflowId });
}

test('a callback is allowed on a host that an endpoint of the same owner names', async () => {
  expect(await (await checkWith('acme'))(ofAcme)).toBeNull();
  expect(await (await checkWith(null))(ofNoTenant)).toBeNull();
});

test('an endpoint of another owner allows nothing, and the fault says what to do', async () => {
  const check = await checkWith('other', null);
  expect(await check(ofAcme)).toBe(
    'no webhook endpoint allows callbacks to the host "hooks.example.com": allow it with POST /v1/webhooks and ' +
      '{"callback_host": "hooks.example.com"}, or leave the field out',
  );
  expect(await (await checkWith('acme'))(ofNoTenant)).toContain(
    'onetake webhooks add --callback-host hooks.example.com',
  );
});

test('an address that webhooks refuse is refused before the endpoints are read', async () => {
  const check = await checkWith(null);
  expect(await check(ofNoTenant, 'http://hooks.example.com/done')).toBe('must begin with https://');
  expect(await check(ofNoTenant, 'not an address')).toBe('must be an https address');
});
