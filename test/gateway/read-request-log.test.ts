import { describe, expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { type Reply, startWireServer } from '../fakes/wire-server.ts';

const apiKey = 'sk-canary-0123456789';
const accessToken = 'pat/canary+0123456789';
const options = { timeoutMs: 5_000 };

const charge = {
  id: 1,
  user_id: 7,
  created_at: 1_795_406_814,
  type: 2,
  content: '操作 textGenerate',
  model_name: 'sora-2',
  quota: 70_000,
  token_id: 3,
  request_id: '20261129r1',
  other: '{"is_task":true,"task_id":"task_1","request_path":"/v1/videos"}',
};
const refund = {
  created_at: 1_795_406_900,
  type: 6,
  quota: 70_000,
  other: { task_id: 'task_1', reason: '任务失败' },
};
const difference = { ...refund, quota: 10, other: '{"task_id":"task_1","actual_quota":69990}' };
const read = [
  {
    type: 'charge',
    quota: 70_000,
    requestId: '20261129r1',
    jobId: 'task_1',
    createdAt: 1_795_406_814_000,
  },
  { type: 'refund', quota: 70_000, jobId: 'task_1', createdAt: 1_795_406_900_000 },
];

async function ask(reply: Reply | Reply[], call: 'key' | 'account') {
  const server = await startWireServer(...[reply].flat());
  const gateway = createGateway({ baseUrl: server.origin, apiKey, accessToken, userId: '7' });
  const asked =
    call === 'key' ? gateway.readKeyLog(options) : gateway.findRequest('20261129r1', options);
  const found = await asked.catch((error: unknown) => error);
  await server[Symbol.asyncDispose]();
  return { found, seen: server.seen };
}

function body(value: unknown): Reply {
  return { body: JSON.stringify(value) };
}

describe('the request log', () => {
  test('of the key is asked with the key itself, and `other` is read as text and as object', async () => {
    const { found, seen } = await ask(
      body({ success: true, message: '', data: [charge, refund] }),
      'key',
    );
    expect(found).toEqual(read);
    expect(seen[0]).toMatchObject({
      method: 'GET',
      path: '/api/log/token',
      headers: { authorization: `Bearer ${apiKey}` },
    });
  });

  test('of the account is asked for one request, with the raw token and the user, then for the refund of its job', async () => {
    const page = (items: unknown[]) =>
      body({ success: true, data: { page: 1, page_size: 100, total: items.length, items } });
    const ofOthers = { ...refund, other: { task_id: 'task_2' } };
    const { found, seen } = await ask([page([charge]), page([ofOthers, refund])], 'account');
    expect(found).toEqual(read);
    const headers = { authorization: accessToken, 'new-api-user': '7' };
    expect(seen).toMatchObject([
      { path: '/api/log/self?p=1&page_size=100&request_id=20261129r1', headers },
      { path: '/api/log/self?p=1&page_size=100&type=6&start_timestamp=1795406814', headers },
    ]);
    expect(JSON.stringify(seen)).not.toContain(apiKey);
  });

  test('of the account is asked once where no row names a job', async () => {
    const items = [{ ...charge, other: '' }];
    const { found, seen } = await ask([body({ success: true, data: { items } })], 'account');
    expect(found).toMatchObject([{ type: 'charge' }]);
    expect(seen).toHaveLength(1);
  });

  test('keeps what a difference settles, and leaves out top-ups and words of the operator', async () => {
    const rows = [difference, { ...charge, type: 1 }, { ...charge, type: 4 }];
    const { found } = await ask(body({ success: true, data: rows }), 'key');
    expect(found).toMatchObject([{ type: 'refund', quota: 10, settledQuota: 69_990 }]);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['an empty list', []],
  ])('without rows (%s) is empty', async (_, data) => {
    const { found } = await ask(body({ success: true, data }), 'key');
    expect(found).toEqual([]);
  });

  test.each<[string, Reply, string]>([
    ['an empty 429', { status: 429, headers: { 'retry-after': '1200' }, body: '' }, 'rate_limited'],
    ['a refusal with 200', body({ success: false, message: '无效的令牌' }), 'auth'],
    ['a 401', { status: 401, body: '{"error":{"message":"Invalid token"}}' }, 'auth'],
    ['rows of another form', body({ success: true, data: [{ kind: 'x' }] }), 'gateway_unavailable'],
    [
      'the web page',
      { headers: { 'content-type': 'text/html' }, body: '<html></html>' },
      'gateway_unavailable',
    ],
  ])('that answers with %s is an error, never an empty log', async (_, reply, kind) => {
    const { found } = await ask(reply, 'key');
    expect(found).toMatchObject({ name: 'GatewayError', kind });
  });
});
