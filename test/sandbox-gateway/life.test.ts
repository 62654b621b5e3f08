import { expect, test } from 'vitest';
import {
  create,
  createJob,
  json,
  klingBody,
  poll,
  pollBody,
  pollRow,
  standardBody,
  startWithClock,
} from './sandbox-client.ts';

test('a Kling job lives as recorded, beat by beat, on both routes', async () => {
  const { gateway, advance } = await startWithClock();
  await using _ = gateway;
  const id = await createJob(gateway);
  const seen: unknown[][] = [];

  for (const seconds of [0, 15, 30, 75]) {
    advance(seconds);
    const row = await pollRow(gateway, id);
    const video = await pollBody(gateway, id);
    seen.push([row['status'], row['progress'], video['status'], video['progress']]);
  }

  expect(seen).toEqual([
    ['NOT_START', '0%', 'unknown', 0],
    ['SUBMITTED', '10%', 'queued', 10],
    ['IN_PROGRESS', '30%', 'in_progress', 30],
    ['SUCCESS', '100%', 'completed', 100],
  ]);
});

test.each([
  ['jimeng_vgfm_t2v_l20', ['NOT_START', 'QUEUED', 'QUEUED']],
  ['sora-2', ['NOT_START', 'QUEUED', 'IN_PROGRESS']],
  ['wan2.5-t2v-preview', ['NOT_START', 'QUEUED', 'IN_PROGRESS']],
  ['MiniMax-Hailuo-02', ['NOT_START', 'IN_PROGRESS', 'IN_PROGRESS']],
  ['viduq1', ['NOT_START', 'SUBMITTED', 'IN_PROGRESS']],
])('%s goes through its own words', async (model, words) => {
  const { gateway, advance } = await startWithClock();
  await using _ = gateway;
  const id = await createJob(gateway, { model, prompt: 'x' });
  const seen: unknown[] = [];

  for (const seconds of [0, 15, 30]) {
    advance(seconds);
    seen.push((await pollRow(gateway, id))['status']);
  }

  expect(seen).toEqual(words);
});

test('Gemini answers with the inner shape on the generations route', async () => {
  const { gateway } = await startWithClock();
  await using _ = gateway;
  const id = await createJob(gateway, { model: 'veo-3.0-generate-001', prompt: 'x', duration: 8 });

  expect(await pollBody(gateway, id, 'video/generations')).toEqual({
    code: 'success',
    message: '',
    data: {
      error: null,
      format: 'mp4',
      metadata: null,
      status: 'processing',
      task_id: id,
      url: '',
    },
  });
});

test("Sora names the gateway's own /content on the generations route, the media host on the other", async () => {
  const { gateway, advance } = await startWithClock();
  await using _ = gateway;
  const id = await createJob(gateway, { model: 'sora-2', prompt: 'x' });
  advance(120);

  expect((await pollRow(gateway, id))['result_url']).toBe(`${gateway.url}/v1/videos/${id}/content`);
  expect((await pollBody(gateway, id))['url']).toMatch(new RegExp(`^${gateway.mediaUrl}/media/`));
});

test('poll-openai=recorded shows the families as they were recorded', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-openai=recorded' });
  await using _ = gateway;
  const kling = await createJob(gateway);
  const sora = await createJob(gateway, { model: 'sora-2', prompt: 'x' });
  advance(120);

  expect(await pollBody(gateway, kling)).toMatchObject({ model: '', seconds: '5.1' });
  expect(
    Object.keys(await pollBody(gateway, sora))
      .toSorted()
      .join(' '),
  ).toBe('completed_at created_at expires_at id model object progress seconds size status');
});

test('speed scales the life of a job', async () => {
  const { gateway, advance } = await startWithClock({ speed: 20 });
  await using _ = gateway;
  const id = await createJob(gateway, standardBody);

  advance(5.9);
  const before = await pollBody(gateway, id);
  advance(0.2);

  expect(before['status']).toBe('in_progress');
  expect((await pollBody(gateway, id))['status']).toBe('completed');
});

test('the create reply carries the recorded fields and headers', async () => {
  const { gateway } = await startWithClock();
  await using _ = gateway;

  const reply = await create(gateway, { model: 'sora-2', prompt: 'x', seconds: '8' });

  expect(Object.keys(await json(reply))).toEqual([
    'id',
    'task_id',
    'object',
    'model',
    'status',
    'progress',
    'created_at',
    'seconds',
    'size',
  ]);
  expect(reply.headers.get('x-new-api-other-ratios')).toBe('{"seconds":8,"size":1}');
  expect(reply.headers.get('x-oneapi-request-id')).toMatch(/^2026\d+/);
});

test('signed addresses arrive with escaped ampersands and a raw vendor body beside them', async () => {
  const { gateway, advance } = await startWithClock();
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(120);

  const text = await (await poll(gateway, id, 'video/generations')).text();
  const row = (JSON.parse(text) as { data: Record<string, unknown> }).data;

  expect(text).toContain('\\u0026X-Amz-Signature=');
  expect(text).not.toContain('&');
  expect(JSON.stringify(row['data'])).toContain(JSON.stringify(row['result_url']).slice(1, -1));
});

test('a failed job gives its price back, once', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-envelope-failure' });
  await using _ = gateway;
  const before = gateway.ledger.balance;
  const id = await createJob(gateway);
  const during = gateway.ledger.balance;
  advance(120);

  await pollBody(gateway, id);
  const row = await pollRow(gateway, id);

  expect([before - during, before - gateway.ledger.balance]).toEqual([70_000, 0]);
  expect(gateway.ledger.paidJobs).toMatchObject([{ jobId: id, refunded: true }]);
  expect(row['result_url']).toBe(row['fail_reason']);
});

test('a failed job shows its price for a moment, and then no quota', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-envelope-failure' });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(120);
  expect(await pollRow(gateway, id)).toMatchObject({ status: 'FAILURE', quota: 70_000 });
  advance(5);
  expect(await pollRow(gateway, id)).toMatchObject({ status: 'FAILURE', quota: 0 });
});

test('a deleted channel keeps the money', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-channel-deleted' });
  await using _ = gateway;
  const id = await createJob(gateway);
  advance(120);

  const row = await pollRow(gateway, id);
  expect(row).toMatchObject({ status: 'FAILURE', finish_time: 0, quota: 70_000 });
  expect(gateway.ledger.paidJobs[0]?.refunded).toBe(false);
});

test('an unfinished job is swept after a day', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-never-finishes' });
  await using _ = gateway;
  const id = await createJob(gateway, klingBody);
  advance(86_399);
  const before = (await pollRow(gateway, id))['status'];
  advance(1);

  expect(before).toBe('IN_PROGRESS');
  expect((await pollRow(gateway, id))['fail_reason']).toBe('任务超时（1440分钟）');
});

test('poll-serial-lag shows each job a second later than the older one, and nothing goes back', async () => {
  const { gateway, advance } = await startWithClock({ scenario: 'poll-serial-lag=10' });
  await using _ = gateway;
  const ids = [await createJob(gateway), await createJob(gateway), await createJob(gateway)];
  const finished = async (): Promise<number> => {
    const rows = await Promise.all(ids.map((id) => pollRow(gateway, id)));
    return rows.filter((row) => row['status'] === 'SUCCESS').length;
  };
  const counts: number[] = [];
  for (const seconds of [125, 10, 10, 10, 1_000]) {
    advance(seconds);
    counts.push(await finished());
    await createJob(gateway);
  }

  expect(counts).toEqual([0, 1, 2, 3, 3]);
});
