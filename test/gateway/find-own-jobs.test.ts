import { expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { type Reply, startWireServer } from '../fakes/wire-server.ts';
import { replyOf, wireSample } from './wire-samples.ts';

const accessToken = 'pat/canary+0123456789';
const apiKey = 'sk-canary-0123456789';
const options = { timeoutMs: 5_000 };

/** 1795406814 is the stamp of both rows of the sample. */
const window = { fromMs: 1_795_406_800_400, toMs: 1_795_406_820_100 };

async function search(replies: Reply[], more: { accessToken?: string; userId?: string } = {}) {
  const server = await startWireServer(...replies);
  const gateway = createGateway({ baseUrl: server.origin, apiKey, accessToken, ...more });
  const found = await gateway.findOwnJobs(window, options).catch((error: unknown) => error);
  await server[Symbol.asyncDispose]();
  return { found, seen: server.seen };
}

function row(index: number, changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { task_id: `task_${index}`, submit_time: 1_795_406_814, properties: null, ...changes };
}

function page(items: unknown, total: number): Reply {
  return { body: JSON.stringify({ success: true, message: '', data: { total, items } }) };
}

test('findOwnJobs() reads the recorded log: id, time in milliseconds, model, no prompt', async () => {
  const recorded = String(wireSample('api-task-self-200').response.body).replace(':24,', ':2,');
  const { found } = await search([{ body: recorded }]);
  expect(found).toEqual(
    ['task_1y7WM0WD2WQR0WVe5aHKh9f4xYFY2PDo', 'task_DTHg3LTA3ZBG0vvSm2PUi5JIFgUnE422'].map(
      (jobId) => ({ jobId, submittedAt: 1_795_406_814_000, model: 'sora-2' }),
    ),
  );
});

test('findOwnJobs() sends the raw token and the user, asks for whole seconds, and hides the key', async () => {
  const { seen } = await search([page([], 0)], { userId: '17' });
  expect(seen[0]).toMatchObject({
    method: 'GET',
    path: '/api/task/self?p=1&page_size=100&start_timestamp=1795406800&end_timestamp=1795406821',
    headers: { authorization: accessToken, 'new-api-user': '17' },
  });
  expect(JSON.stringify(seen)).not.toContain(apiKey);
});

test('findOwnJobs() reads page after page, and a row that moved to the next one counts once', async () => {
  const rows = Array.from({ length: 150 }, (_, index) => row(index));
  const pages = [page(rows.slice(0, 100), 150), page(rows.slice(99), 151)];
  const { found, seen } = await search(pages);
  expect(found).toHaveLength(150);
  expect(seen.map(({ path }) => /p=\d/.exec(path)?.[0])).toEqual(['p=1', 'p=2']);
});

test('findOwnJobs() leaves out what a gateway shows from outside of the window', async () => {
  const early = row(1, { submit_time: 1_795_406_799 });
  const { found } = await search([page([early, row(2)], 2)]);
  expect(found).toEqual([{ jobId: 'task_2', submittedAt: 1_795_406_814_000 }]);
});

test('findOwnJobs() keeps the prompt where a gateway keeps it', async () => {
  const properties = { input: ' a cat ', origin_model_name: 'kling-v1' };
  const { found } = await search([page([row(1, { properties })], 1)]);
  expect(found).toMatchObject([{ prompt: ' a cat ', model: 'kling-v1' }]);
});

const tooMany = Array.from({ length: 20 }, (_, index) => page([row(index)], 99));
const broken: [string, Reply[], Record<string, unknown>][] = [
  [
    'the recorded refusal',
    [replyOf(wireSample('api-task-self-with-api-key-200'))],
    { kind: 'auth', gatewayMessage: 'Unauthorized, invalid access token' },
  ],
  [
    'a refusal with a code',
    [{ body: '{"success":false,"code":"AUTH_UNAUTHORIZED","message":"no"}' }],
    { kind: 'auth', gatewayCode: 'AUTH_UNAUTHORIZED' },
  ],
  ['a refusal with a list', [{ body: '{"success":false,"data":{"total":0,"items":[]}}' }], auth()],
  ['401', [{ status: 401, body: '{"success":false,"code":"AUTH_UNAUTHORIZED"}' }], auth()],
  ['403', [{ status: 403, body: '{"success":false,"message":"no"}' }], auth()],
  ['403 of a CDN', [{ status: 403, body: '<html>no</html>' }], unavailable()],
  ['429', [{ status: 429 }], { kind: 'rate_limited' }],
  ['500', [{ status: 500, body: '{"success":false,"message":"no"}' }], unavailable()],
  ['a web page', [{ body: '<!doctype html><title>x</title>' }], unavailable()],
  ['an older list without a count', [{ body: '{"success":true,"data":[]}' }], unavailable()],
  ['a row without an id', [page([row(1, { task_id: '' })], 1)], unavailable()],
  ['a row without a time', [page([row(1, { submit_time: 0 })], 1)], unavailable()],
  ['a log that ends too early', [page([row(1)], 2), page(null, 2)], unavailable()],
  ['a count that is too small', [page([row(1), row(2)], 0)], unavailable()],
  ['a log without end', tooMany, unavailable()],
];

test.each(broken)('findOwnJobs() never says "no such job" after %s', async (_, replies, error) => {
  const { found, seen } = await search(replies);
  expect(found).toMatchObject({ name: 'GatewayError', billed: 'maybe', ...error });
  expect(seen.length).toBeLessThanOrEqual(20);
});

test('findOwnJobs() without a token asks nobody', async () => {
  await using server = await startWireServer(page([], 0));
  const gateway = createGateway({ baseUrl: server.origin, apiKey });
  await expect(gateway.findOwnJobs(window, options)).rejects.toMatchObject({ kind: 'auth' });
  expect([gateway.canSearch, server.seen]).toEqual([false, []]);
});

test('findOwnJobs() has one deadline for all pages', async () => {
  const slowly: Reply = (_, response) => {
    const rows = JSON.stringify({ success: true, data: { total: 9, items: [row(1)] } });
    setTimeout(() => response.end(rows), 60);
  };
  await using server = await startWireServer(slowly);
  const gateway = createGateway({ baseUrl: server.origin, apiKey, accessToken });
  const search = gateway.findOwnJobs(window, { timeoutMs: 150 });
  await expect(search).rejects.toMatchObject({ kind: 'gateway_unavailable' });
  expect(server.seen.length).toBeLessThan(5);
});

test.each(['', 'a b', 'ä', 'x\n'])('an access token %j is refused and not said', (token) => {
  const create = () => createGateway({ baseUrl: 'https://x', apiKey, accessToken: token });
  expect(create).toThrow(RangeError);
  if (token.trim() !== '') expect(create).not.toThrow(token.trim());
});

test.each(['', 'me', '1\n2'])('a user id %j is refused', (userId) => {
  const create = () => createGateway({ baseUrl: 'https://x', apiKey, accessToken, userId });
  expect(create).toThrow(RangeError);
});

function auth(): { kind: string } {
  return { kind: 'auth' };
}

function unavailable(): { kind: string } {
  return { kind: 'gateway_unavailable' };
}
