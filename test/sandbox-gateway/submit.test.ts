import { expect, test } from 'vitest';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { create, json, klingBody, poll } from './sandbox-client.ts';

type Outcome = number | 'broken';

test.each<[scenario: string, outcome: Outcome, paid: number, vendor: number]>([
  ['submit-queued', 200, 1, 1],
  ['submit-unknown-status', 200, 1, 1],
  ['submit-fallback-body', 200, 1, 1],
  ['submit-id-only', 200, 1, 1],
  ['submit-enveloped', 200, 1, 1],
  ['submit-long-id', 200, 1, 1],
  ['submit-vendor-status=preparing', 200, 1, 1],
  ['submit-instant-success', 200, 1, 1],
  ['submit-instant-failure', 200, 1, 1],
  ['submit-drop-after-body', 'broken', 1, 1],
  ['submit-reset-early', 'broken', 0, 0],
  ['submit-504-after-accept', 504, 1, 1],
  ['submit-504-after-accept=html', 504, 1, 1],
  ['submit-cdn-html=520', 520, 1, 1],
  ['submit-settlement-failed', 500, 1, 1],
  ['submit-insert-failed', 500, 0, 1],
  ['submit-do-request-failed', 500, 0, 1],
  ['submit-do-request-failed=dead', 500, 0, 0],
  ['submit-500-empty', 500, 1, 1],
  ['submit-vendor-number', 500, 0, 0],
  ['submit-build-failed', 500, 0, 0],
  ['submit-no-channel', 503, 0, 0],
  ['submit-no-channel=retry', 500, 0, 0],
  ['submit-429-saturated', 429, 0, 0],
  ['submit-429-empty', 429, 0, 0],
  ['submit-429-limiter=date', 429, 0, 0],
  ['submit-429-concurrency=0', 429, 0, 0],
  ['submit-400-code=invalid_seconds', 400, 0, 0],
  ['submit-vendor-400=nsfw', 400, 0, 0],
  ['submit-2xx-error', 201, 0, 1],
  ['submit-2xx-error=ali', 200, 0, 0],
  ['submit-401', 401, 0, 0],
  ['submit-403-quota=key', 403, 0, 0],
  ['submit-403-denied', 403, 0, 0],
  ['submit-404-path', 404, 0, 0],
  ['submit-408', 408, 0, 1],
  ['submit-413=html', 413, 0, 0],
  ['submit-200-html', 200, 1, 1],
  ['submit-200-empty', 200, 1, 1],
  ['submit-200-cut-json', 200, 1, 1],
  ['submit-200-error', 200, 0, 0],
  ['submit-200-no-id', 200, 1, 1],
  ['submit-slow=60', 200, 1, 1],
  ['submit-slow=head', 200, 1, 1],
  ['submit-redirect=302', 302, 0, 0],
  ['submit-orphan', 200, 1, 1],
  ['submit-201-id', 201, 1, 1],
  ['submit-hollow', 200, 1, 0],
  ['submit-unreadable=unmarshal', 500, 0, 1],
  ['submit-vendor-5xx=502', 502, 0, 1],
  ['submit-vendor-401', 401, 0, 0],
  ['submit-hidden-429', 500, 0, 0],
  ['submit-panic', 500, 0, 1],
  ['submit-client-gone=1', 200, 1, 1],
])(
  '%s answers %s and leaves %i paid and %i vendor jobs',
  async (scenario, outcome, paid, vendor) => {
    await using gateway = await startSandboxGateway({ scenario, speed: 1000 });

    const status = await create(gateway).then(
      async (reply) => {
        await reply.arrayBuffer();
        return reply.status;
      },
      () => 'broken' as const,
    );

    expect(status).toBe(outcome);
    expect(gateway.ledger.posts).toHaveLength(1);
    expect(gateway.ledger.paidJobs).toHaveLength(paid);
    expect(gateway.ledger.vendorJobs).toHaveLength(vendor);
    expect(gateway.ledger.mediaRequests).toHaveLength(0);
  },
);

test('a refused create changes no balance, an accepted one takes the price', async () => {
  await using gateway = await startSandboxGateway();
  const before = gateway.ledger.balance;

  await create(gateway, klingBody, { headers: { 'x-sandbox-scenario': 'submit-insert-failed' } });
  const refused = gateway.ledger.balance;
  await create(gateway);

  expect([before - refused, before - gateway.ledger.balance]).toEqual([0, 70_000]);
});

test('a chain counts per prompt, then goes on as usual', async () => {
  await using gateway = await startSandboxGateway();
  const prompt = '[sandbox: submit-429-empty=2] a cat';
  const statuses: number[] = [];

  for (const text of [prompt, prompt, `${prompt}!`, prompt]) {
    statuses.push((await create(gateway, { ...klingBody, prompt: text })).status);
  }

  expect(statuses).toEqual([429, 429, 429, 200]);
  expect(gateway.ledger.paidJobs.map((job) => job.prompt)).toEqual([prompt]);
});

test('a hanging create ends with stop()', async () => {
  const gateway = await startSandboxGateway({ scenario: 'submit-hang' });
  const pending = create(gateway).then(
    () => 'answered',
    () => 'broken',
  );
  await expect.poll(() => gateway.ledger.paidJobs.length).toBe(1);

  await gateway.stop();

  expect(await pending).toBe('broken');
});

test('a client that hangs up leaves a vendor job, no row and no charge', async () => {
  await using gateway = await startSandboxGateway({ scenario: 'submit-client-gone=600' });
  const leaving = new AbortController();
  const pending = fetch(`${gateway.url}/v1/videos`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(klingBody),
    signal: leaving.signal,
  }).catch(() => 'gone');
  await expect.poll(() => gateway.ledger.posts[0]?.scenarios).toEqual(['submit-client-gone=600']);

  leaving.abort();
  await pending;

  await expect.poll(() => gateway.ledger.vendorJobs.length).toBe(1);
  expect(gateway.ledger.paidJobs).toEqual([]);
});

test('an orphaned id is paid for and never found', async () => {
  await using gateway = await startSandboxGateway({ scenario: 'submit-orphan' });
  const { id } = await json(await create(gateway));

  const reply = await poll(gateway, String(id));

  expect([reply.status, await reply.text()]).toEqual([
    400,
    '{"code":"task_not_exist","message":"task_not_exist","data":null}',
  ]);
  expect(gateway.ledger.paidJobs).toMatchObject([{ jobId: id, hidden: true }]);
});

test('a long id is found only when it is encoded in the path', async () => {
  await using gateway = await startSandboxGateway({ scenario: 'submit-long-id' });
  const id = String((await json(await create(gateway)))['id']);
  const headers = { authorization: `Bearer ${gateway.apiKey}` };

  expect(id).toHaveLength(150);
  expect((await poll(gateway, id)).status).toBe(200);
  expect((await fetch(`${gateway.url}/v1/videos/${id}`, { headers })).status).toBe(404);
});

test('a closed port refuses connections for a while, then accepts on the same port', async () => {
  await using gateway = await startSandboxGateway({
    scenario: 'submit-port-closed=5',
    speed: 25,
  });

  const refused: unknown = await create(gateway).catch((error: unknown) => error);

  expect(refused).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await expect
    .poll(async () =>
      create(gateway).then(
        (reply) => reply.status,
        () => 0,
      ),
    )
    .toBe(200);
  expect(gateway.ledger.posts).toHaveLength(1);
});

test('an unknown scenario is refused with its name', async () => {
  await using gateway = await startSandboxGateway();
  const headers = { 'x-sandbox-scenario': 'submit-nonsense' };

  const reply = await create(gateway, klingBody, { headers });

  expect([reply.status, await reply.text()]).toEqual([
    400,
    expect.stringContaining('submit-nonsense'),
  ]);
  await expect(startSandboxGateway({ scenario: 'nonsense' })).rejects.toThrow(RangeError);
});
