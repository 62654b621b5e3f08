import { describe, expect, test } from 'vitest';
import type { VideoStatus } from '../../src/contract/messages.ts';
import {
  accepted,
  failureOf,
  fakeActivities,
  hourMs,
  onePerFile,
  pending,
  start,
  startTestBed,
  storedVideo,
  submitFailure,
  untilStatus,
  type Script,
} from './harness.ts';

const bed = onePerFile(startTestBed);
const now = () => bed.env.currentTimeMs();
const fakes = (script?: Script) => fakeActivities(now, script);

describe('generateVideoWorkflow', () => {
  test('submits once, watches, delivers and returns the stored video', async () => {
    const activities = fakes();
    const result = await bed.with(activities, async () => (await start(bed.env)).result());
    expect(result).toMatchObject({ video: storedVideo, jobId: 'task_1', billed: 'yes' });
    expect(activities.submits).toHaveLength(1);
    expect(activities.deliveries).toMatchObject([
      { job: { format: 'generations', jobId: 'task_1' } },
    ]);
  });

  test('shows what happens in the query, from the submit to the file', async () => {
    const phases: string[] = [];
    const activities = fakes({
      poll: async (_, count) => ({
        state: count === 1 ? 'running' : 'succeeded',
        progressPercent: count === 1 ? 30 : 100,
        askedAt: await now(),
      }),
    });
    const status = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await handle.result();
      return handle.query<VideoStatus>('videoStatus');
    });
    phases.push(status.phase);
    expect(status).toMatchObject({
      phase: 'stored',
      billed: 'yes',
      progressPercent: 100,
      jobId: 'task_1',
    });
  });

  test('never submits again when the outcome of the submit is unknown', async () => {
    const activities = fakes({ submit: () => Promise.reject(submitFailure({})) });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      const status = await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      expect(status).toMatchObject({
        billed: 'maybe',
        unresolved: { failure: { kind: 'submit_unknown' } },
      });
      await bed.env.sleep('48h');
      expect((await handle.query<VideoStatus>('videoStatus')).phase).toBe('unresolved');
      await handle.terminate();
    });
    expect(activities.submits).toHaveLength(1);
  });

  test('treats a failure of the submit that it does not know as unknown', async () => {
    const activities = fakes({ submit: () => Promise.reject(new Error('a bug')) });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      await handle.terminate();
    });
    expect(activities.submits).toHaveLength(1);
  });

  test('delivers the job that a person adopts for an unknown submit', async () => {
    const activities = fakes({ submit: () => Promise.reject(submitFailure({})) });
    const result = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      await handle.executeUpdate('resolveSubmission', {
        args: [{ action: 'adopt', jobId: 'task_9' }],
      });
      return handle.result();
    });
    expect(result.jobId).toBe('task_9');
    expect(activities.submits).toHaveLength(1);
  });

  test('submits under a new claim when a person says so, and only then', async () => {
    const activities = fakes({
      submit: async (_, count) => {
        if (count === 1) throw submitFailure({});
        return accepted('task_2', await now());
      },
    });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      await handle.executeUpdate('resolveSubmission', { args: [{ action: 'resubmit' }] });
      return handle.result();
    });
    expect(new Set(activities.submits.map((submit) => submit.claimKey)).size).toBe(2);
  });

  test('ends as abandoned, still maybe billed, when a person gives up', async () => {
    const activities = fakes({ submit: () => Promise.reject(submitFailure({})) });
    const failure = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      await handle.executeUpdate('resolveSubmission', { args: [{ action: 'abandon' }] });
      return failureOf(handle.result());
    });
    expect(failure).toMatchObject({ type: 'abandoned', details: [{ billed: 'maybe' }] });
  });

  test('refuses a decision in any phase but unresolved, and one that names no action', async () => {
    const activities = fakes({ poll: () => Promise.reject(pending(hourMs)) });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'queued');
      const update = handle.executeUpdate('resolveSubmission', { args: [{ action: 'resubmit' }] });
      await expect(update).rejects.toThrow();
      await handle.terminate();
    });
    expect(activities.submits).toHaveLength(1);
  });

  test('asks again after a back-off when the submit was surely not accepted', async () => {
    const activities = fakes({
      submit: async (_, count) => {
        if (count <= 2) {
          throw submitFailure({
            kind: 'rate_limited',
            outcome: 'not_accepted',
            billed: 'no',
            retryAfterMs: 7_000,
          });
        }
        return accepted('task_3', await now());
      },
    });
    const result = await bed.with(activities, async () => (await start(bed.env)).result());
    expect(result.jobId).toBe('task_3');
    expect(new Set(activities.submits.map((submit) => submit.claimKey)).size).toBe(1);
  });

  test('gives up on "not accepted" after a bounded number of tries, billed: no', async () => {
    const activities = fakes({
      submit: () =>
        Promise.reject(
          submitFailure({ kind: 'no_channel', outcome: 'not_accepted', billed: 'no' }),
        ),
    });
    const failure = await bed.with(activities, async () =>
      failureOf((await start(bed.env)).result()),
    );
    expect(failure).toMatchObject({ type: 'no_channel', details: [{ billed: 'no' }] });
    expect(activities.submits).toHaveLength(13);
  });

  test('fails at once, billed: no, when the gateway refuses the request', async () => {
    const activities = fakes({
      submit: () =>
        Promise.reject(submitFailure({ kind: 'moderation', outcome: 'refused', billed: 'no' })),
    });
    const failure = await bed.with(activities, async () =>
      failureOf((await start(bed.env)).result()),
    );
    expect(failure).toMatchObject({ type: 'moderation', details: [{ billed: 'no' }] });
    expect(activities.submits).toHaveLength(1);
  });
});
