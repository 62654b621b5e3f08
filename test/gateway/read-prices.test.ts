import { expect, test } from 'vitest';
import { priceOfVideo } from '../../src/contract/price/gateway-prices.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { type Reply, startWireServer } from '../fakes/wire-server.ts';

const options = { timeoutMs: 5_000 };

async function read(reply: Reply, access: { accessToken?: string; userId?: string } = {}) {
  await using server = await startWireServer(reply);
  const gateway = createGateway({ baseUrl: server.origin, apiKey: 'sk-test', ...access });
  const prices = await gateway.pricing(options).catch((error: unknown) => error);
  return { prices, seen: server.seen };
}

function listOf(...rows: unknown[]): Reply {
  return { body: JSON.stringify({ success: true, group_ratio: { g: 1 }, data: rows }) };
}

const row = { model_name: 'm', enable_groups: ['g'], model_price: 2, model_ratio: 37.5 };

test('the price list of a gateway with plugins prices what the gateway charges', async () => {
  await using sandbox = await startSandboxGateway({ generation: 'plugins', groupRatio: 0.8 });
  const { url: baseUrl, apiKey, accessToken } = sandbox;
  const gateway = createGateway({ baseUrl, apiKey, accessToken });
  const prices = await gateway.pricing(options);

  for (const body of [
    { model: 'SD2.5 720P', prompt: 'p', duration: 10 },
    { model: 'SD2.5', prompt: 'p', ratio: '1:1', duration: 7, resolution: '1080p' },
    { model: 'veo-3.1', prompt: 'p', duration: 6, resolution: '4k' },
    { model: 'grok-imagine-video-1.5', prompt: 'p', duration: 3 },
    { model: 'sora-2', prompt: 'p', seconds: '8', size: '1280x720' },
    { model: 'kling-v1', prompt: 'p', duration: 5 },
  ]) {
    await gateway.submit({ format: 'videos', body }, options);
    const seconds = Number(body.duration ?? body.seconds);
    const dimensions = { seconds, ...(body.resolution && { resolution: body.resolution }) };
    const charged = sandbox.ledger.paidJobs.at(-1)?.price ?? NaN;
    expect(priceOfVideo(prices, { model: body.model, dimensions })).toBeCloseTo(
      charged / 500_000,
      9,
    );
  }
});

test.each<[what: string, fields: Record<string, unknown>, tariff: unknown]>([
  [
    'an expression',
    {
      billing_mode: 'tiered_expr',
      billing_expr: 'u("seconds")',
      billing_usage_schema: { seconds: { type: 'number' }, resolution: { enum: ['720p', '4k'] } },
    },
    { mode: 'expression', expression: 'u("seconds")', dimensions: { resolution: ['720p', '4k'] } },
  ],
  ['a price per request', { billing_mode: 'per_request' }, { mode: 'per_video', money: 2 }],
  [
    'a price per second',
    { billing_mode: 'per_second', billing_unit: 'second' },
    { mode: 'per_second', money: 2 },
  ],
  [
    'a price per another unit',
    { billing_mode: 'per_second', billing_unit: 'minute' },
    { mode: 'unknown', billingMode: 'per_second' },
  ],
  [
    'an expression that is missing',
    { billing_mode: 'tiered_expr' },
    { mode: 'unknown', billingMode: 'tiered_expr' },
  ],
  [
    'a price below nothing',
    { billing_mode: 'per_request', model_price: -1 },
    { mode: 'unknown', billingMode: 'per_request' },
  ],
  ['a row from before the modes', { quota_type: 1 }, { mode: 'unknown', billingMode: '' }],
])('%s is read from the list', async (_what, fields, tariff) => {
  const { prices } = await read(listOf({ ...row, ...fields }, { model_name: 7 }, 'no row'));

  expect(prices).toEqual({
    groupRatios: { g: 1 },
    models: [{ model: 'm', groups: ['g'], tariff }],
  });
});

test('the list is asked for with the access token and the account, never with the API key', async () => {
  const access = { accessToken: 'pat-test', userId: '7' };
  const { seen } = await read(listOf(), access);
  const anonymous = await read(listOf());

  expect(seen).toMatchObject([
    { path: '/api/pricing', headers: { authorization: 'pat-test', 'new-api-user': '7' } },
  ]);
  expect(anonymous.seen[0]?.headers).not.toHaveProperty('authorization');
});

test.each<[Reply, string]>([
  [{ status: 429 }, 'rate_limited'],
  [{ status: 401, body: '{"success":false,"message":"no"}' }, 'auth'],
  [{ body: '{"success":false,"message":"no"}' }, 'auth'],
  [{ status: 403, body: '<html>no</html>' }, 'gateway_unavailable'],
  [{ status: 500, body: '' }, 'gateway_unavailable'],
  [{ body: '<!doctype html>' }, 'gateway_unavailable'],
  [{ body: '{"success":true,"data":[]}' }, 'gateway_unavailable'],
])('a price list after %j is %s, and nothing is billed', async (reply, kind) => {
  const { prices } = await read(reply, { accessToken: 'pat-test' });

  expect(prices).toMatchObject({ name: 'GatewayError', kind, billed: 'no' });
});

test('a refusal without an access token says which setting opens the list', async () => {
  const { prices } = await read({ status: 401, body: '{"success":false}' });

  expect(prices).toMatchObject({
    kind: 'auth',
    message: expect.stringContaining('set GATEWAY_ACCESS_TOKEN'),
  });
});
