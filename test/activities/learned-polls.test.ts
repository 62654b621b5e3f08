import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { withExpectedTime } from '../../src/activities/submit/expect-time.ts';
import { createPollPlans } from '../../src/activities/watch/poll-plans.ts';
import type { SubmittedVideo } from '../../src/contract/activities.ts';
import type { JobProgress } from '../../src/contract/video-job.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { failureOf } from '../fakes/activity-harness.ts';
import { jobStatus } from '../fakes/fake-gateway.ts';
import { account } from '../fakes/gateway-account.ts';
import {
  beatMs,
  noNews,
  running,
  succeeded,
  t0,
  unknownWord,
  watchOnce,
  type WatchSetting,
} from './watch-harness.ts';
import { input as submitInput } from './submit-harness.ts';

const durations = Array.from({ length: 20 }, (_, index) => 119_000 + 100 * index);
const nothing = { durationsMs: [], sameLength: false };
const known20 = { durationsMs: durations, sameLength: true };
const plans = createPollPlans({ timings: { known: async () => known20 }, speed: 1 });
const timing = { seconds: 5 };
const known: NonNullable<WatchSetting['input']> = { model: 'kling-v1', timing };

/** When the next poll is due, in seconds since the submit. */
async function nextPoll(setting: WatchSetting & { sinceSubmitMs: number }): Promise<number> {
  const { outcome } = watchOnce({ plans, generations: [running()], attempt: 2, ...setting });
  const { nextRetryDelay } = await failureOf(outcome);
  return (setting.sinceSubmitMs + Number(nextRetryDelay)) / 1_000;
}

describe('a job like earlier ones', () => {
  const seen = { state: 'running', askedAt: t0 } as const;

  test('is polled a few times early, then when the earlier ones were done', async () => {
    const input = { ...known, seen };
    const polls = [15_300, 45_300, 105_300].map((sinceSubmitMs) =>
      nextPoll({ input, sinceSubmitMs }),
    );
    const [second, third, planned = 0] = await Promise.all(polls);
    expect([second, third]).toEqual([45, 105]);
    expect(planned).toBeGreaterThan(120.9);
    expect(planned).toBeLessThan(125);
  });

  test('counts the wait of a new activity from the last poll', async () => {
    const input = { ...known, seen: { ...seen, askedAt: t0 + 45_300 } };
    expect(await nextPoll({ input, sinceSubmitMs: 50_000, attempt: 1 })).toBe(105);
  });

  test('is polled again after one beat if a poll fails', async () => {
    const down = new GatewayError('gateway_unavailable', 'No answer');
    const input = { ...known, seen };
    expect(await nextPoll({ input, sinceSubmitMs: 45_300, generations: [down] })).toBe(60.3);
  });

  test('is polled again after one beat if a poll is answered without a state', async () => {
    const input = { ...known, seen };
    for (const answer of [noNews, unknownWord]) {
      expect(await nextPoll({ input, sinceSubmitMs: 45_300, generations: [answer] })).toBe(60.3);
    }
  });

  test('is polled again after one beat if a wake by an event finds nothing new, then on the plan', async () => {
    const input = { ...known, seen, askNow: true } as const;
    expect(await nextPoll({ input, sinceSubmitMs: 30_000, attempt: 1 })).toBe(45);
    expect(await nextPoll({ input, sinceSubmitMs: 45_300, attempt: 1 })).toBe(60.3);
    expect(await nextPoll({ input, sinceSubmitMs: 60_300, attempt: 2 })).toBe(105);
  });

  test('is polled again after one beat if the last poll failed and was reported', async () => {
    const failure = { kind: 'gateway_unavailable', message: 'No answer', billed: 'yes' } as const;
    const failing = { failure, inARow: 4 };
    const askedAt = t0 + 45_300;
    const input = {
      ...known,
      seen: { ...seen, askedAt, attention: 'gateway_unavailable' as const, failing },
    };
    expect(await nextPoll({ input, sinceSubmitMs: 45_400, attempt: 1 })).toBe(60.3);
  });

  test('is tried again after one beat if the worker has the key of another account', async () => {
    const reported: JobProgress = { ...seen, attention: 'other_account' };
    const input = { ...known, account: { ...account, name: 'red' }, seen: reported };
    const worker = { ...account, keyDigest: 'b2', name: 'blue' };
    expect(await nextPoll({ input, worker, sinceSubmitMs: 45_300 })).toBe(60.3);
  });

  test('is polled as on beat where its submit time or its model is not known', async () => {
    const { timing: _timing, ...untimed } = { ...known, seen };
    const { model: _model, ...unnamed } = { ...known, seen };
    expect(await nextPoll({ input: untimed, sinceSubmitMs: 45_300 })).toBe(60.3);
    expect(await nextPoll({ input: unnamed, sinceSubmitMs: 45_300 })).toBe(60.3);
  });

  test('is looked up on the other route at each poll, where polls are rare and nothing has changed', async () => {
    const slow = { durationsMs: durations.map((ms) => ms * 5), sameLength: true };
    const rarely = createPollPlans({ timings: { known: async () => slow }, speed: 1 });
    const askedOf = async (of: typeof plans, sinceSubmitMs: number) => {
      const answers = { videos: [running()], generations: [running()] };
      const setting = {
        ...answers,
        plans: of,
        attempt: 3,
        sinceSubmitMs,
        input: { ...known, seen },
      };
      const { outcome, gateway } = watchOnce(setting);
      await failureOf(outcome);
      return gateway.asked.map(({ format }) => format);
    };
    expect(await askedOf(rarely, 225_300)).toEqual(['videos', 'generations']);
    expect(await askedOf(plans, 225_300)).toEqual(['videos']);
  });

  test('says at its end how long it took', async () => {
    const done = jobStatus({ ...succeeded, completedAt: t0 + 119_500 });
    const poll = { plans, generations: [done], sinceSubmitMs: 121_000, attempt: 2 };
    expect(await watchOnce({ ...poll, input: known }).outcome).toMatchObject({ jobMs: 119_500 });
    expect(await watchOnce(poll).outcome).not.toHaveProperty('jobMs');
  });
});

describe('the plans of a worker', () => {
  test('do not wait for a storage that does not answer', async () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const hanging = createPollPlans({ timings: { known: () => new Promise(() => {}) }, speed: 1 });
    const answers = [hanging.planOf({ model: 'm' }), hanging.expectedOf({ model: 'm' })];
    await vi.advanceTimersByTimeAsync(beatMs);
    expect(await Promise.all(answers)).toEqual([undefined, undefined]);
  });

  test('of a faster gateway are in its own time', async () => {
    const real = await plans.planOf({ model: 'm' });
    const short = durations.map((ms) => ms / 20);
    const fast = createPollPlans({
      timings: { known: async () => ({ durationsMs: short, sameLength: true }) },
      speed: 20,
    });
    expect(await fast.planOf({ model: 'm' })).toEqual(real);
    expect(await fast.expectedOf({ model: 'm' })).toEqual({
      fromMs: 5_960,
      typicalMs: 5_998,
      toMs: 6_036,
    });
  });
});

describe('the expected time of an accepted job', () => {
  const job: SubmittedVideo = {
    jobId: 'task_1',
    submittedAt: t0,
    warnings: [],
    deadlineMs: 60_000,
    foundInClaim: false,
  };

  test('comes with what it depends on, also for a job that a claim names', async () => {
    const submitVideo = withExpectedTime({ submitVideo: async () => job, plans });
    expect(await submitVideo(submitInput)).toEqual({
      ...job,
      timing: expect.any(Object),
      expected: { fromMs: 119_190, typicalMs: 119_950, toMs: 120_710 },
    });
  });

  test('is absent where too little is known, and for a stored video', async () => {
    const unknown = createPollPlans({ timings: { known: async () => nothing }, speed: 1 });
    const accepted = withExpectedTime({ submitVideo: async () => job, plans: unknown });
    expect(await accepted(submitInput)).not.toHaveProperty('expected');
    const stored = { ...job, stored: {} as NonNullable<SubmittedVideo['stored']> };
    const found = withExpectedTime({ submitVideo: async () => stored, plans });
    expect(await found(submitInput)).toEqual(stored);
  });

  test('is absent where only jobs of another length are known', async () => {
    const other = { durationsMs: durations, sameLength: false };
    const wider = createPollPlans({ timings: { known: async () => other }, speed: 1 });
    const accepted = withExpectedTime({ submitVideo: async () => job, plans: wider });
    expect(await accepted(submitInput)).not.toHaveProperty('expected');
    expect(await wider.planOf({ model: 'm' })).toBeDefined();
  });

  test('that cannot be had never costs the job', async () => {
    const expectedOf = () => Promise.reject(new Error('a mistake of ours'));
    const submitVideo = withExpectedTime({ submitVideo: async () => job, plans: { expectedOf } });
    expect(await submitVideo(submitInput)).toEqual(job);
  });
});
