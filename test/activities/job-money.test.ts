import { describe, expect, test } from 'vitest';
import type { JobStatus } from '../../src/gateway/gateway.ts';
import { failureOf } from '../fakes/activity-harness.ts';
import { jobStatus } from '../fakes/fake-gateway.ts';
import { beatMs, failed, running, succeeded, watchAll, watchOnce } from './watch-harness.ts';

const of = (status: JobStatus, quota: number): JobStatus => ({ ...status, quota });
/** An attempt that `ResetActivity` has started. */
const reset = { scheduledTimestampMs: 1_000, currentAttemptScheduledTimestampMs: 9_000 };
const deleted = jobStatus({
  state: 'failed',
  failure: { kind: 'task_failed', message: 'Failed to get channel info', notRefunded: true },
});

describe('the quota of a failed job', () => {
  test('of 0 says that it was refunded', async () => {
    const [progress] = await watchAll([of(failed, 0)]);
    expect(progress).toMatchObject({ failure: { billed: 'no' }, charged: { quota: 0, money: 0 } });
  });

  test('is read again a beat later, since the refund follows the status', async () => {
    const { outcome, harness } = watchOnce({
      generations: [of(failed, 70_000)],
      attempt: 2,
      input: { overdue: true },
    });
    expect(await failureOf(outcome)).toMatchObject({
      type: 'VideoPending',
      nextRetryDelay: beatMs,
    });
    expect(harness.heartbeats.at(-1)).toHaveProperty('refundAwaitedAt');
    const returned = await watchAll([of(failed, 70_000), of(failed, 0)]);
    expect(returned).toMatchObject([{ state: 'failed', failure: { billed: 'no' } }]);
  });

  test('is awaited for the whole beat, also if an event starts the next attempt at once', async () => {
    const generations = [of(failed, 70_000)];
    const first = watchOnce({ generations, attempt: 2, sinceSubmitMs: 60_000 });
    await failureOf(first.outcome);
    const memory = first.harness.heartbeats.at(-1);
    const early = watchOnce({
      generations,
      attempt: 1,
      sinceSubmitMs: 61_000,
      memory,
      info: reset,
    });
    expect((await failureOf(early.outcome)).nextRetryDelay).toBe(beatMs - 1_000);
    const kept = early.harness.heartbeats.at(-1) ?? memory;
    const late = watchOnce({ generations, attempt: 2, sinceSubmitMs: 75_000, memory: kept });
    expect(await late.outcome).toMatchObject({ failure: { billed: 'maybe' } });
  });

  test('is decided at once if an older worker has waited', async () => {
    const memory = {
      notFoundInARow: 0,
      unreachableInARow: 0,
      unknownInARow: 0,
      refundAwaited: true,
    };
    const { outcome } = watchOnce({ generations: [of(failed, 70_000)], attempt: 2, memory });
    expect(await outcome).toMatchObject({ failure: { billed: 'maybe' } });
  });

  test('that stays says nothing: billed is maybe, and nothing is called charged', async () => {
    const [progress, ...more] = await watchAll([of(failed, 70_000), of(failed, 70_000)]);
    expect(more).toEqual([]);
    expect(progress).toMatchObject({ state: 'failed', failure: { billed: 'maybe' } });
    expect(progress).not.toHaveProperty('charged');
  });

  test('that stays where the channel was deleted says that it was kept', async () => {
    const [progress] = await watchAll([of(deleted, 150_000)]);
    expect(progress).toMatchObject({
      failure: { billed: 'yes' },
      charged: { quota: 150_000, money: 0.3 },
    });
  });

  test('is awaited no longer once the job succeeded after all', async () => {
    const returned = await watchAll([of(failed, 70_000), of(succeeded, 70_000)]);
    expect(returned.map(({ state }) => state)).toEqual(['succeeded']);
  });

  test('that no route shows leaves it open, at once', async () => {
    const [progress] = await watchAll([failed]);
    expect(progress?.failure).not.toHaveProperty('billed');
  });
});

describe('the price of a job that succeeded', () => {
  test('is its quota', async () => {
    const { outcome } = watchOnce({ generations: [of(succeeded, 70_000)] });
    expect(await outcome).toMatchObject({ charged: { quota: 70_000, money: 0.14 } });
  });

  test('is read from the generations route for jobs of the other one', async () => {
    const videos = [succeeded];
    const { outcome, gateway } = watchOnce({ videos, generations: [of(succeeded, 200_000)] });
    expect(await outcome).toMatchObject({ state: 'succeeded', charged: { quota: 200_000 } });
    expect(gateway.asked.map(({ format }) => format)).toEqual(['videos', 'generations']);
  });

  test('is not told while the job runs: what was taken first may be settled later', async () => {
    const { outcome } = watchOnce({ generations: [of(running(20), 70_000)] });
    expect(await outcome).not.toHaveProperty('charged');
  });

  test('goes into the claim of its submit, and into that of its key', async () => {
    const { outcome, charges } = watchOnce({
      generations: [of(succeeded, 70_000)],
      input: { claimKey: 'video/demo/resubmit-2' },
      info: { workflowExecution: { workflowId: 'video/demo', runId: 'run-1' } },
    });
    await outcome;
    const charge = { jobId: 'task_1', charged: { quota: 70_000, money: 0.14 } };
    expect(charges).toEqual([
      { claimKey: 'video/demo/resubmit-2', ...charge },
      { claimKey: 'video/demo', ...charge },
    ]);
  });

  test('goes into no claim where the run names none', async () => {
    const { outcome, charges } = watchOnce({ generations: [of(succeeded, 70_000)] });
    await outcome;
    expect(charges).toEqual([]);
  });
});
