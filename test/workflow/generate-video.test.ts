import { describe, expect, test } from 'vitest';
import type { VideoStatus } from '../../src/contract/messages.ts';
import type { FailedPolls } from '../../src/contract/video-job.ts';
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

/** The details that the Temporal UI shows. */
async function detailsOf(handle: { query<T>(name: string): Promise<T> }): Promise<string> {
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

function gate(): { passed: Promise<void>; open: () => void } {
  let open: () => void = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open: () => open() };
}

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

  test('shows each step in the query, from the submit to the file', async () => {
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

  test('shows why polls and a delivery are retried, until the next step', async () => {
    const failure = { kind: 'gateway_unavailable', message: 'The answer was 502', billed: 'yes' };
    const told = { failure, attempt: 2, until: '2026-11-29T12:00:00.000Z' };
    const failing = { failure: { ...failure, billed: 'maybe' }, inARow: 4 } as FailedPolls;
    const [answered, delivered] = [gate(), gate()];
    const activities = fakes({
      poll: async (_, count) => {
        const askedAt = await now();
        if (count === 1) {
          return { state: 'running', attention: 'gateway_unavailable', failing, askedAt };
        }
        await answered.passed;
        return { state: 'succeeded', askedAt };
      },
      store: async () => {
        await delivered.passed;
        return storedVideo;
      },
    });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      const polling = await untilStatus(handle, ({ attention }) => attention !== undefined);
      expect(polling.retrying).toEqual({ step: 'poll', failure, attempt: 4 });
      await handle.signal('deliveryFailed', told);
      answered.open();
      const begun = await untilStatus(handle, ({ phase }) => phase === 'delivering');
      expect(begun).not.toHaveProperty('retrying');
      await handle.signal('deliveryFailed', told);
      const again = await untilStatus(handle, ({ retrying }) => retrying !== undefined);
      expect(again.retrying).toEqual({ ...told, step: 'delivery' });
      expect(await detailsOf(handle)).toContain(
        'delivery failed 2 times in a row, next try at 2026-11-29 12:00:00 UTC: The answer was 502',
      );
      delivered.open();
      await handle.result();
      expect(await handle.query<VideoStatus>('videoStatus')).not.toHaveProperty('retrying');
      expect(await detailsOf(handle)).not.toContain('502');
    });
  });

  test('never submits again if the outcome of the submit is unknown', async () => {
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

  test('treats an unrecognised failure of the submit as an unknown outcome', async () => {
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

  test('submits under a new claim only if a person decides so', async () => {
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

  test('ends as abandoned, billed: maybe, if a person abandons the submit', async () => {
    const activities = fakes({ submit: () => Promise.reject(submitFailure({})) });
    const failure = await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      await handle.executeUpdate('resolveSubmission', { args: [{ action: 'abandon' }] });
      return failureOf(handle.result());
    });
    expect(failure).toMatchObject({ type: 'abandoned', details: [{ billed: 'maybe' }] });
  });

  test('refuses a decision in any phase but unresolved, and one without an action', async () => {
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

  test('submits again after a back-off if the submit was certainly not accepted', async () => {
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

  test('fails after a bounded number of submits that were not accepted, billed: no', async () => {
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

  test('fails at once, billed: no, if the gateway refuses the request', async () => {
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
