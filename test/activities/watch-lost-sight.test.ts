import { describe, expect, test } from 'vitest';
import type { JobProgress } from '../../src/contract/video-job.ts';
import { failureOf } from '../fakes/activity-harness.ts';
import { account } from '../fakes/gateway-account.ts';
import {
  notFound,
  queued,
  running,
  succeeded,
  t0,
  unreachable,
  watchAll,
  watchOnce,
} from './watch-harness.ts';

const attentions = (returned: JobProgress[]) => returned.map(({ attention }) => attention);
const times = <T>(count: number, answer: T): T[] => Array.from({ length: count }, () => answer);

describe('"no such task"', () => {
  test.each([1, 2])('said %i times in a row is not believed, however late', async (count) => {
    const answers = [...times(count, notFound), running()];
    expect(await watchAll(answers)).toMatchObject([{ state: 'running' }]);
  });

  test('is reported from the third time in a row, and never fails a paid job', async () => {
    const returned = await watchAll([running(20), ...times(500, notFound), running(30), succeeded]);
    expect(returned).toMatchObject([
      { state: 'running', progressPercent: 20 },
      { state: 'running', progressPercent: 20, attention: 'task_not_found' },
      { state: 'running', progressPercent: 30 },
      { state: 'succeeded' },
    ]);
    expect(returned[2]).not.toHaveProperty('attention');
  });

  test('once reported is asked as slowly as an overdue job', async () => {
    const seen: JobProgress = { state: 'running', attention: 'task_not_found', askedAt: t0 };
    const { outcome } = watchOnce({
      generations: [notFound],
      sinceSubmitMs: 20_000,
      attempt: 2,
      memory: { notFoundInARow: 3, unreachableInARow: 0, unknownInARow: 0 },
      input: { seen },
    });
    expect((await failureOf(outcome)).nextRetryDelay).toBe(60_000);
  });

  test('to another key than the one that paid is reported as that', async () => {
    const input = { account: { ...account, keyDigest: 'paid' } };
    const returned = await watchAll([running(20), ...times(10, notFound)], { input });
    expect(attentions(returned)).toEqual([undefined, 'other_key']);
  });

  test('is counted from zero after any other answer, also a faulty one', async () => {
    const memory = { notFoundInARow: 2, unreachableInARow: 0, unknownInARow: 0 };
    for (const answer of [queued, unreachable]) {
      const { outcome, harness } = watchOnce({ generations: [answer], attempt: 3, memory });
      await outcome.catch(() => null);
      expect(harness.heartbeats.at(-1)).toMatchObject({ notFoundInARow: 0 });
    }
  });

  test.each([['nonsense'], [{ notFoundInARow: 'two' }], [null]])(
    'counts from zero where an older worker left %j',
    async (memory) => {
      const { outcome } = watchOnce({ generations: [notFound], attempt: 3, memory });
      expect((await failureOf(outcome)).type).toBe('VideoPending');
    },
  );
});

describe('a worker with the API key of another account', () => {
  const other = {
    account: { gateway: account.gateway, keyDigest: 'b2', name: 'red' },
    worker: { ...account, name: 'blue' },
  };

  test('does not poll, and reports it once', async () => {
    const asked = { input: { account: other.account }, worker: other.worker };
    const { outcome, gateway } = watchOnce({ ...asked, generations: [succeeded] });
    const seen = await outcome;
    expect(seen).toMatchObject({ state: 'queued', attention: 'other_account' });
    const again = watchOnce({ ...asked, input: { ...asked.input, seen }, attempt: 2 });
    expect(await failureOf(again.outcome)).toMatchObject({
      type: 'VideoPending',
      nextRetryDelay: 30_000,
    });
    expect([...gateway.asked, ...again.gateway.asked]).toEqual([]);
  });

  test('leaves the progress as it was, and the next worker of the right account goes on', async () => {
    const seen: JobProgress = { state: 'running', progressPercent: 40, askedAt: t0 };
    const input = { account: other.account, seen };
    const skipped = await watchOnce({ input, worker: other.worker }).outcome;
    expect(skipped).toMatchObject({
      ...seen,
      attention: 'other_account',
      askedAt: expect.any(Number),
    });
    const right = watchOnce({
      input: { ...input, seen: skipped },
      attempt: 2,
      worker: other.account,
      generations: [succeeded],
    });
    expect(await right.outcome).toMatchObject({ state: 'succeeded' });
    expect(await right.outcome).not.toHaveProperty('attention');
  });
});
