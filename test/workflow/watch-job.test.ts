import { describe, expect, test } from 'vitest';
import {
  accepted,
  failureOf,
  fakeActivities,
  hourMs,
  input,
  minuteMs,
  onePerFile,
  pending,
  start,
  startTestBed,
  submitFailure,
  untilStatus,
  type Script,
} from './harness.ts';

const bed = onePerFile(startTestBed);
const now = () => bed.env.currentTimeMs();
const fakes = (script?: Script) => fakeActivities(now, script);

describe('watching a job', () => {
  test('reports a failed job as failed, with its id and its billing status', async () => {
    const activities = fakes({
      poll: async () => ({
        state: 'failed',
        askedAt: await now(),
        failure: { kind: 'task_failed', message: 'moderated', notRefunded: true },
      }),
    });
    const failure = await bed.with(activities, async () =>
      failureOf((await start(bed.env)).result()),
    );
    expect(failure).toMatchObject({
      type: 'task_failed',
      details: [{ jobId: 'task_1', billed: 'yes', message: 'moderated' }],
    });
  });

  test('that was refunded ends with billed: no', async () => {
    const activities = fakes({
      poll: async () => ({
        state: 'failed',
        askedAt: await now(),
        failure: { kind: 'task_failed', message: 'moderated', billed: 'no' },
        charged: { quota: 0, money: 0 },
      }),
    });
    const failure = await bed.with(activities, async () =>
      failureOf((await start(bed.env)).result()),
    );
    expect(failure).toMatchObject({ type: 'task_failed', details: [{ billed: 'no' }] });
    expect(activities.polls.at(-1)?.claimKey).toBe(activities.submits[0]?.claimKey);
  });

  test('that was refunded ends with billed: maybe after an earlier submit with an unknown outcome', async () => {
    const activities = fakes({
      submit: async (_, count) => {
        if (count === 1) throw submitFailure({});
        return accepted('task_2', await now());
      },
      poll: async () => ({
        state: 'failed',
        askedAt: await now(),
        failure: { kind: 'task_failed', message: 'moderated', billed: 'no' },
      }),
    });
    const failure = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      await handle.executeUpdate('resolveSubmission', { args: [{ action: 'resubmit' }] });
      return failureOf(handle.result());
    });
    expect(failure).toMatchObject({ type: 'task_failed', details: [{ billed: 'maybe' }] });
  });

  test('that was refunded ends with billed: maybe if the claim records an earlier submit with an unknown outcome', async () => {
    const activities = fakes({
      submit: async () => ({ ...accepted('task_2', await now()), billedBefore: 'maybe' }),
      poll: async () => ({
        state: 'failed',
        askedAt: await now(),
        failure: { kind: 'task_failed', message: 'moderated', billed: 'no' },
      }),
    });
    const failure = await bed.with(activities, async () =>
      failureOf((await start(bed.env)).result()),
    );
    expect(failure).toMatchObject({ type: 'task_failed', details: [{ billed: 'maybe' }] });
  });

  test('passes the charge on to the delivery', async () => {
    const charged = { quota: 70_000, money: 0.14 };
    const activities = fakes({
      poll: async () => ({ state: 'succeeded', askedAt: await now(), charged }),
    });
    await bed.with(activities, async () => (await start(bed.env)).result());
    expect(activities.deliveries).toMatchObject([{ charged }]);
  });

  test('is overdue, not failed, after its deadline, and delivers a late video', async () => {
    const submittedAt = await now();
    const activities = fakes({
      submit: () => accepted('task_late', submittedAt),
      poll: async () => {
        const askedAt = await now();
        if (askedAt < submittedAt + 23 * hourMs) throw pending(10 * minuteMs);
        return { state: 'succeeded', askedAt };
      },
    });
    const result = await bed.with(activities, async () => {
      const handle = await start(bed.env, { ...input, deadlineMs: 20 * minuteMs });
      return handle.result();
    });
    expect(result.jobId).toBe('task_late');
    expect(activities.submits).toHaveLength(1);
    expect(activities.polls.some((poll) => poll.overdue === true)).toBe(true);
  });

  test('ends as deadline, billed: maybe, only long after the 24 h in which the gateway ends each job', async () => {
    const submittedAt = await now();
    const activities = fakes({
      submit: () => accepted('task_gone', submittedAt),
      poll: () => Promise.reject(pending(10 * minuteMs)),
    });
    const failure = await bed.with(activities, async () =>
      failureOf((await start(bed.env)).result()),
    );
    expect(failure).toMatchObject({
      type: 'deadline',
      details: [{ billed: 'maybe', jobId: 'task_gone' }],
    });
    expect((await now()) - submittedAt).toBeGreaterThan(25 * hourMs);
  });

  test.each([
    ['task_not_found', 'task_not_found', 'yes', /"no such task" and gave no verdict .*charged/],
    ['other_key', 'task_not_found', 'yes', /not the one that paid .*charged/],
    ['other_account', 'deadline', 'maybe', /of the account that paid .*charged/],
  ] as const)('that ends while %s is reported is %s, and never before 24 h', async (...row) => {
    const [attention, type, billed, message] = row;
    const submittedAt = await now();
    const account = { gateway: 'https://gateway.test', keyDigest: 'a1' };
    const activities = fakes({
      submit: () => ({ ...accepted('task_gone', submittedAt), account }),
      poll: async ({ seen }) => {
        if (seen?.attention === attention) throw pending(10 * minuteMs);
        return { state: 'running', attention, askedAt: await now() };
      },
    });
    const failure = await bed.with(activities, async () =>
      failureOf((await start(bed.env)).result()),
    );
    expect(failure).toMatchObject({
      type,
      details: [{ billed, jobId: 'task_gone', message: expect.stringMatching(message) }],
    });
    expect((await now()) - submittedAt).toBeGreaterThan(25 * hourMs);
    expect(activities.polls.every((poll) => poll.account?.keyDigest === 'a1')).toBe(true);
  });

  test('costs at most 30 events + 7 per change, however long the job takes', async () => {
    const submittedAt = await now();
    const changes = 5;
    const activities = fakes({
      submit: () => accepted('task_long', submittedAt),
      poll: async (given) => {
        const askedAt = await now();
        const percent = given.seen?.progressPercent ?? 0;
        if (askedAt < (given.seen?.askedAt ?? submittedAt) + 4 * minuteMs) throw pending(15_000);
        if (percent >= 10 * (changes - 1))
          return { state: 'succeeded', progressPercent: 100, askedAt };
        return { state: 'running', progressPercent: percent + 10, askedAt };
      },
    });
    const events = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await handle.result();
      return (await handle.fetchHistory()).events?.length ?? 0;
    });
    expect(activities.polls.length).toBeGreaterThan(60);
    expect(events).toBeLessThanOrEqual(39 + 7 * changes);
  });
});
