import { describe, expect, test } from 'vitest';
import type { VideoFailure } from '../../src/contract/failure.ts';
import type { GenerateVideoInput, VideoStatus } from '../../src/contract/messages.ts';
import type { JobFailure } from '../../src/contract/video-job.ts';
import {
  accepted,
  failureOf,
  fakeActivities,
  input,
  onePerFile,
  start,
  startTestBed,
  submitFailure,
  untilStatus,
  type Script,
} from './harness.ts';

const bed = onePerFile(startTestBed);
const now = () => bed.env.currentTimeMs();

const moderated: JobFailure = {
  kind: 'task_failed',
  about: 'moderation',
  message: 'the output was moderated',
  billed: 'no',
};
const retakes: GenerateVideoInput['retakes'] = { kinds: ['moderation'], max: 2 };

async function failureIn(handle: Awaited<ReturnType<typeof start>>): Promise<VideoFailure> {
  const { details = [] } = await failureOf(handle.result());
  return details[0] as VideoFailure;
}

/** Jobs task_1, task_2, …; the first ones fail as given. */
function jobs(failures: JobFailure[], script: Script = {}) {
  return fakeActivities(now, {
    submit: async (_, count) => accepted(`task_${count}`, await now()),
    poll: async ({ job }) => {
      const failure = failures[Number(job.jobId.slice('task_'.length)) - 1];
      return {
        state: failure ? 'failed' : 'succeeded',
        ...(failure && { failure }),
        askedAt: await now(),
      };
    },
    ...script,
  });
}

describe('a video with retakes', () => {
  test('is made again under its own claim if its job failed at no cost, and its status reports the retake', async () => {
    const activities = jobs([moderated, moderated]);
    const { result, status } = await bed.with(activities, async () => {
      const handle = await start(bed.env, { ...input, retakes });
      return {
        result: await handle.result(),
        status: await handle.query<VideoStatus>('videoStatus'),
      };
    });
    expect(result).toMatchObject({ jobId: 'task_3', billed: 'yes' });
    expect(status).toMatchObject({
      phase: 'stored',
      jobId: 'task_3',
      failedTakes: [
        { jobId: 'task_1', kind: 'moderation', message: moderated.message },
        { jobId: 'task_2', kind: 'moderation' },
      ],
    });
    const keys = activities.submits.map(({ claimKey }) =>
      claimKey.replace(/^.*?(\/resubmit-\d+)?$/, '$1'),
    );
    expect(keys).toEqual(['', '/resubmit-2', '/resubmit-3']);
    expect(activities.asks).toHaveLength(3);
  });

  test('is never made more often than its limit allows, and fails with the last reason', async () => {
    const activities = jobs([moderated, moderated, moderated, moderated]);
    const failure = await bed.with(activities, async () =>
      failureIn(await start(bed.env, { ...input, retakes })),
    );
    expect(failure).toMatchObject({ kind: 'task_failed', billed: 'no', jobId: 'task_3' });
    expect(activities.submits).toHaveLength(3);
  });

  test.each([
    ['may have cost something', { ...moderated, billed: 'maybe' }],
    ['was paid', { ...moderated, billed: 'yes' }],
    ['does not report its cost', { kind: 'task_failed', about: 'moderation', message: 'no' }],
    ['is of another kind', { kind: 'task_failed', message: 'the vendor is broken', billed: 'no' }],
  ] satisfies [string, JobFailure][])('is not made again if the failure %s', async (_, failure) => {
    const activities = jobs([failure]);
    await bed.with(activities, async () => failureIn(await start(bed.env, { ...input, retakes })));
    expect(activities.submits).toHaveLength(1);
  });

  test('is not made again after a resubmit whose first submit may have been billed', async () => {
    const activities = jobs([moderated, moderated], {
      submit: async (_, count) =>
        count === 1 ? Promise.reject(submitFailure({})) : accepted(`task_${count}`, await now()),
    });
    const failure = await bed.with(activities, async () => {
      const handle = await start(bed.env, { ...input, retakes });
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      await handle.executeUpdate('resolveSubmission', { args: [{ action: 'resubmit' }] });
      return failureIn(handle);
    });
    expect(failure).toMatchObject({ kind: 'task_failed', billed: 'maybe', jobId: 'task_2' });
    expect(activities.submits).toHaveLength(2);
  });

  test('that is cancelled while its second take waits for a slot has cost nothing', async () => {
    const activities = jobs([moderated], {
      ask: (_, count) =>
        count === 1
          ? { outcome: 'claimed' }
          : { outcome: 'waiting', message: 'full', retryAfterMs: 60_000 },
    });
    const status = await bed.with(activities, async () => {
      const handle = await start(bed.env, { ...input, retakes });
      await untilStatus(handle, ({ phase }) => phase === 'waiting');
      await handle.cancel();
      await handle.result().catch(() => undefined);
      return handle.query<VideoStatus>('videoStatus');
    });
    expect(status).toMatchObject({
      phase: 'cancelled',
      billed: 'no',
      cancellation: { outcome: 'stopped_before_spend', billed: 'no' },
    });
    expect(activities.submits).toHaveLength(1);
  });

  test('above the maximum is refused, unbilled, before anything is sent', async () => {
    const activities = jobs([]);
    const failure = await bed.with(activities, async () =>
      failureIn(await start(bed.env, { ...input, retakes: { kinds: ['moderation'], max: 1_000 } })),
    );
    expect(failure).toMatchObject({ kind: 'invalid_request', billed: 'no' });
    expect(failure.message).toContain('1 to 10');
    expect(activities.submits).toEqual([]);
  });
});

test('a video without retakes fails with its first job', async () => {
  const activities = jobs([moderated]);
  const failure = await bed.with(activities, async () => failureIn(await start(bed.env)));
  expect(failure).toMatchObject({ kind: 'task_failed', billed: 'no', jobId: 'task_1' });
  expect(activities.submits).toHaveLength(1);
});
