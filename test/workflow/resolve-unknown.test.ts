import { describe, expect, test } from 'vitest';
import type { Reconciliation } from '../../src/contract/activities.ts';
import type { VideoStatus } from '../../src/contract/messages.ts';
import {
  accepted,
  failureOf,
  fakeActivities,
  minuteMs,
  nothingFound,
  onePerFile,
  pending,
  start,
  startTestBed,
  submitFailure,
  untilStatus,
  type Script,
} from './harness.ts';

const bed = onePerFile(startTestBed);
const fakes = (script: Script = {}) =>
  fakeActivities(() => bed.env.currentTimeMs(), {
    submit: () => Promise.reject(submitFailure({})),
    ...script,
  });

const lookedAt = (times: number, found: Reconciliation): Required<Script>['reconcile'] => {
  return (_, count) => (count < times ? nothingFound : found);
};

describe('a submit whose outcome is unknown', () => {
  test("adopts the only matching job in the gateway's log, with no second POST", async () => {
    const adopted = { jobId: 'task_found', submittedAt: await bed.env.currentTimeMs() };
    const activities = fakes({ reconcile: lookedAt(3, { ...nothingFound, adopted }) });
    const result = await bed.with(activities, async () => (await start(bed.env)).result());
    expect(result.jobId).toBe('task_found');
    expect(activities.submits).toHaveLength(1);
  });

  test('is sent again under the same claim if the records prove that nothing was billed', async () => {
    const activities = fakes({
      submit: async (_, count) => {
        if (count === 1) throw submitFailure({});
        return accepted('task_second', await bed.env.currentTimeMs());
      },
      reconcile: lookedAt(3, { ...nothingFound, notBilled: true }),
    });
    const result = await bed.with(activities, async () => (await start(bed.env)).result());
    expect(result.jobId).toBe('task_second');
    expect(new Set(activities.submits.map(({ claimKey }) => claimKey)).size).toBe(1);
  });

  test('is sent again after a back-off, a bounded number of times, if each fault is proved to be free of charge', async () => {
    const times: number[] = [];
    const activities = fakes({
      submit: async () => {
        times.push(await bed.env.currentTimeMs());
        throw submitFailure({ requestId: `r${times.length}`, httpStatus: 500 });
      },
      reconcile: () => ({ ...nothingFound, notBilled: true }),
    });
    const failure = await bed.with(activities, async () =>
      failureOf((await start(bed.env)).result()),
    );
    expect(failure.details?.[0]).toMatchObject({ kind: 'no_channel', billed: 'no' });
    expect(times).toHaveLength(13);
    const waits = times.slice(1).map((time, nth) => time - (times[nth] ?? 0));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(10_000);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(300_000);
    expect(activities.looks.map(({ answer }) => answer?.requestId)).toEqual(
      times.map((_, nth) => `r${nth + 1}`),
    );
  });

  test('reports a decision that waits for a lookup to end, and follows it then', async () => {
    let endLookup = () => {};
    const lookup = new Promise<Reconciliation>((resolve) => {
      endLookup = () => resolve(nothingFound);
    });
    const activities = fakes({ reconcile: () => lookup });
    const failure = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, () => activities.looks.length > 0);
      await handle.executeUpdate('resolveSubmission', { args: [{ action: 'abandon' }] });
      const status = await handle.query<VideoStatus>('videoStatus');
      expect(status).toMatchObject({ phase: 'unresolved', unresolved: { decided: 'abandon' } });
      endLookup();
      return failureOf(handle.result());
    });
    expect(failure.details?.[0]).toMatchObject({ kind: 'abandoned', billed: 'maybe' });
  });

  test('is not decided by a decision about another submit', async () => {
    const activities = fakes();
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      const { unresolved } = await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      const decide = (since?: string) =>
        handle.executeUpdate('resolveSubmission', { args: [{ action: 'resubmit', since }] });
      const refused = await decide('2026-01-01T00:00:00.000Z').catch((error: unknown) => error);
      expect((refused as Error).cause).toMatchObject({
        message: expect.stringContaining('another submit is unresolved now') as string,
      });
      await decide(unresolved?.since);
      const isNext = (since?: string) => since !== undefined && since !== unresolved?.since;
      await untilStatus(handle, (status) => isNext(status.unresolved?.since));
      await expect(decide(unresolved?.since)).rejects.toThrow();
      await handle.terminate();
    });
    expect(activities.submits).toHaveLength(2);
  });

  test('with a proved charge reports billed: yes, also after a person abandoned it', async () => {
    const activities = fakes({ reconcile: () => ({ ...nothingFound, billed: 'yes' }) });
    const failure = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ billed }) => billed === 'yes');
      await handle.executeUpdate('resolveSubmission', { args: [{ action: 'abandon' }] });
      return failureOf(handle.result());
    });
    expect(failure.details?.[0]).toMatchObject({ kind: 'abandoned', billed: 'yes' });
  });

  test('is searched for outside the schedule for an hour if a source could not be read', async () => {
    const activities = fakes({
      reconcile: () => ({ ...nothingFound, lookAgainInMs: 120_000 }),
    });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      await bed.env.sleep('59m');
      const inTheFirstHour = activities.looks.length;
      await bed.env.sleep('3h');
      // Every two minutes, and then as planned: after 1 h and 4 h.
      expect(inTheFirstHour).toBeGreaterThanOrEqual(25);
      expect(activities.looks.length - inTheFirstHour).toBeLessThanOrEqual(3);
      await handle.terminate();
    });
  });

  test('shows what the records say; the billing status stays "maybe"', async () => {
    const found: Reconciliation = {
      ...nothingFound,
      candidates: ['task_maybe'],
      findings: ['the log says nothing'],
    };
    const activities = fakes({ reconcile: () => found });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      await bed.env.sleep('1m');
      const status = await untilStatus(
        handle,
        ({ unresolved }) => unresolved?.findings.length === 1,
      );
      expect(status.billed).toBe('maybe');
      expect(status.unresolved).toMatchObject({
        candidates: ['task_maybe'],
        findings: ['the log says nothing'],
      });
      await handle.terminate();
    });
  });

  test('waits without a limit, with a bounded number of lookups and a reminder of its age', async () => {
    const activities = fakes();
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      await bed.env.sleep('10d');
      expect((await handle.query<VideoStatus>('videoStatus')).phase).toBe('unresolved');
      const { typedSearchAttributes } = await handle.describe();
      expect(JSON.stringify(typedSearchAttributes.getAll())).toMatch(/"(9|10)d"/);
      await handle.terminate();
    });
    expect(activities.looks.length).toBeLessThan(20);
  });

  test('is not searched for if no source is configured', async () => {
    const activities = fakes({ reconcile: () => ({ ...nothingFound, worthRepeating: false }) });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      await bed.env.sleep('2d');
      await handle.terminate();
    });
    expect(activities.looks).toHaveLength(1);
  });
});

describe('a job that a person names', () => {
  const adoptAs = async (script: Script) => {
    const activities = fakes(script);
    return bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      const decision = { action: 'adopt', jobId: 'task_named' };
      await handle.executeUpdate('resolveSubmission', { args: [decision] });
      return { handle, activities };
    });
  };

  test('is written into the claim of its submit, so that the key finds it again', async () => {
    const { handle, activities } = await adoptAs({});
    expect((await handle.result()).jobId).toBe('task_named');
    const [{ claimKey } = { claimKey: '' }] = activities.submits;
    expect(activities.adoptions).toMatchObject([{ claimKey, job: { jobId: 'task_named' } }]);
  });

  test('is delivered although writing the claim fails', async () => {
    const { handle } = await adoptAs({ recordAdopted: () => Promise.reject(new Error('full')) });
    expect((await handle.result()).jobId).toBe('task_named');
  });

  test('is watched while its claim cannot be written', async () => {
    const failing = async () => {
      throw new Error('full');
    };
    const { handle, activities } = await adoptAs({
      recordAdopted: failing,
      poll: async (_, count) => {
        if (count === 1) throw pending(10 * minuteMs);
        return { state: 'succeeded', askedAt: await bed.env.currentTimeMs() };
      },
    });
    await handle.result();
    expect(activities.adoptions.length).toBeGreaterThan(3);
    expect(activities.polls).toHaveLength(2);
  });

  test('is named by a cancellation that comes before the claim is written', async () => {
    let written = () => {};
    const writing = new Promise<object>((resolve) => (written = () => resolve({})));
    let times = 0;
    const { handle, activities } = await adoptAs({
      recordAdopted: async () => ((times += 1) === 1 ? writing : {}),
      poll: () => Promise.reject(pending(minuteMs)),
    });
    await expect.poll(() => activities.adoptions.length).toBe(1);
    await handle.cancel();
    const status = await untilStatus(handle, ({ phase }) => phase === 'cancelled');
    written();
    expect(status.cancellation).toEqual({
      outcome: 'watching_stopped',
      billed: 'maybe',
      jobId: 'task_named',
    });
  });
});
