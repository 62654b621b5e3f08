import { expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { type Reply, startWireServer } from '../fakes/wire-server.ts';
import { replyOf, wireSample } from './wire-samples.ts';

async function read(reply: Reply) {
  await using server = await startWireServer(reply);
  const gateway = createGateway({ baseUrl: server.origin, apiKey: 'sk-test' });
  const balance = await gateway.readBalance({ timeoutMs: 5_000 }).catch((error: unknown) => error);
  return { balance, seen: server.seen };
}

test.each([
  ['api-usage-token-200', 496_198_300, 3_801_700],
  ['billing-1-before', 300_000, 0],
  ['billing-2-after-submit-1', 230_000, 70_000],
  ['billing-3-after-submit-2', 160_000, 140_000],
  ['billing-4-after-success', 160_000, 140_000],
  ['billing-5-after-vendor-failure', 230_000, 70_000],
])('readBalance() reads %s', async (name, available, used) => {
  const { balance, seen } = await read(replyOf(wireSample(name)));
  expect(balance).toEqual({ available, used });
  expect(seen).toMatchObject([
    { path: '/api/usage/token/', headers: { authorization: 'Bearer sk-test' } },
  ]);
});

test('readBalance() says nothing of a key without a limit, whatever number stands there', async () => {
  const data = { total_available: -70_000, total_used: 70_000, unlimited_quota: true };
  const { balance } = await read({ body: JSON.stringify({ code: true, data }) });
  expect(balance).toEqual({ available: null, used: 70_000 });
});

test.each<[Reply, string]>([
  [{ status: 429 }, 'rate_limited'],
  [{ status: 401, body: '{"success":false,"message":"no"}' }, 'auth'],
  [{ status: 403, body: '{"error":{"code":"insufficient_user_quota"}}' }, 'quota'],
  [{ status: 403, body: '<html>no</html>' }, 'gateway_unavailable'],
  [{ status: 500, body: '' }, 'gateway_unavailable'],
  [{ body: '<!doctype html>' }, 'gateway_unavailable'],
  [{ body: '{"success":false,"message":"no"}' }, 'gateway_unavailable'],
  [
    { body: '{"data":{"total_available":"9","total_used":1,"unlimited_quota":false}}' },
    'gateway_unavailable',
  ],
  [{ body: '{"data":{"total_available":9,"total_used":1}}' }, 'gateway_unavailable'],
])('readBalance() after %j is %s', async (reply, kind) => {
  const { balance } = await read(reply);
  expect(balance).toMatchObject({ name: 'GatewayError', kind });
});
