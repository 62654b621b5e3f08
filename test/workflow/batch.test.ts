import { expect, test } from 'vitest';
import { batchRowsFailed } from '../../src/contract/batch.ts';
import { readRequestMemo } from '../../src/contract/request-memo.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import {
  gate,
  promptOf,
  rowRequest,
  startBatchHarness,
  statusOf,
  untilBatch,
  untilPartition,
  type BatchHandle,
} from './batch-harness.ts';
import { accepted, failureOf, onePerFile, pending, submitFailure, type Script } from './harness.ts';

const harness = onePerFile(startBatchHarness);

test('videoBatchWorkflow makes each row once, within one concurrency limit over all partitions', () =>
  harness.play(timed(), async ({ submits }) => {
    const batch = await harness.start({ rows: 7, partSize: 3, window: 2 });
    const result = await batch.result();
    expect(result).toMatchObject({ rows: 7, retryable: 0, origins: { started: 7 } });
    expect(result.counts).toMatchObject({ stored: 7, waiting: 0, running: 0 });
    expect(submits.map(promptOf).toSorted()).toEqual(numbered(7).map((nth) => `row ${nth}`));
    expect(mostAtOnce).toBe(2);
  }));

test('videoBatchWorkflow writes the whole results manifest, in the order of the rows', () =>
  harness.play({}, async () => {
    const batch = await harness.start({ rows: 5, partSize: 2, window: 5 });
    const { results, name } = await batch.result();
    const lines = await harness.results({ folder: results.jsonl.replace('/results.jsonl', '') });
    expect(lines.map(({ key }) => key)).toEqual(['1', '2', '3', '4', '5']);
    expect(lines[0]).toMatchObject({ state: 'stored', billed: 'yes', origin: 'started', line: 2 });
    const csv = await harness.storage.readSmall(`batches/${name}/results.csv`, 1_000_000);
    const [head, ...rows] = Buffer.from(csv ?? [])
      .toString()
      .trimEnd()
      .split('\n');
    expect(head).toMatch(/^line,key,state/);
    expect(rows).toHaveLength(5);
  }));

test('each row has the memo of a video that was started alone', () =>
  harness.play({}, async () => {
    const batch = await harness.start({ rows: 1 });
    const { name } = await batch.result();
    const row = harness.bed.env.client.workflow.getHandle(`video/${name}/1`);
    const { memo } = await row.describe();
    expect(readRequestMemo(memo)).toMatchObject({
      model: rowRequest('row 1').body.model,
      prompt: 'row 1',
    });
  }));

test('a failed row fails no other row, and reports what it cost', () =>
  harness.play({ submit: refuse('row 2') }, async () => {
    const batch = await harness.start({ rows: 3, window: 3 });
    const { counts, retryable, results } = await batch.result();
    expect({ counts, retryable }).toMatchObject({ counts: { stored: 2, failed: 1 }, retryable: 1 });
    const lines = await harness.results({ folder: results.jsonl.replace('/results.jsonl', '') });
    expect(lines[1]).toMatchObject({ state: 'failed', billed: 'no', failure: { kind: 'quota' } });
  }));

test('a batch with failAtEnd ends Failed if a row failed, after all results are recorded', () =>
  harness.play({ submit: refuse('row 1') }, async () => {
    const batch = await harness.start({ rows: 2, failAtEnd: true });
    const { type, details } = await failureOf(batch.result());
    expect(type).toBe(batchRowsFailed);
    expect(details?.[0]).toMatchObject({ counts: { stored: 1, failed: 1 } });
  }));

test('a second run pays only for the missing videos', () =>
  harness.play({ submit: refuse('row 2', 1) }, async ({ submits }) => {
    const first = await harness.start({ rows: 3, window: 1 });
    const { name } = await first.result();
    const second = await harness.start({ rows: 3, window: 1, name });
    const result = await second.result();
    expect(result).toMatchObject({ counts: { stored: 3 }, origins: { started: 1, cached: 2 } });
    expect(submits.map(promptOf)).toEqual(['row 1', 'row 2', 'row 3', 'row 2']);
  }));

test('a stored video whose file is gone is requested again', () =>
  harness.play({}, async ({ submits }) => {
    const first = await harness.start({ rows: 1 });
    const { name } = await first.result();
    const key = 'videos/x.mp4';
    await harness.storage.remove(key);
    const second = await harness.start({ rows: 1, name });
    expect(await second.result()).toMatchObject({ origins: { started: 1, cached: 0 } });
    expect(submits).toHaveLength(2);
    await harness.storage.writeSmall(key, Buffer.from('the video'));
  }));

test('a row joins an open run that already makes its video, and takes no slot', () => {
  const jobs = gate();
  return harness.play({ poll: jobs.poll }, async ({ submits }) => {
    const name = 'joining';
    const other = await startVideo(`video/${name}/1`, rowRequest(1));
    const batch = await harness.start({ rows: 2, window: 1, name });
    await untilBatch(batch, ({ counts }) => counts.joined === 1);
    jobs.open();
    const { origins, counts } = await batch.result();
    expect({ origins, counts }).toMatchObject({
      origins: { started: 1, joined: 1 },
      counts: { stored: 2 },
    });
    expect(submits).toHaveLength(2);
    await other.result();
  });
});

test('a row whose key belongs to another request fails, and nothing is paid', () =>
  harness.play({}, async ({ submits }) => {
    const name = 'conflicting';
    await (await startVideo(`video/${name}/1`, rowRequest('other'))).result();
    const { counts, results } = await (await harness.start({ rows: 1, name })).result();
    expect(counts.failed).toBe(1);
    const [line] = await harness.results({ folder: results.jsonl.replace('/results.jsonl', '') });
    expect(line?.failure).toMatchObject({ kind: 'key_conflict', billed: 'no' });
    expect(submits).toHaveLength(1);
  }));

test('an unresolved row releases its slot to another row, and is listed in the results', () =>
  harness.play({ submit: loseFirst() }, async () => {
    const batch = await harness.start({ rows: 2, window: 1 });
    await untilPartition(
      harness,
      batch,
      ({ counts }) => counts.unresolved === 1 && counts.stored === 1,
    );
    const { name } = await statusOf(batch);
    const lost = harness.bed.env.client.workflow.getHandle(`video/${name}/1`);
    await lost.executeUpdate('resolveSubmission', { args: [{ action: 'adopt', jobId: 'task_9' }] });
    expect(await batch.result()).toMatchObject({ counts: { stored: 2, unresolved: 0 } });
  }));

test('a row costs the partition at most 20 events, and a partition costs the batch at most 100', () =>
  harness.play({}, async () => {
    const batch = await harness.start({ rows: 120, partSize: 40, window: 10 });
    const { name } = await batch.result();
    const own = await eventsOf(`batch/${name}`);
    const { runId } = await batch.describe();
    const partition = await eventsOf(`batch/${name}/${runId}/part-1`);
    expect(partition / 40).toBeLessThan(20);
    expect(own / 3).toBeLessThan(100);
  }));

test('a batch that ends is announced once, after its status says so; one that is cancelled is not', () =>
  harness.play({ poll: () => Promise.reject(pending(60_000)) }, async () => {
    const of = async (batch: BatchHandle) => {
      const { workflowId, runId } = await batch.describe();
      const events = harness.announced.filter((event) => event.workflowId === workflowId);
      return events.map(({ type, firstRunId }) => [type, firstRunId === runId]);
    };
    const cancelled = await harness.start({ rows: 1 });
    await untilPartition(harness, cancelled, ({ counts }) => counts.running === 1);
    await cancelled.cancel();
    await expect(cancelled.result()).rejects.toThrow();
    expect(await of(cancelled)).toEqual([]);
    await harness.play({}, async () => {
      const whole = await harness.start({ rows: 2 });
      await whole.result();
      expect(await of(whole)).toEqual([['batch.completed', true]]);
    });
  }));

const refusal = submitFailure({ kind: 'quota', outcome: 'refused', billed: 'no' });
let mostAtOnce = 0;

/**
 * A video takes twice this. It must not end when the partition's minute of quiet does: the time-skipping server loses a
 * workflow task that cancels a timer which has just fired (temporalio/sdk-java#3088).
 */
const pollMs = 25_000;

/** Counts how many videos are between submit and delivery. */
function timed(): Script {
  let atOnce = 0;
  mostAtOnce = 0;
  return {
    submit: async () => {
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      return accepted('task_1', await harness.now());
    },
    poll: async (_, count) => {
      if (count % 3 !== 0) throw pending(pollMs);
      atOnce -= 1;
      return { state: 'succeeded', askedAt: await harness.now() };
    },
  };
}

function refuse(prompt: string, times = Number.POSITIVE_INFINITY): NonNullable<Script['submit']> {
  let refused = 0;
  return async (given) => {
    if (promptOf(given) !== prompt || refused >= times)
      return accepted('task_1', await harness.now());
    refused += 1;
    throw refusal;
  };
}

function loseFirst(): NonNullable<Script['submit']> {
  return async (given) => {
    if (promptOf(given) === 'row 1') throw submitFailure({});
    return accepted('task_1', await harness.now());
  };
}

function startVideo(workflowId: string, request: ReturnType<typeof rowRequest>) {
  return harness.bed.env.client.workflow.start('generateVideoWorkflow', {
    taskQueue: taskQueues.workflows,
    workflowId,
    args: [{ request }],
    memo: { requestDigest: requestDigest(request) },
  });
}

async function eventsOf(workflowId: string): Promise<number> {
  const { events } = await harness.bed.env.client.workflow.getHandle(workflowId).fetchHistory();
  return events?.length ?? 0;
}

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
