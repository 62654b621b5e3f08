import { expect, test } from 'vitest';
import type { Phase } from '../../src/sandbox-gateway/scenarios/scenario.ts';
import { scenarios } from '../../src/sandbox-gateway/scenarios/scenarios.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { create, json, klingBody, rawGet } from './sandbox-client.ts';

test.each<[headers: Record<string, string>, message: string]>([
  [{}, 'Token not provided'],
  [{ authorization: 'Bearer sk-wrong' }, 'Invalid token'],
  [{ authorization: 'Bearer sk-wrong', 'accept-language': 'zh-CN' }, '无效的令牌'],
])('a request with %j is refused as recorded', async (headers, message) => {
  await using gateway = await startSandboxGateway();

  const reply = await rawGet(`${gateway.url}/v1/videos/task_x`, headers);
  const body = JSON.parse(reply.body.toString()) as { error: Record<string, unknown> };

  expect(reply.status).toBe(401);
  expect(body.error).toMatchObject({
    code: '',
    type: 'new_api_error',
    message: `${message} (request id: ${String(reply.headers['x-oneapi-request-id'])})`,
  });
});

test('a create with a wrong key is seen by the ledger and costs nothing', async () => {
  await using gateway = await startSandboxGateway({ apiKey: 'sk-other' });

  const reply = await create(gateway, klingBody, {
    headers: { authorization: 'Bearer sk-sandbox' },
  });

  expect([reply.status, gateway.ledger.posts.length, gateway.ledger.paidJobs.length]).toEqual([
    401, 1, 0,
  ]);
});

test.each<[method: string, path: string, status: number, type: string]>([
  ['GET', '/v1/videos', 404, 'application/json; charset=utf-8'],
  ['GET', '/v1/video/generations/', 404, 'application/json; charset=utf-8'],
  ['GET', '/video/generations', 200, 'text/html; charset=utf-8'],
  ['POST', '//v1/videos', 200, 'text/html; charset=utf-8'],
])('%s %s answers %i %s', async (method, path, status, type) => {
  await using gateway = await startSandboxGateway();
  const reply = await rawGet(
    `${gateway.url}${path}`,
    { authorization: 'Bearer sk-sandbox' },
    method,
  );

  expect([reply.status, reply.headers['content-type']]).toEqual([status, type]);
});

test('a POST with a trailing slash is redirected to a relative address, without a job', async () => {
  await using gateway = await startSandboxGateway();

  const reply = await create(gateway, klingBody, { route: '/v1/videos/' });

  expect([reply.status, reply.headers.get('location')]).toEqual([307, '/v1/videos']);
  expect(gateway.ledger.paidJobs).toEqual([]);
});

test.each<[body: string, type: string, message: string]>([
  ['{"model":"sora-2","prompt":', 'application/json', 'invalid JSON request body'],
  ['{"prompt":"a cat"}', 'application/json', 'Model name not specified'],
  ['{"model":"kling-v1","prompt":"a"}', 'text/plain', 'Model name not specified'],
  ['', 'application/json', 'invalid JSON request body'],
])('routing refuses %j as %s', async (body, type, message) => {
  await using gateway = await startSandboxGateway();

  const reply = await fetch(`${gateway.url}/v1/videos`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-sandbox', 'content-type': type },
    body,
  });

  expect([reply.status, await reply.text()]).toEqual([400, expect.stringContaining(message)]);
  expect(gateway.ledger.posts).toMatchObject([{ rawBody: body }]);
});

test('models are listed byte for byte, spaces and Chinese included', async () => {
  await using gateway = await startSandboxGateway();

  const reply = await fetch(`${gateway.url}/v1/models`, {
    headers: { authorization: `Bearer ${gateway.apiKey}` },
  });
  const ids = ((await json(reply))['data'] as { id: string }[]).map((model) => model.id);

  expect(ids).toEqual(
    expect.arrayContaining(['SD2.5 720P', 'Seedance-2.5-720p官方版', 'kling-v1']),
  );
});

test('the balance of the key falls by the price of a job', async () => {
  await using gateway = await startSandboxGateway();
  const headers = { authorization: `Bearer ${gateway.apiKey}` };
  const available = async (): Promise<unknown> => {
    const body = await json(await fetch(`${gateway.url}/api/usage/token/`, { headers }));
    return (body['data'] as Record<string, unknown>)['total_available'];
  };

  const before = await available();
  await create(gateway);

  expect([before, await available()]).toEqual([500_000_000, 499_930_000]);
});

test('ledger, scenario list and the default scenario are open on the gateway origin', async () => {
  await using gateway = await startSandboxGateway();

  await fetch(`${gateway.url}/sandbox/scenario`, {
    method: 'POST',
    body: '{"scenario":"submit-500-empty"}',
  });
  const refused = await fetch(`${gateway.url}/sandbox/scenario`, {
    method: 'POST',
    body: '{"scenario":"nope"}',
  });
  const created = await create(gateway);
  const ledger = await json(await fetch(`${gateway.url}/sandbox/ledger`));
  const list = (await (await fetch(`${gateway.url}/sandbox/scenarios`)).json()) as unknown[];

  expect([refused.status, created.status]).toEqual([400, 500]);
  expect(ledger).toEqual(JSON.parse(JSON.stringify(gateway.ledger)));
  expect(list).toHaveLength(scenarios.length);
});

const prefixes: Record<Phase, string> = {
  submit: 'submit-',
  poll: 'poll-',
  download: 'dl-',
  search: 'reconcile',
  log: 'reconcile-log',
  callback: 'callback-',
  models: 'models-',
};

test('scenario names are unique, phased and said in one line', () => {
  const names = scenarios.map((scenario) => scenario.name);

  expect(new Set(names).size).toBe(names.length);
  for (const { name, phase, line } of scenarios) {
    expect(name.startsWith(prefixes[phase])).toBe(true);
    expect(line).not.toContain('\n');
  }
});

test('a key that spent its last quota is refused like a wrong one, and its balance is 0', async () => {
  await using gateway = await startSandboxGateway({ scenario: 'poll-key-spent=1' });
  const { task_id: id } = await json(await create(gateway, klingBody));
  const headers = { authorization: 'Bearer sk-sandbox' };
  const look = async () => {
    const paths = [`/v1/videos/${String(id)}/content`, '/v1/models', `/v1/videos/${String(id)}`];
    const statuses: number[] = [];
    const usage = await json(await fetch(`${gateway.url}/api/usage/token/`, { headers }));
    for (const path of paths)
      statuses.push((await rawGet(`${gateway.url}${path}`, headers)).status);
    return { statuses, usage };
  };

  const spent = await look();
  expect(spent).toMatchObject({
    statuses: [401, 401, 401],
    usage: { data: { total_available: 0 } },
  });
  const { statuses, usage } = await look();
  expect(statuses).toEqual([404, 200, 200]);
  expect(usage).not.toMatchObject({ data: { total_available: 0 } });
});
