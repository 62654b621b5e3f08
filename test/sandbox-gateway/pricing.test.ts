import { expect, test } from 'vitest';
import { startSandboxGateway, type SandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { create, json, rawGet, type Body } from './sandbox-client.ts';

const plugins = { generation: 'plugins' } as const;

async function pricing(gateway: SandboxGateway, token = gateway.accessToken): Promise<Response> {
  return fetch(`${gateway.url}/api/pricing`, { headers: { authorization: token } });
}

test('the price list has expressions of plugin models, prices of the others, and the ratio of the group', async () => {
  await using gateway = await startSandboxGateway({ ...plugins, groupRatio: 0.8 });

  const list = await json(await pricing(gateway));
  const rows = new Map((list['data'] as Body[]).map((row) => [row['model_name'], row]));

  expect(list).toMatchObject({ success: true, group_ratio: { 视频模型: 0.8 } });
  expect(rows.get('veo-3.1')).toMatchObject({
    billing_mode: 'tiered_expr',
    billing_expr:
      'u("resolution") == "4k" ? tier("4k", u("seconds") * 0.375) : tier("base", u("seconds") * 0.25)',
    billing_usage_schema: {
      seconds: { type: 'number', unit: 'second' },
      resolution: { enum: ['720p', '1080p', '4k'] },
    },
    enable_groups: ['视频模型'],
  });
  expect(rows.get('SD2.5 720P')).toMatchObject({
    billing_expr: 'tier("base", u("seconds") * 0.95)',
  });
  expect(rows.get('kling-v1')).toMatchObject({ billing_mode: 'per_request', model_price: 0.14 });
  expect(rows.get('sora-2')).toMatchObject({
    billing_mode: 'per_second',
    billing_unit: 'second',
    model_price: 0.1,
  });
});

test('the charge of 10 s at 0.95 and a group ratio of 0.8 is 7.60', async () => {
  await using gateway = await startSandboxGateway({ ...plugins, groupRatio: 0.8 });

  await create(gateway, { model: 'SD2.5 720P', prompt: 'a red kite', duration: 10 });

  expect(gateway.ledger.paidJobs[0]?.price).toBe(3_800_000);
});

test('the price list is for the access token, not for the API key', async () => {
  await using gateway = await startSandboxGateway(plugins);

  const byKey = await pricing(gateway, `Bearer ${gateway.apiKey}`);
  const anonymous = await fetch(`${gateway.url}/api/pricing`);

  expect([byKey.status, await json(byKey)]).toMatchObject([200, { success: false }]);
  expect([anonymous.status, await json(anonymous)]).toMatchObject([401, { success: false }]);
});

test('a classic host answers the path of the price list with its web page', async () => {
  await using gateway = await startSandboxGateway();

  const reply = await rawGet(`${gateway.url}/api/pricing`);

  expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
});
