import { describe, expect, test } from 'vitest';
import type { JobStatus } from '../../src/gateway/gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { failureOf } from '../fakes/activity-harness.ts';
import { jobStatus } from '../fakes/fake-gateway.ts';
import {
  badKey,
  failed,
  failedWithoutReason,
  noNews,
  notFound,
  running,
  succeeded,
  t0,
  unreachable,
  watchOnce,
  type WatchSetting,
} from './watch-harness.ts';

describe('the second opinion of the generations route', () => {
  const stale = {
    attempt: 2,
    input: { seen: { state: 'running', progressPercent: 40, askedAt: t0 } },
  } as const;

  test.each([
    ['a body without news', [noNews], {}],
    ['100 % without an end', [running(100)], {}],
    ['a word we do not know', [jobStatus({ state: 'running', unknownWord: 'dreaming' })], {}],
    ['nothing new for a long time', [running(40)], stale],
  ])('is asked for on %s, and its verdict counts', async (_name, videos, setting) => {
    for (const verdict of [succeeded, failed]) {
      const { outcome, gateway } = watchOnce({ ...setting, videos, generations: [verdict] });
      expect((await outcome).state).toBe(verdict.state);
      expect(gateway.asked.map(({ format }) => format)).toEqual(['videos', 'generations']);
    }
  });

  test('is not asked for while the own route brings news', async () => {
    const { outcome, gateway } = watchOnce({ videos: [running(50)], generations: [succeeded] });
    expect((await outcome).state).toBe('running');
    expect(gateway.asked).toHaveLength(1);
  });

  test('is asked for on every second attempt only, when nothing is new for long', async () => {
    const setting = { ...stale, attempt: 3, videos: [running(40)], generations: [succeeded] };
    const { outcome, gateway } = watchOnce(setting);
    expect((await failureOf(outcome)).type).toBe('VideoPending');
    expect(gateway.asked).toHaveLength(1);
  });

  test('gives the reason of a failure that came without one', async () => {
    const { outcome } = watchOnce({ videos: [failedWithoutReason], generations: [failed] });
    expect(await outcome).toMatchObject({ state: 'failed', failure: failed.failure });
  });

  test('saves a job that the own route calls failed without a reason', async () => {
    const { outcome } = watchOnce({ videos: [failedWithoutReason], generations: [succeeded] });
    expect((await outcome).state).toBe('succeeded');
  });

  test('that is no verdict leaves the first answer standing', async () => {
    const pairs: [JobStatus, JobStatus | GatewayError][] = [
      [noNews, noNews],
      [noNews, unreachable],
      [noNews, running(90)],
    ];
    for (const [own, other] of pairs) {
      const { outcome } = watchOnce({ videos: [own], generations: [other] });
      expect((await failureOf(outcome)).type).toBe('VideoPending');
    }
  });
});

describe('the other route, while the own one answers with an error,', () => {
  const broken = new GatewayError('gateway_unavailable', 'The answer was 500', { httpStatus: 500 });
  const limited = new GatewayError('rate_limited', 'Slow down', { httpStatus: 429 });
  const afterError = {
    attempt: 3,
    memory: { notFoundInARow: 0, unreachableInARow: 1, unknownInARow: 0 },
  };
  const afterNotFound = {
    attempt: 3,
    memory: { notFoundInARow: 1, unreachableInARow: 0, unknownInARow: 0 },
  };
  const ofGenerations: WatchSetting['input'] = { job: { format: 'generations', jobId: 'task_1' } };

  test.each<[string, GatewayError, WatchSetting]>([
    ['the first 5xx', broken, {}],
    ['a second poll without an answer', unreachable, afterError],
    ['a second "no such task"', notFound, afterNotFound],
  ])('is asked on %s, and its verdict counts', async (_name, error, setting) => {
    for (const verdict of [succeeded, failed]) {
      const ofVideos = watchOnce({ ...setting, videos: [error], generations: [verdict] });
      expect((await ofVideos.outcome).state).toBe(verdict.state);
      const input = ofGenerations;
      const answers = { generations: [error], videos: [verdict] };
      const { outcome, gateway } = watchOnce({ ...setting, ...answers, input });
      expect((await outcome).state).toBe(verdict.state);
      expect(gateway.asked.map(({ format }) => format)).toEqual(['generations', 'videos']);
    }
  });

  test.each<[string, GatewayError, WatchSetting]>([
    ['a single poll without an answer', unreachable, { attempt: 3 }],
    ['a single "no such task"', notFound, { attempt: 3 }],
    ['a limit, however often', limited, afterError],
    ['a refused key', badKey, afterError],
  ])('is not asked on %s', async (_name, error, setting) => {
    const { outcome, gateway } = watchOnce({ ...setting, videos: [error], generations: [failed] });
    await outcome.catch(() => null);
    expect(gateway.asked).toHaveLength(1);
  });

  test('leaves the error standing and counted where it has no verdict either', async () => {
    for (const other of [running(50), noNews, notFound, unreachable]) {
      const answers = { videos: [broken], generations: [other] };
      const { outcome, harness } = watchOnce({ ...afterError, ...answers });
      expect(await failureOf(outcome)).toMatchObject({
        type: 'VideoPending',
        message: expect.stringContaining('500'),
      });
      expect(harness.heartbeats.at(-1)).toMatchObject({ unreachableInARow: 2 });
    }
  });
});

describe('the second opinion of the videos route, for a job of the generations route,', () => {
  const input: WatchSetting['input'] = {
    job: { format: 'generations', jobId: 'task_1' },
    seen: { state: 'running', progressPercent: 99, askedAt: t0 },
  };

  test.each([
    ['an answer without a status word', noNews],
    ['100 % without an end', running(100)],
  ])('is asked for on %s, and its verdict counts', async (_name, own) => {
    const { outcome } = watchOnce({ input, generations: [own], videos: [succeeded] });
    expect((await outcome).state).toBe('succeeded');
  });

  test('fails no job that the generations route calls running', async () => {
    const { outcome } = watchOnce({ input, generations: [running(100)], videos: [failed] });
    expect((await failureOf(outcome)).type).toBe('VideoPending');
  });

  test('is not asked for while the generations route names a state', async () => {
    const word = jobStatus({ state: 'running', rawStatus: 'hm', unknownWord: 'hm' });
    for (const own of [running(50), word, failedWithoutReason]) {
      const { outcome, gateway } = watchOnce({
        attempt: 2,
        input,
        generations: [own],
        videos: [succeeded],
      });
      await outcome.catch(() => null);
      expect(gateway.asked).toHaveLength(1);
    }
  });
});
