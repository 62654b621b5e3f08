import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { CollectVideoInput } from '../../src/contract/messages.ts';
import { taskQueues, workflowTypes } from '../../src/contract/task-queues.ts';
import {
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
const fakes = (script: Script = {}) => fakeActivities(() => bed.env.currentTimeMs(), script);
const collected: CollectVideoInput = { format: 'videos', jobId: 'task_9' };
const ofAnother: Script = { takeJob: () => ({ videoId: 'video/other' }) };

function startCollecting(given: CollectVideoInput = collected) {
  return bed.env.client.workflow.start(workflowTypes.collect, {
    taskQueue: taskQueues.workflows,
    workflowId: `video/${randomUUID()}`,
    args: [given],
  });
}

describe('an adopted job', () => {
  test('is taken by its video before it is watched, and written into the claim of the key', async () => {
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
  });

  test('of another video is not delivered a second time: the run says whose it is', async () => {
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

  test('is delivered where its claim cannot be written', async () => {
    const activities = fakes({ recordAdopted: () => Promise.reject(new Error('full')) });
    const result = await bed.with(activities, async () => (await startCollecting()).result());
    expect(result).toMatchObject({ jobId: 'task_9' });
  });
});

describe('an unresolved video for which a person names a job', () => {
  const unresolved: Script = {
    submit: () => {
      throw submitFailure({});
    },
  };

  test('of another video stays unresolved, and the person is told whose job it is', async () => {
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
