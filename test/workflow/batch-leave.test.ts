import { expect, test } from 'vitest';
import { batchMessages, batchWorkflowTypes } from '../../src/contract/batch.ts';
import { messageNames, type StillWaiting, type VideoStatus } from '../../src/contract/messages.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import type { Waiter } from '../../src/contract/waiter.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import {
  gate,
  rowRequest,
  startBatchHarness,
  statusOf,
  untilBatch,
  untilPartition,
  type BatchHandle,
} from './batch-harness.ts';
import { onePerFile, untilStatus } from './harness.ts';

const harness = onePerFile(startBatchHarness);

test('a cancelled batch leaves a shared video to the other waiters, and stops the rest', () => {
  const jobs = gate();
  return harness.play({ poll: jobs.poll }, async ({ submits }) => {
    const batch = await harness.start({ rows: 2, window: 2, name: 'shared' });
    await untilBatch(batch, () => submits.length === 2);
    await untilPolled('shared/1', 'shared/2');
    await join('shared/1', 'anna');
    await cancelled(batch);
    const lines = await harness.results(await statusOf(batch));
    expect(lines).toMatchObject([
      { key: '1', state: 'cancelled', origin: 'started' },
      { key: '2', state: 'cancelled', origin: 'started' },
    ]);
    for (const { billed } of lines) expect(billed).not.toBe('no');
    expect(await endOf('shared/2')).toBe('CANCELLED');
    jobs.open();
    expect(await videoOf('shared/1').result()).toMatchObject({ billed: 'yes' });
  });
});

test('a batch that has joined a video is one of its waiters: the last waiter to leave stops the video', () => {
  const jobs = gate();
  return harness.play({ poll: jobs.poll }, async () => {
    await startVideo('joined/1', 'anna');
    await startVideo('joined/2', 'ben');
    const batch = await harness.start({ rows: 2, window: 2, name: 'joined' });
    await untilPartition(harness, batch, ({ counts }) => counts.joined === 2);
    expect(await leave('joined/1', 'anna')).toEqual({ wasWaiting: true, others: 1 });
    await cancelled(batch);
    expect(await endOf('joined/1')).toBe('CANCELLED');
    jobs.open();
    expect(await videoOf('joined/2').result()).toMatchObject({ billed: 'yes' });
  });
});

test('a batch never stops a video that was started without a waiter id', () => {
  const jobs = gate();
  return harness.play({ poll: jobs.poll }, async () => {
    await startVideo('unnamed/1');
    const batch = await harness.start({ rows: 1, name: 'unnamed' });
    await untilPartition(harness, batch, ({ counts }) => counts.joined === 1);
    await cancelled(batch);
    jobs.open();
    expect(await videoOf('unnamed/1').result()).toMatchObject({ billed: 'yes' });
  });
});

test('keepBatch does not keep a video from its other waiters', () => {
  const jobs = gate();
  return harness.play({ poll: jobs.poll }, async ({ submits }) => {
    const batch = await harness.start({ rows: 2, window: 2, name: 'keeping' });
    await untilBatch(batch, () => submits.length === 2);
    await untilPolled('keeping/1', 'keeping/2');
    await join('keeping/1', 'anna');
    await batch.executeUpdate(batchMessages.keepBatch);
    const kept = await untilStatus(videoOf('keeping/2'), ({ cancellation }) => !!cancellation);
    expect(kept.cancellation).toMatchObject({ outcome: 'kept' });
    const shared = await videoOf('keeping/1').query<VideoStatus>(messageNames.videoStatus);
    expect(shared.cancellation).toBeUndefined();
    expect(await leave('keeping/1', 'anna')).toEqual({ wasWaiting: true, others: 0 });
    jobs.open();
    expect(await batch.result()).toMatchObject({ counts: { stored: 2 } });
  });
});

test('a batch that is cancelled while it keeps its videos records the outcome of each row', () => {
  const jobs = gate();
  const keeping = latch();
  const isKeeping = latch();
  return harness.play({ poll: jobs.poll }, async ({ submits }) => {
    const batch = await harness.start({ rows: 2, window: 2, name: 'kept-then-cancelled' });
    await untilBatch(batch, () => submits.length === 2);
    await untilPolled('kept-then-cancelled/1', 'kept-then-cancelled/2');
    harness.hooks.beforeKeep = () => {
      isKeeping.open();
      return keeping.opened;
    };
    await batch.executeUpdate(batchMessages.keepBatch);
    await isKeeping.opened;
    await batch.cancel();
    await untilStatus(videoOf('kept-then-cancelled/1'), () => true);
    keeping.open();
    jobs.open();
    await expect(batch.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(await harness.results(await statusOf(batch))).toMatchObject([
      { key: '1' },
      { key: '2' },
    ]);
  });
});

test('a partition that is started without its batch is refused', async () => {
  const part = await harness.bed.env.client.workflow.start(batchWorkflowTypes.partition, {
    taskQueue: taskQueues.workflows,
    workflowId: 'batch/alone/part-1',
    args: [
      {
        batch: { name: 'alone', runId: 'x' },
        index: 0,
        rows: 'r',
        results: 's',
        slots: 1,
        window: 1,
      },
    ],
  });
  await expect(part.result()).rejects.toMatchObject({ cause: { type: 'invalid_request' } });
});

function latch(): { open(): void; opened: Promise<void> } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

function videoOf(id: string) {
  return harness.bed.env.client.workflow.getHandle(`video/${id}`);
}

async function untilPolled(...ids: string[]): Promise<void> {
  for (const id of ids) await untilStatus(videoOf(id), ({ phase }) => phase === 'queued');
}

async function join(id: string, waiterId: string): Promise<void> {
  await videoOf(id).signal<[Waiter]>(messageNames.joinVideo, { waiterId });
}

function leave(id: string, waiterId: string): Promise<StillWaiting> {
  return videoOf(id).executeUpdate<StillWaiting, [Waiter]>(messageNames.leaveVideo, {
    args: [{ waiterId }],
  });
}

async function cancelled(batch: BatchHandle): Promise<void> {
  await batch.cancel();
  await expect(batch.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
}

async function endOf(id: string): Promise<string> {
  await videoOf(id)
    .result()
    .catch(() => {});
  return (await videoOf(id).describe()).status.name;
}

async function startVideo(id: string, waiterId?: string): Promise<void> {
  const request = rowRequest(id.split('/').at(-1) ?? '');
  const handle = await harness.bed.env.client.workflow.start('generateVideoWorkflow', {
    taskQueue: taskQueues.workflows,
    workflowId: `video/${id}`,
    args: [{ request, ...(waiterId !== undefined && { waiterId }) }],
    memo: { requestDigest: requestDigest(request) },
  });
  await untilStatus(handle, ({ phase }) => phase === 'queued');
}
