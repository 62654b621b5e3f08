import { expect, test } from 'vitest';
import { retryBatch } from '../../src/client/batch/act-on-batch.ts';
import { messageNames } from '../../src/contract/messages.ts';
import { gate, promptOf, startBatchHarness, statusOf, untilPartition } from './batch-harness.ts';
import {
  accepted,
  minuteMs,
  onePerFile,
  pending,
  submitFailure,
  untilStatus,
  type Script,
} from './harness.ts';

const harness = onePerFile(startBatchHarness);

const firing = new Date('2026-11-29T03:00:00Z');

test('a row that ends while results are being written is included in the results', () => {
  const jobs = gate('task_last');
  return harness.play(
    {
      submit: async (given) =>
        accepted(promptOf(given) === 'row 21' ? 'task_last' : 'task_1', await harness.now()),
      poll: jobs.poll,
    },
    async () => {
      const last = videoOf('written/21');
      harness.hooks.beforeRecord = async () => {
        harness.hooks.beforeRecord = () => Promise.resolve();
        jobs.open();
        await untilStatus(last, ({ phase }) => phase === 'stored');
      };
      const batch = await harness.start({ rows: 21, window: 21, name: 'written' });
      const { results } = await batch.result();
      const lines = await harness.results({ folder: results.jsonl.replace('/results.jsonl', '') });
      expect(lines.map(({ state }) => state)).toEqual(Array.from({ length: 21 }, () => 'stored'));
    },
  );
});

test("a firing whose lost submit is soon found in the gateway's records waits for the video", () =>
  harness.play(
    {
      submit: loseRow(1),
      reconcile: (_, count) => ({
        candidates: [],
        findings: [],
        worthRepeating: true,
        ...(count === 2 && { adopted: { jobId: 'task_7', submittedAt: firing.getTime() } }),
      }),
    },
    async () => {
      const batch = await harness.start({ rows: 1, firing, name: 'found' });
      expect((await batch.result()).counts).toMatchObject({ stored: 1, unresolved: 0 });
    },
  ));

test('a batch that a person started waits for its unresolved row for days', () =>
  harness.play({ submit: loseRow(1) }, async () => {
    const batch = await harness.start({ rows: 1, name: 'awaited' });
    await untilPartition(harness, batch, ({ counts }) => counts.unresolved === 1);
    await harness.bed.env.sleep('3 days');
    expect(await statusOf(batch)).toMatchObject({ phase: 'running' });
    await videoOf('awaited/1').executeUpdate(messageNames.resolveSubmission, {
      args: [{ action: 'abandon' }],
    });
    expect((await batch.result()).counts).toMatchObject({ failed: 1 });
  }));

test('the next firing with the same keys joins an unresolved video, and ends as well', () =>
  harness.play({ submit: loseRow(1) }, async ({ submits }) => {
    await (await harness.start({ rows: 2, firing, name: 'again' })).result();
    const next = await (await harness.start({ rows: 2, firing, name: 'again' })).result();
    expect(next).toMatchObject({
      counts: { stored: 1, unresolved: 1 },
      origins: { cached: 1, joined: 1 },
    });
    expect(submits).toHaveLength(2);
  }));

test('a firing that is retried runs again under its own name and for its own time, and pays nothing', () =>
  harness.play({ submit: loseRow(1) }, async ({ submits }) => {
    const { client } = harness.bed.env;
    const ended = await harness.start({ rows: 2, firing, name: 'retried' });
    await ended.result();
    expect(await retryBatch(client, ended.workflowId)).toEqual({ outcome: 'started_again' });
    const again = client.workflow.getHandle(ended.workflowId);
    await untilPartition(harness, again, ({ counts }) => counts.joined + counts.stored === 2);
    expect(harness.prepared.at(-1)).toMatchObject({ at: firing.toISOString() });
    expect(submits).toHaveLength(2);
  }));

// The last of its file: once a child has outlived its parent and ended, the time-skipping server skips no time any more.
test('a firing whose open rows are unresolved or overdue ends, lists them as open, and leaves their videos waiting', () =>
  harness.play(
    {
      submit: async (given) => {
        if (promptOf(given) === 'row 1') throw submitFailure({});
        return accepted(promptOf(given) === 'row 2' ? 'task_slow' : 'task_1', await harness.now());
      },
      poll: async ({ job }) => {
        if (job.jobId === 'task_slow') throw pending(5 * minuteMs);
        return { state: 'succeeded', askedAt: await harness.now() };
      },
    },
    async () => {
      const batch = await harness.start({ rows: 3, window: 1, firing, name: 'lost' });
      const { counts, results } = await batch.result();
      expect(counts).toMatchObject({ stored: 1, unresolved: 1, overdue: 1, running: 0 });
      const lines = await harness.results({ folder: results.jsonl.replace('/results.jsonl', '') });
      expect(lines).toMatchObject([
        { key: '1', state: 'unresolved', billed: 'maybe' },
        { key: '2', state: 'overdue', jobId: 'task_slow' },
        { key: '3', state: 'stored' },
      ]);
      expect(await videoOf('lost/2').query('videoStatus')).toMatchObject({ phase: 'overdue' });
      const lost = videoOf('lost/1');
      await lost.executeUpdate(messageNames.resolveSubmission, {
        args: [{ action: 'adopt', jobId: 'task_9' }],
      });
      expect(await lost.result()).toMatchObject({ jobId: 'task_9' });
    },
  ));

function videoOf(key: string) {
  return harness.bed.env.client.workflow.getHandle(`video/${key}`);
}

function loseRow(nth: number): NonNullable<Script['submit']> {
  return async (given) => {
    if (promptOf(given) === `row ${nth}`) throw submitFailure({});
    return accepted('task_1', await harness.now());
  };
}
