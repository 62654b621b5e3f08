import { describe, expect, test } from 'vitest';
import { startSandboxGateway, type SandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { type Body, create, json, klingBody, startWithClock } from './sandbox-client.ts';

async function ofKey(gateway: SandboxGateway, key = gateway.apiKey): Promise<Response> {
  return fetch(`${gateway.url}/api/log/token`, { headers: { authorization: `Bearer ${key}` } });
}

async function rowsOfKey(gateway: SandboxGateway): Promise<Body[]> {
  return (await json(await ofKey(gateway)))['data'] as Body[];
}

async function rowsOf(gateway: SandboxGateway, requestId: string): Promise<Body[]> {
  const query = `request_id=${requestId}`;
  const headers = { authorization: gateway.accessToken };
  const reply = await fetch(`${gateway.url}/api/log/self?${query}`, { headers });
  return ((await json(reply))['data'] as Body)['items'] as Body[];
}

async function logged(scenario: string): Promise<{ rows: Body[]; requestId: string | null }> {
  await using gateway = await startSandboxGateway({ scenario });
  const reply = await create(gateway);
  await reply.arrayBuffer();
  return { rows: await rowsOfKey(gateway), requestId: reply.headers.get('x-oneapi-request-id') };
}

describe('the request log of the sandbox gateway', () => {
  test('is empty without its scenario', async () => {
    expect((await logged('submit-500-empty')).rows).toEqual([]);
  });

  test.each<[scenario: string, rows: [type: number, quota: number][]]>([
    ['reconcile-log', [[2, 70_000]]],
    ['submit-500-empty, reconcile-log=errors', [[2, 70_000]]],
    ['submit-500-empty=dead, reconcile-log=errors', [[5, 0]]],
    ['submit-settlement-failed, reconcile-log=errors', [[5, 0]]],
    [
      'submit-200-no-id, reconcile-log=retried',
      [
        [2, 70_000],
        [5, 0],
      ],
    ],
    ['submit-500-empty, reconcile-log=free', [[2, 0]]],
    [
      'submit-insert-failed, reconcile-log=refund',
      [
        [6, 70_000],
        [2, 70_000],
      ],
    ],
    [
      'submit-500-empty, reconcile-log=difference',
      [
        [6, 10],
        [2, 70_000],
      ],
    ],
  ])('after %s has, newest first, %j', async (scenario, expected) => {
    const { rows } = await logged(scenario);
    expect(rows.map(({ type, quota }) => [type, quota])).toEqual(expected);
  });

  test('names the request by the id of its answer, and the job where it says so', async () => {
    const { rows, requestId } = await logged('submit-500-empty, reconcile-log=names');
    expect(rows).toMatchObject([{ request_id: requestId }]);
    expect(JSON.parse(String(rows[0]?.['other']))).toMatchObject({
      task_id: expect.any(String) as string,
    });
  });

  test('lags, and is filtered by request for the account', async () => {
    const scenario = 'submit-500-empty=dead, reconcile-log=lag:60';
    const { gateway, advance } = await startWithClock({ scenario });
    await using _ = gateway;
    const requestId = (await create(gateway)).headers.get('x-oneapi-request-id') ?? '';
    await create(gateway, { ...klingBody, prompt: 'a dog' });
    const early = await rowsOf(gateway, requestId);
    advance(61);
    expect([early.length, (await rowsOf(gateway, requestId)).length]).toEqual([0, 1]);
    expect(await rowsOfKey(gateway)).toHaveLength(2);
  });

  test('refuses another key and the key in the place of the token', async () => {
    await using gateway = await startSandboxGateway();
    const headers = { authorization: `Bearer ${gateway.apiKey}` };
    const asToken = await fetch(`${gateway.url}/api/log/self`, { headers });
    expect((await ofKey(gateway, 'sk-other')).status).toBe(401);
    expect(await json(asToken)).toMatchObject({ success: false });
  });

  test('allows 20 calls in 20 minutes, the balance of the key among them, then says 429 with nothing else', async () => {
    const { gateway, advance } = await startWithClock();
    await using _ = gateway;
    const headers = { authorization: `Bearer ${gateway.apiKey}` };
    const statuses: number[] = [];
    for (let call = 0; call < 10; call += 1) {
      statuses.push((await ofKey(gateway)).status);
      statuses.push((await fetch(`${gateway.url}/api/usage/token/`, { headers })).status);
    }
    const over = await ofKey(gateway);
    advance(20 * 60);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect([over.status, await over.text(), over.headers.get('retry-after')]).toEqual([
      429,
      '',
      '1200',
    ]);
    expect((await ofKey(gateway)).status).toBe(200);
  });
});
