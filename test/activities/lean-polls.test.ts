import type { Info } from '@temporalio/activity';
import { describe, expect, test } from 'vitest';
import { createAwaitVideoChange } from '../../src/activities/watch/await-video-change.ts';
import type { PollPlans } from '../../src/activities/watch/poll-plans.ts';
import type { AwaitVideoChangeInput } from '../../src/contract/activities.ts';
import type { AdmissionActivities } from '../../src/contract/admission.ts';
import { toldPollMs } from '../../src/contract/poll-delay.ts';
import type { JobStatus } from '../../src/gateway/gateway.ts';
import { activityHarness, failureOf } from '../fakes/activity-harness.ts';
import { createFakeGateway, jobStatus, type Scripted } from '../fakes/fake-gateway.ts';
import { account } from '../fakes/gateway-account.ts';
import { badKey, beatMs, queued, running, succeeded, t0, unknownWord } from './watch-harness.ts';

type Leave = AdmissionActivities['leaveAdmission'];

interface Setting {
  input?: Partial<AwaitVideoChangeInput>;
  leave?: Leave;
  plans?: Pick<PollPlans, 'planOf'>;
}

/** One worker that polls a job attempt by attempt. */
function worker(answers: Scripted<JobStatus>[], { input, leave, plans }: Setting = {}) {
  const gateway = createFakeGateway({ status: { generations: answers, videos: answers } });
  let now = t0;
  const awaitVideoChange = createAwaitVideoChange({
    gateway,
    claims: { charge: async () => {} },
    account,
    schedule: plans ? 'learned' : 'beat',
    ...(plans && { plans }),
    speed: 1,
    now: () => now,
    random: () => 0,
    ...(leave && { leave }),
  });
  const poll = (sinceSubmitMs: number, info: Partial<Info> = { attempt: 2 }) => {
    now = t0 + sinceSubmitMs;
    const harness = activityHarness(info);
    return harness.run(awaitVideoChange, {
      job: { format: 'generations', jobId: 'task_1' },
      submittedAt: t0,
      endOnly: true,
      ...input,
    });
  };
  return { poll, gateway };
}

const detailsOf = async (outcome: Promise<unknown>): Promise<unknown> =>
  (await failureOf(outcome)).details?.[0];

describe('a poll for a run that spends few actions', () => {
  test('returns nothing while the job moves on, and leaves the progress to clients', async () => {
    const { poll } = worker([queued, running(10), running(60), running(40)]);
    expect(await detailsOf(poll(beatMs))).toEqual({ progress: { state: 'queued' } });
    const seen = [];
    for (const beat of [2, 3, 4]) seen.push(await detailsOf(poll(beat * beatMs)));
    expect(seen).toEqual([
      { progress: { state: 'running', progressPercent: 10 } },
      { progress: { state: 'running', progressPercent: 60 } },
      { progress: { state: 'running', progressPercent: 60 } },
    ]);
  });

  test('that fails has the progress of the last one beside its reason', async () => {
    const { poll } = worker([running(30), badKey]);
    await failureOf(poll(beatMs));
    const { attention } = await poll(2 * beatMs);
    expect(attention).toBe('auth');
    const said = worker([running(30), badKey], {
      input: { seen: { state: 'running', attention: 'auth', askedAt: t0 } },
    });
    await said.poll(beatMs);
    expect(await detailsOf(said.poll(2 * beatMs))).toMatchObject({
      failure: { kind: 'auth' },
      progress: { state: 'running', progressPercent: 30 },
    });
  });

  test.each([
    ['the end', succeeded, { state: 'succeeded' }],
    ['a word that it does not know', jobStatus({ state: 'running', unknownWord: 'baking' }), {}],
    ['a refused key', badKey, { attention: 'auth' }],
  ])('returns %s', async (_name, answer, wanted) => {
    const { poll } = worker([answer]);
    expect(await poll(beatMs)).toMatchObject(wanted);
  });

  test('reports a job that gives no state for a while', async () => {
    const { poll } = worker([unknownWord], {
      input: { seen: { state: 'queued', attention: 'status_unknown', askedAt: t0 } },
    });
    expect(await detailsOf(poll(beatMs))).toEqual({ progress: { state: 'queued' } });
  });

  test('doubts the route of a job that has not moved for three minutes, not one that moves', async () => {
    const input: Setting['input'] = { job: { format: 'videos', jobId: 'task_1' } };
    const still = worker([running(10)], { input });
    const moving = worker([running(10), running(90)], { input });
    for (const { poll } of [still, moving]) await failureOf(poll(beatMs));
    await failureOf(still.poll(14 * beatMs));
    await failureOf(moving.poll(12 * beatMs));
    await failureOf(moving.poll(14 * beatMs));
    expect(still.gateway.asked.at(-1)?.format).toBe('generations');
    expect(moving.gateway.asked.every(({ format }) => format === 'videos')).toBe(true);
  });
});

describe('an attempt that was reset', () => {
  const reset = { scheduledTimestampMs: 1_000, currentAttemptScheduledTimestampMs: 9_000 };

  test('polls at once, and again after one beat', async () => {
    const { poll, gateway } = worker([running()], { input: { told: true } });
    const { nextRetryDelay } = await failureOf(poll(2_000, { attempt: 1, ...reset }));
    expect(gateway.asked).toHaveLength(1);
    expect(nextRetryDelay).toBe(beatMs);
  });

  test('is no first attempt, which waits', async () => {
    const { poll, gateway } = worker([running()]);
    const first = { attempt: 1, scheduledTimestampMs: 1_000 };
    await failureOf(poll(2_000, { ...first, currentAttemptScheduledTimestampMs: 1_100 }));
    expect(gateway.asked).toEqual([]);
  });
});

describe('a job of which the gateway reports the end', () => {
  test('is polled every minute, in case that the report is lost', async () => {
    const { poll } = worker([running()], { input: { told: true } });
    const first = await failureOf(poll(0, { attempt: 1 }));
    const later = await failureOf(poll(toldPollMs));
    expect([first, later].map(({ nextRetryDelay }) => nextRetryDelay)).toEqual([
      toldPollMs,
      toldPollMs,
    ]);
  });

  test('is polled once nine of ten such jobs are over, if that is known', async () => {
    const plans = { planOf: async () => ({ pollsMs: [45_000, 118_000], lateMs: 160_000 }) };
    const input = { told: true, model: 'kling-v1', timing: {} } as const;
    const { poll } = worker([running()], { input, plans });
    const delays = [];
    const limit = { scheduledTimestampMs: t0, scheduleToCloseTimeoutMs: 3_600_000 };
    delays.push((await failureOf(poll(0, { attempt: 1, ...limit }))).nextRetryDelay);
    delays.push((await failureOf(poll(175_000, { attempt: 2, ...limit }))).nextRetryDelay);
    expect(delays).toEqual([175_000, toldPollMs]);
  });

  test('is polled every minute if it should be over only after its deadline', async () => {
    const plans = { planOf: async () => ({ pollsMs: [45_000, 118_000], lateMs: 160_000 }) };
    const input = { told: true, model: 'kling-v1', timing: {} } as const;
    const { poll } = worker([running()], { input, plans });
    const info = { attempt: 1, scheduledTimestampMs: t0, scheduleToCloseTimeoutMs: 150_000 };
    expect((await failureOf(poll(0, info))).nextRetryDelay).toBe(toldPollMs);
  });

  test('is polled as any other one once it is overdue', async () => {
    const { poll } = worker([running()], { input: { told: true, overdue: true } });
    expect((await failureOf(poll(6 * 3_600_000))).nextRetryDelay).toBe(600_000);
  });
});

describe('the slot of a job that has succeeded', () => {
  const slot = { admissionId: 'admission/a' };

  test('is released by the poll', async () => {
    const left: Parameters<Leave>[0][] = [];
    const leave: Leave = async (given) => void left.push(given);
    const { poll } = worker([succeeded], { input: { slot }, leave });
    expect(await poll(beatMs)).toMatchObject({ state: 'succeeded', slotReleased: true });
    expect(left).toEqual([{ ...slot, ending: 'made' }]);
  });

  test.each([
    ['by a poll of a job that runs', running(50), { slot }],
    ['if there is none', succeeded, {}],
  ])('is not released %s', async (_name, answer, input) => {
    let calls = 0;
    const leave: Leave = async () => void (calls += 1);
    const { poll } = worker([answer], { input, leave });
    await poll(beatMs).catch(() => {});
    expect(calls).toBe(0);
  });

  test('is left to the workflow if the admission cannot be reached', async () => {
    const leave: Leave = () => Promise.reject(new Error('No server'));
    const { poll } = worker([succeeded], { input: { slot }, leave });
    expect(await poll(beatMs)).not.toHaveProperty('slotReleased');
  });
});
