import { expect, test } from 'vitest';
import { batchMessages } from '../../src/contract/batch.ts';
import {
  gate,
  promptOf,
  startBatchHarness,
  statusOf,
  untilBatch,
  untilPartition,
} from './batch-harness.ts';
import { accepted, onePerFile, submitFailure, type Script } from './harness.ts';

const harness = onePerFile(startBatchHarness);

test('a batch expects its end at the pace of its last rows; a pause has no end, and its time does not count', () => {
  const jobs = gate('task_held');
  const submit: Script['submit'] = async (given) => {
    const isHeld = Number(promptOf(given).slice('row '.length)) > 7;
    return accepted(isHeld ? 'task_held' : 'task_1', await harness.now());
  };
  return harness.play({ submit, poll: jobs.poll }, async () => {
    const batch = await harness.start({ rows: 9, partSize: 7, window: 1 });
    const { expectedEnd = '', pace } = await untilBatch(batch, ({ counts }) => counts.stored === 7);
    expect(pace).toMatchObject({ ended: 7 });
    expect(pace?.last).toHaveLength(7);
    const { sinceMs = 0 } = pace ?? {};
    expect(Date.parse(expectedEnd)).toBeGreaterThan(sinceMs);
    await batch.executeUpdate(batchMessages.pauseBatch);
    expect(await statusOf(batch)).toMatchObject({ phase: 'paused', endUnknown: 'paused' });
    await batch.executeUpdate(batchMessages.resumeBatch);
    expect(await statusOf(batch)).toMatchObject({ phase: 'running', endUnknown: 'few_ended' });
    await untilPartition(harness, batch, (tally) => {
      expect(tally.pace).toMatchObject({ ended: 0, last: [] });
      return tally.counts.running === 1;
    });
    jobs.open();
    await batch.result();
    const ended = await statusOf(batch);
    expect(ended).toMatchObject({ phase: 'done', pace: { ended: 2 } });
    expect(ended).not.toHaveProperty('expectedEnd');
    expect(ended).not.toHaveProperty('endUnknown');
  });
});

test('a row that was already stored does not count for the pace of a batch', () =>
  harness.play({}, async () => {
    const first = await harness.start({ rows: 2, window: 1 });
    const { name } = await first.result();
    expect((await statusOf(first)).pace).toMatchObject({ ended: 2 });
    const second = await harness.start({ rows: 2, window: 1, name });
    await second.result();
    expect((await statusOf(second)).pace).toMatchObject({ ended: 0, last: [] });
  }));

test('a batch with a row that a cap refused expects no end, and says so', () => {
  const jobs = gate();
  const refusal = submitFailure({ kind: 'cap_exceeded', outcome: 'refused', billed: 'no' });
  const submit: Script['submit'] = async (_, count) => {
    if (count === 1) throw refusal;
    return accepted('task_1', await harness.now());
  };
  return harness.play({ submit, poll: jobs.poll }, async () => {
    const batch = await harness.start({ rows: 2, partSize: 1, window: 1 });
    const { endUnknown } = await untilBatch(batch, ({ counts }) => counts.failed === 1);
    expect(endUnknown).toBe('cap');
    jobs.open();
    await batch.result();
  });
});
