import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { SandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { type Body, create, json, klingBody, startWithClock } from './sandbox-client.ts';

const paid = 'submit-500-empty';
const unpaid = 'submit-500-empty=dead';
const price = 70_000;

async function ask(gateway: SandboxGateway): Promise<Response> {
  const headers = { authorization: `Bearer ${gateway.apiKey}` };
  return fetch(`${gateway.url}/api/usage/token/`, { headers });
}

/** What is missing of the full balance. */
async function taken(gateway: SandboxGateway): Promise<number> {
  const data = (await json(await ask(gateway)))['data'] as Record<string, number>;
  const { total_available: available = 0, total_used: used = 0 } = data;
  expect(available + used).toBe(500_000_000);
  return used;
}

test.each<[submit: string, balance: string, atOnce: number, later: number]>([
  [unpaid, 'unchanged', 0, 0],
  [paid, 'unchanged', price, price],
  [unpaid, 'fell', price, price],
  [paid, 'fell', price, price],
  [unpaid, 'late:60', price, 0],
  [paid, 'late:60', price, price],
  [unpaid, 'lag:60', 0, 0],
  [paid, 'lag:60', 0, price],
  [unpaid, 'other', price, price],
  [paid, 'other', 2 * price, 2 * price],
  [unpaid, 'refund', -price, -price],
  [paid, 'refund', 0, 0],
  [unpaid, 'price', 0, 0],
  [paid, 'price', 1.5 * price, 1.5 * price],
  ['submit-drop-after-body', 'refund', 0, 0],
  ['submit-reset-early', 'other', price, price],
])(
  '%s with reconcile-balance=%s takes %i, and %i a minute later',
  async (submit, balance, ...expected) => {
    const scenario = `${submit}, reconcile-balance=${balance}`;
    const { gateway, advance } = await startWithClock({ scenario });
    await using _ = gateway;
    const before = await taken(gateway);
    await create(gateway).catch(() => undefined);

    const atOnce = await taken(gateway);
    advance(61);

    expect([before, atOnce, await taken(gateway)]).toEqual([0, ...expected]);
  },
);

test('the ledger stays true whatever a balance scenario shows', async () => {
  const { gateway } = await startWithClock({ scenario: 'reconcile-balance=refund' });
  await using _ = gateway;

  await create(gateway);

  expect([await taken(gateway), gateway.ledger.balance]).toEqual([0, 500_000_000 - price]);
});

test('each create books its own scenario, chosen by its prompt', async () => {
  const { gateway } = await startWithClock();
  await using _ = gateway;
  const prompt = `[sandbox:${unpaid}, reconcile-balance=fell] a cat`;
  await create(gateway, { ...klingBody, prompt });
  await create(gateway);

  expect(await taken(gateway)).toBe(2 * price);
});

test('a restarted gateway shows the same balance', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-gateway-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const options = { scenario: 'reconcile-balance=other', ledgerFile: join(folder, 'ledger.json') };
  const { gateway: first } = await startWithClock(options);
  await create(first);
  await first.stop();

  const { gateway: second } = await startWithClock(options);
  await using _ = second;

  expect(await taken(second)).toBe(2 * price);
});

test('reconcile-balance=unlimited shows a key without limit, whose number means nothing', async () => {
  const { gateway } = await startWithClock({ scenario: 'reconcile-balance=unlimited' });
  await using _ = gateway;
  await create(gateway);

  const body: Body = await json(await ask(gateway));

  expect(body['data']).toMatchObject({
    unlimited_quota: true,
    total_available: -price,
    total_used: price,
  });
});

test('reconcile-balance=429 of the newest create answers 429 with an empty body', async () => {
  const { gateway } = await startWithClock();
  await using _ = gateway;
  const prompt = `[sandbox:${unpaid}, reconcile-balance=429] a cat`;
  await create(gateway, { ...klingBody, prompt });

  const reply = await ask(gateway);

  expect([reply.status, await reply.text()]).toEqual([429, '']);
});
