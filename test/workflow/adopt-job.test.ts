import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { CollectVideoInput } from '../../src/contract/messages.ts';
import { taskQueues, workflowTypes } from '../../src/contract/task-queues.ts';
import {
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
const fakes = (script: Script = {}) => fakeActivities(() => bed.env.currentTimeMs(), script);
const collected: CollectVideoInput = { format: 'videos', jobId: 'task_9' };
const longJob = { ...collected, deadlineMs: 3 * hourMs };
const full = () => Promise.reject(new Error('full'));
const ofAnother: Script = { takeJob: () => ({ videoId: 'video/other' }) };

function startCollecting(given: CollectVideoInput = collected, id: string = randomUUID()) {
  return bed.env.client.workflow.start(workflowTypes.collect, {
    taskQueue: taskQueues.workflows,
    workflowId: `video/${id}`,
    args: [given],
  });
}

describe('an adopted job', () => {
  test('is claimed by its video before it is watched, and written into the claim of the key', async () => {
    const activities = fakes();
    const handle = await bed.with(activities, async () => {
      const started = await startCollecting({ ...collected, request: input.request });
      await started.result();
      return started;
    });
    expect(activities.takes).toEqual([{ jobId: 'task_9' }]);
    expect(activities.adoptions).toMatchObject([
      { claimKey: handle.workflowId, job: { jobId: 'task_9' }, request: input.request },
    ]);
    expect(activities.polls).toMatchObject([{ claimKey: handle.workflowId }]);
  });

  test('of another video is not delivered a second time: the run reports which video owns it', async () => {
    const activities = fakes(ofAnother);
    const failure = await bed.with(activities, async () => {
      const handle = await startCollecting();
      const ended = await failureOf(handle.result());
      expect(await handle.query('videoStatus')).toMatchObject({ phase: 'failed', billed: 'no' });
      return ended;
    });
    expect(failure.type).toBe('job_taken');
    expect(JSON.stringify(failure.details)).toContain('video/other');
    expect(activities.polls).toEqual([]);
    expect(activities.deliveries).toEqual([]);
  });

  test('without its request keeps the digest that its key was claimed for', async () => {
    const requestDigest = 'd'.repeat(64);
    const activities = fakes({ recordAdopted: async () => ({ requestDigest }) });
    await bed.with(activities, async () => {
      const handle = await startCollecting();
      await handle.result();
      expect((await handle.describe()).memo).toEqual({ requestDigest });
    });
  });

  test('under the claim id of a resubmit is refused: that claim belongs to another video', async () => {
    const activities = fakes();
    const failure = await bed.with(activities, async () =>
      failureOf((await startCollecting(collected, `${randomUUID()}/resubmit-2`)).result()),
    );
    expect(failure).toMatchObject({ type: 'invalid_request', details: [{ billed: 'no' }] });
    expect([activities.takes, activities.adoptions, activities.polls]).toEqual([[], [], []]);
  });

  test('is delivered although its claim cannot be written', async () => {
    const activities = fakes({ recordAdopted: full });
    const result = await bed.with(activities, async () => (await startCollecting()).result());
    expect(result).toMatchObject({ jobId: 'task_9' });
  });

  test('is written into the claim as soon as the storage works, while the job is watched', async () => {
    const startedAt = await bed.env.currentTimeMs();
    const isDown = async () => (await bed.env.currentTimeMs()) < startedAt + 10 * minuteMs;
    let writtenAt = 0;
    let ending = 0;
    const activities = fakes({
      recordAdopted: async () => {
        if (await isDown()) throw new Error('full');
        writtenAt = await bed.env.currentTimeMs();
        return {};
      },
      poll: async (_, count) => {
        if (count <= 60) throw pending(minuteMs);
        ending = await bed.env.currentTimeMs();
        return { state: 'succeeded', askedAt: ending };
      },
    });
    await bed.with(activities, async () => (await startCollecting(longJob)).result());
    expect(writtenAt).toBeGreaterThan(0);
    expect(writtenAt).toBeLessThan(ending);
  });

  test('of a cancelled run is written before the run ends', async () => {
    let isDown = true;
    const written: string[] = [];
    const activities = fakes({
      recordAdopted: async ({ job }) => {
        if (isDown) throw new Error('full');
        written.push(job.jobId);
        return {};
      },
      poll: () => Promise.reject(pending(minuteMs)),
    });
    await bed.with(activities, async () => {
      const handle = await startCollecting();
      await expect.poll(() => activities.adoptions.length).toBe(1);
      await handle.cancel();
      isDown = false;
      await untilStatus(handle, ({ phase }) => phase === 'cancelled');
    });
    expect(written).toEqual(['task_9']);
  });

  test('of a cancelled run does not keep the run open if the claim cannot be written', async () => {
    const activities = fakes({
      recordAdopted: full,
      poll: () => Promise.reject(pending(minuteMs)),
    });
    await bed.with(activities, async () => {
      const handle = await startCollecting();
      await expect.poll(() => activities.adoptions.length).toBeGreaterThan(0);
      await handle.cancel();
      const ended = await handle.result().catch((error: unknown) => error);
      expect(ended).toMatchObject({ cause: { name: 'CancelledFailure' } });
    });
  });
});

describe('an unresolved video for which a person names a job', () => {
  const unresolved: Script = {
    submit: () => {
      throw submitFailure({});
    },
  };

  test('of another video stays unresolved, and the person learns which video owns the job', async () => {
    const activities = fakes({ ...unresolved, ...ofAnother });
    await bed.with(activities, async () => {
      const handle = await start(bed.env);
      await untilStatus(handle, ({ phase }) => phase === 'unresolved');
      const adopt = { action: 'adopt', jobId: 'task_9' };
      const refused = handle.executeUpdate('resolveSubmission', { args: [adopt] });
      await expect(refused).rejects.toMatchObject({
        cause: { type: 'job_taken', message: expect.stringContaining('video/other') as string },
      });
      expect(await handle.query('videoStatus')).toMatchObject({ phase: 'unresolved' });
      await handle.executeUpdate('resolveSubmission', { args: [{ action: 'abandon' }] });
      expect((await failureOf(handle.result())).type).toBe('abandoned');
    });
    expect(activities.adoptions).toEqual([]);
  });
});
