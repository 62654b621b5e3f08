import { ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { JobProgress } from '../../src/contract/video-job.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { failureOf } from '../fakes/activity-harness.ts';
import { jobStatus } from '../fakes/fake-gateway.ts';
import {
  beatMs,
  failed,
  queued,
  running,
  succeeded,
  t0,
  unreachable,
  watchAll,
  watchOnce,
  type WatchSetting,
} from './watch-harness.ts';

const seenAt = (sinceSubmitMs: number, more: Partial<JobProgress> = {}): JobProgress => ({
  state: 'running',
  askedAt: t0 + sinceSubmitMs,
  ...more,
});

describe('before its time', () => {
  test('a new watch waits the rest of the delay and asks nothing', async () => {
    const { outcome, gateway } = watchOnce({ generations: [running()], sinceSubmitMs: 4_000 });
    const failure = await failureOf(outcome);
    expect(failure).toMatchObject({ type: 'VideoPending', nextRetryDelay: beatMs - 4_000 });
    expect(gateway.asked).toEqual([]);
  });

  test('the delay counts from the last question, not from the submit', async () => {
    const { outcome, gateway } = watchOnce({
      generations: [running()],
      sinceSubmitMs: 100_000,
      input: { seen: seenAt(98_000) },
    });
    expect((await failureOf(outcome)).nextRetryDelay).toBe(beatMs - 2_000);
    expect(gateway.asked).toEqual([]);
  });

  test.each([
    ['a signal', { input: { askNow: true } }],
    ['a later attempt, which the server has already delayed', { attempt: 2 }],
    ['a time that is all but over', { sinceSubmitMs: beatMs - 20 }],
  ] satisfies [string, WatchSetting][])('%s asks at once', async (_name, setting) => {
    const { outcome, gateway } = watchOnce({
      generations: [running()],
      sinceSubmitMs: 1_000,
      ...setting,
    });
    expect((await outcome).state).toBe('running');
    expect(gateway.asked).toHaveLength(1);
  });

  test('a faster gateway is asked faster', async () => {
    const { outcome } = watchOnce({ generations: [queued], sinceSubmitMs: 0, speed: 20 });
    expect((await failureOf(outcome)).nextRetryDelay).toBe(beatMs / 20);
  });
});

describe('no change', () => {
  test('is a benign failure that counts as none and comes again after the delay', async () => {
    const { outcome } = watchOnce({ generations: [queued], sinceSubmitMs: 20_000, attempt: 2 });
    expect(await failureOf(outcome)).toMatchObject({
      type: 'VideoPending',
      category: ApplicationFailureCategory.BENIGN,
      nonRetryable: false,
      nextRetryDelay: beatMs,
    });
  });

  test.each([
    ['within 10 minutes', 20_000, {}, beatMs],
    ['after 10 minutes', 700_000, {}, 30_000],
    ['overdue within the first hour', 2_000_000, { overdue: true }, 60_000],
    ['overdue after an hour', 4_000_000, { overdue: true }, 300_000],
    ['overdue after six hours', 22_000_000, { overdue: true }, 600_000],
  ])('%s keeps to the schedule', async (_name, sinceSubmitMs, given, expected) => {
    const { outcome } = watchOnce({
      generations: [queued],
      sinceSubmitMs,
      attempt: 3,
      input: given,
    });
    expect((await failureOf(outcome)).nextRetryDelay).toBe(expected);
  });

  test('is spread by up to a fifth', async () => {
    const { outcome } = watchOnce({ generations: [queued], attempt: 2, jitter: 0.5 });
    expect((await failureOf(outcome)).nextRetryDelay).toBe(33_000);
  });

  test('Retry-After wins where it is longer than the schedule', async () => {
    const delays = [90_000, 1].map(async (retryAfterMs) => {
      const limit = new GatewayError('rate_limited', 'Slow down', { retryAfterMs });
      const { outcome } = watchOnce({ generations: [limit], sinceSubmitMs: 20_000, attempt: 2 });
      return (await failureOf(outcome)).nextRetryDelay;
    });
    expect(await Promise.all(delays)).toEqual([90_000, beatMs]);
  });

  test('stays far below the 4 KB that the server keeps', async () => {
    const longWord = jobStatus({ state: 'queued', rawStatus: 'q'.repeat(100_000) });
    const { outcome } = watchOnce({ generations: [longWord], attempt: 2 });
    expect(JSON.stringify(await failureOf(outcome)).length).toBeLessThan(4_000);
  });
});

describe('a change', () => {
  test('of the state is returned with the moment of the question', async () => {
    const { outcome, now } = watchOnce({ generations: [running()] });
    expect(await outcome).toEqual({ state: 'running', askedAt: now });
  });

  test('of the progress counts from 10 % on', async () => {
    const percents = [9, 10, 19].map(async (percent) => {
      const setting = { generations: [running(percent)], input: { seen: seenAt(0) } };
      return (await watchOnce(setting).outcome.catch(() => null))?.progressPercent;
    });
    expect(await Promise.all(percents)).toEqual([undefined, 10, 19]);
  });

  test('of the progress is counted in steps, not from the last one seen', async () => {
    const seen = seenAt(0, { progressPercent: 19 });
    const { outcome } = watchOnce({ generations: [running(20)], input: { seen } });
    expect((await outcome).progressPercent).toBe(20);
  });

  test('to success means 100 %, and before it never', async () => {
    const percents = [running(100), succeeded].map(async (answer) => {
      const seen = seenAt(0, { progressPercent: 50 });
      return (await watchOnce({ generations: [answer], input: { seen } }).outcome).progressPercent;
    });
    expect(await Promise.all(percents)).toEqual([99, 100]);
  });

  test('carries no address: links are secrets and expire', async () => {
    const progress = await watchOnce({ generations: [succeeded] }).outcome;
    expect(JSON.stringify(progress)).not.toMatch(/media\.example|signature/);
  });

  test('to failed is returned, not thrown, with what the gateway said', async () => {
    const progress = await watchOnce({ generations: [failed] }).outcome;
    expect(progress).toMatchObject({ state: 'failed', failure: failed.failure });
  });

  test('never goes back: neither the state nor the progress', async () => {
    const seen = seenAt(0, { progressPercent: 40 });
    const { outcome } = watchOnce({ generations: [queued], attempt: 2, input: { seen } });
    expect((await failureOf(outcome)).type).toBe('VideoPending');
    const returned = await watchAll([running(40), running(10), queued, running(70)]);
    expect(returned.map(({ state, progressPercent }) => [state, progressPercent])).toEqual([
      ['running', 40],
      ['running', 70],
    ]);
  });
});

describe('a word that is not in our table', () => {
  const mystery = jobStatus({ state: 'running', rawStatus: 'dreaming', unknownWord: 'dreaming' });

  test('is no verdict, and is named', async () => {
    expect(await watchOnce({ generations: [mystery] }).outcome).toMatchObject({
      state: 'running',
      unknownWord: 'dreaming',
    });
  });

  test('is told once', async () => {
    const returned = await watchAll([mystery, mystery, mystery, running()]);
    expect(returned.map((progress) => progress.unknownWord)).toEqual(['dreaming', undefined]);
  });
});

test('a cancellation ends the question as cancelled, not as a failure of the gateway', async () => {
  const { outcome, harness } = watchOnce({
    generations: [
      async () => {
        await Promise.resolve();
        harness.cancel();
        throw unreachable;
      },
    ],
  });
  await expect(outcome).rejects.toBeInstanceOf(CancelledFailure);
});

test('an error that is not of the gateway is thrown as it is', async () => {
  const bug = new TypeError('a bug of ours');
  await expect(watchOnce({ generations: [bug] }).outcome).rejects.toBe(bug);
});
