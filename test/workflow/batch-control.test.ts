import { expect, test } from 'vitest';
import type { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { batchMessages } from '../../src/contract/batch.ts';
import {
  gate,
  promptOf,
  startBatchHarness,
  statusOf,
  untilBatch,
  untilPartition,
} from './batch-harness.ts';
import { accepted, onePerFile, submitFailure } from './harness.ts';

const harness = onePerFile(startBatchHarness);

const refusal = submitFailure({ kind: 'quota', outcome: 'refused', billed: 'no' });

test('pauseBatch starts no more rows, and resumeBatch continues', () => {
  const jobs = gate();
  return harness.play({ poll: jobs.poll }, async ({ submits }) => {
    const batch = await harness.start({ rows: 4, partSize: 2, window: 1 });
    await untilBatch(batch, () => submits.length === 1);
    await batch.executeUpdate(batchMessages.pauseBatch);
    jobs.open();
    await untilPartition(harness, batch, ({ counts }) => counts.stored === 1);
    expect(await statusOf(batch)).toMatchObject({ phase: 'paused' });
    expect(submits).toHaveLength(1);
    await batch.executeUpdate(batchMessages.resumeBatch);
    expect(await batch.result()).toMatchObject({ counts: { stored: 4 } });
  });
});

test('retryFailed restarts the rows that cost nothing, of partitions that have ended', () => {
  const jobs = gate('task_slow');
  return harness.play(
    {
      submit: async (given, count) => {
        if (promptOf(given) === 'row 3') return accepted('task_slow', await harness.now());
        if (count <= 3) throw refusal;
        return accepted('task_1', await harness.now());
      },
      poll: jobs.poll,
    },
    async ({ submits }) => {
      const batch = await harness.start({ rows: 4, partSize: 1, window: 1 });
      await untilBatch(batch, ({ counts }) => counts.failed === 2 && counts.running >= 0);
      await untilBatch(batch, () => submits.length === 3);
      const told = await batch.executeUpdate<{ counts: object }, []>(batchMessages.retryFailed);
      expect(told.counts).toMatchObject({ failed: 0 });
      jobs.open();
      expect(await batch.result()).toMatchObject({ counts: { stored: 4, failed: 0 } });
      const paid = submits.map(promptOf).toSorted();
      expect(paid).toEqual(['row 1', 'row 1', 'row 2', 'row 2', 'row 3', 'row 4']);
    },
  );
});

test('retryFailed restarts a failed row of an open partition after the waiting rows', () => {
  const jobs = gate();
  return harness.play(
    {
      submit: async (_, count) => {
        if (count === 1) throw refusal;
        return accepted('task_1', await harness.now());
      },
      poll: jobs.poll,
    },
    async ({ submits }) => {
      const batch = await harness.start({ rows: 3, window: 1 });
      await untilBatch(batch, () => submits.length === 2);
      await batch.executeUpdate(batchMessages.retryFailed);
      jobs.open();
      expect(await batch.result()).toMatchObject({ counts: { stored: 3, failed: 0 } });
      expect(submits.map(promptOf).toSorted()).toEqual(['row 1', 'row 1', 'row 2', 'row 3']);
    },
  );
});

test('a cancelled batch starts no more rows, and reports the outcome of each row that it had started', () => {
  const jobs = gate();
  return harness.play({ poll: jobs.poll }, async ({ submits }) => {
    const batch = await harness.start({ rows: 4, partSize: 2, window: 2 });
    await untilBatch(batch, () => submits.length === 2);
    const { folder } = await statusOf(batch);
    await batch.cancel();
    const error: unknown = await batch.result().catch((reason: unknown) => reason);
    expect((error as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
    expect(await statusOf(batch)).toMatchObject({
      phase: 'cancelled',
      counts: { cancelled: 2, waiting: 2 },
    });
    const lines = await harness.results({ folder });
    expect(lines.map(({ key, state }) => `${key} ${state}`)).toEqual([
      '1 cancelled',
      '2 cancelled',
    ]);
    expect(submits).toHaveLength(2);
  });
});

test('keepBatch starts no more rows, and the paid videos are stored', () => {
  const jobs = gate();
  return harness.play({ poll: jobs.poll }, async ({ submits }) => {
    const batch = await harness.start({ rows: 3, window: 2 });
    await untilBatch(batch, () => submits.length === 2);
    await batch.executeUpdate(batchMessages.keepBatch);
    jobs.open();
    expect(await batch.result()).toMatchObject({ counts: { stored: 2, waiting: 1 } });
    expect(submits).toHaveLength(2);
  });
});

test('updates that do not apply are refused with a reason', () => {
  const jobs = gate();
  return harness.play({ poll: jobs.poll }, async ({ submits }) => {
    const batch = await harness.start({ rows: 2, window: 1 });
    await untilBatch(batch, () => submits.length === 1);
    await batch.executeUpdate(batchMessages.keepBatch);
    const refused = batch.executeUpdate(batchMessages.resumeBatch);
    await expect(refused.catch((error: Error) => Promise.reject(error.cause))).rejects.toThrow(
      /run the batch again/,
    );
    jobs.open();
    await batch.result();
  });
});
