import { expect, test } from 'vitest';
import type { SandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { replyOf, wireSample } from '../gateway/wire-samples.ts';
import { type Body, create, createJob, json, klingBody, rawGet } from './sandbox-client.ts';
import { startWithClock } from './sandbox-client.ts';

async function ask(
  gateway: SandboxGateway,
  query = '',
  headers: Record<string, string> = { authorization: gateway.accessToken },
): Promise<{ status: number; body: Body; data: { total: number; items: Body[] } }> {
  const reply = await fetch(`${gateway.url}/api/task/self?${query}`, { headers });
  const body = await json(reply);
  return { status: reply.status, body, data: body['data'] as { total: number; items: Body[] } };
}

/** Names of all fields, nested ones too, but for the vendor's body. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'data' && 'task_id' in value ? {} : shapeOf(inner),
    ]),
  );
}

test('the task log has the recorded shape, field by field, and no prompt', async () => {
  const { gateway, advance } = await startWithClock();
  await using _ = gateway;
  await createJob(gateway, { model: 'sora-2', prompt: 'a cat', seconds: '4' });
  advance(150);

  const { body, data } = await ask(gateway);

  const recorded: unknown = JSON.parse(String(replyBody('api-task-self-200')));
  expect(shapeOf(body)).toEqual(shapeOf(recorded));
  expect(data.items[0]).toMatchObject({ channel_id: 0, properties: { input: '' } });
});

test.each<[headers: Record<string, string>, status: number]>([
  [{ authorization: 'Bearer sk-sandbox' }, 200],
  [{ authorization: 'Bearer at-sandbox' }, 200],
  [{ authorization: 'at-other' }, 200],
  [{}, 401],
])('the task log refuses %j with %i and success false', async (headers, status) => {
  await using gateway = await startSandboxGateway();

  const refused = await ask(gateway, '', headers);

  expect([refused.status, refused.body['success'], refused.data]).toEqual([
    status,
    false,
    undefined,
  ]);
});

test('the API key is refused with the recorded bytes', async () => {
  await using gateway = await startSandboxGateway();
  const headers = { authorization: `Bearer ${gateway.apiKey}` };

  const refused = await rawGet(`${gateway.url}/api/task/self?p=1`, headers);

  expect(refused.body.toString()).toBe(String(replyBody('api-task-self-with-api-key-200')));
});

test('the task log is paged, newest first, and filtered by id, status and submit time', async () => {
  const { gateway, advance } = await startWithClock();
  await using _ = gateway;
  const old = await createJob(gateway);
  advance(200);
  const second = await createJob(gateway);
  const newest = await createJob(gateway);
  const found = async (query: string): Promise<unknown[]> => {
    const { data } = await ask(gateway, query);
    return [data.total, ...data.items.map((item) => item['task_id'])];
  };
  const stamp = Date.UTC(2026, 10, 23, 12) / 1000;

  expect(await found('')).toEqual([3, newest, second, old]);
  expect(await found('p=2&page_size=2')).toEqual([3, old]);
  expect(await found(`task_id=${second}`)).toEqual([1, second]);
  expect(await found('status=SUCCESS')).toEqual([1, old]);
  expect(await found(`start_timestamp=${stamp}&end_timestamp=${stamp}`)).toEqual([1, old]);
  expect(await found(`start_timestamp=${stamp + 1}`)).toEqual([2, newest, second]);
});

test.each<[scenario: string, rows: number]>([
  ['submit-drop-after-body', 1],
  ['submit-504-after-accept', 1],
  ['submit-cdn-html', 1],
  ['submit-settlement-failed', 1],
  ['submit-200-html', 1],
  ['submit-200-empty', 1],
  ['submit-200-cut-json', 1],
  ['submit-200-no-id', 1],
  ['submit-reset-early', 0],
  ['submit-insert-failed', 0],
  ['submit-do-request-failed', 0],
  ['submit-do-request-failed=dead', 0],
  ['submit-408', 0],
  ['submit-orphan', 0],
])('after %s the task log has %i rows', async (scenario, rows) => {
  await using gateway = await startSandboxGateway({ scenario, speed: 10_000 });
  await create(gateway).then(
    (reply) => reply.arrayBuffer(),
    () => undefined,
  );

  expect((await ask(gateway)).data.total).toBe(rows);
});

test('reconcile=prompt names the prompt in the rows of the jobs that chose it', async () => {
  await using gateway = await startSandboxGateway();
  const prompt = '[sandbox:submit-500-empty, reconcile=prompt] a cat';
  await create(gateway, { ...klingBody, prompt });
  await createJob(gateway);

  const { data } = await ask(gateway);

  const inputs = data.items.map((item) => (item['properties'] as Body)['input']);
  expect(inputs).toEqual(['', prompt]);
});

test.each([
  ['reconcile-api-key', 200, undefined],
  ['reconcile-api-key=401', 401, 'AUTH_UNAUTHORIZED'],
])('%s refuses the right token too', async (scenario, status, code) => {
  await using gateway = await startSandboxGateway({ scenario });

  const refused = await ask(gateway);

  expect([refused.status, refused.body['code'], refused.body['success']]).toEqual([
    status,
    code,
    false,
  ]);
});

test('two scenarios of the task log cannot be combined, one of each phase can', async () => {
  await expect(
    startSandboxGateway({ scenario: 'reconcile=prompt, reconcile-api-key' }),
  ).rejects.toThrow(RangeError);
  const scenario = 'submit-hang, poll-word=DONE, dl-ok, reconcile=prompt';
  await using gateway = await startSandboxGateway({ scenario });
  expect(gateway.accessToken).toBe('at-sandbox');
});

function replyBody(name: string): unknown {
  const reply = replyOf(wireSample(name));
  return typeof reply === 'function' ? undefined : reply.body;
}
