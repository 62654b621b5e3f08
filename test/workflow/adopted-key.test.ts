import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKeyedSubmit } from '../../src/activities/submit/keyed-submit.ts';
import { createRecordAdopted } from '../../src/activities/resolve/record-adopted.ts';
import { taskQueues, workflowTypes } from '../../src/contract/task-queues.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { request, submitHarness } from '../activities/submit-harness.ts';
import { jobStatus } from '../fakes/fake-gateway.ts';
import { withFailing } from '../fakes/temp-storage.ts';
import {
  fakeActivities,
  hourMs,
  minuteMs,
  onePerFile,
  pending,
  startTestBed,
  untilStatus,
} from './harness.ts';

const bed = onePerFile(startTestBed);
const job = { format: request.format, jobId: 'task_named' };
const lost = new GatewayError('submit_unknown', 'The answer was lost', {
  submitOutcome: 'unknown',
});

/** Runs under one id, over real claims in a storage that can be down, and a gateway that loses every answer. */
async function keyHarness() {
  let isDown = false;
  let isWatched = true;
  const { post, ...ports } = await submitHarness({
    submit: [lost],
    status: { generations: [jobStatus({ state: 'running' })] },
    through: (storage) => withFailing(storage, ['createSmall', 'writeSmall'], () => isDown),
  });
  const submit = createKeyedSubmit({ ...ports, submitVideo: post, deadlineMs: hourMs });
  const activities = fakeActivities(() => bed.env.currentTimeMs(), {
    submit,
    recordAdopted: createRecordAdopted(ports),
    poll: async () => {
      if (isWatched) throw pending(minuteMs);
      return { state: 'succeeded', askedAt: await bed.env.currentTimeMs() };
    },
  });
  const workflowId = `video/${randomUUID()}`;
  const start = (type: string, input: object) =>
    bed.env.client.workflow.start(type, {
      taskQueue: taskQueues.workflows,
      workflowId,
      args: [input],
    });
  return {
    gateway: ports.gateway,
    activities,
    generate: () => start(workflowTypes.generate, { request, deadlineMs: 3 * hourMs }),
    collect: () => start(workflowTypes.collect, { ...job, request, deadlineMs: 3 * hourMs }),
    setDown: (down: boolean) => (isDown = down),
    endJobs: () => (isWatched = false),
  };
}

type Harness = Awaited<ReturnType<typeof keyHarness>>;
type Handle = Awaited<ReturnType<Harness['generate']>>;

/** A person names the job of a submit whose outcome is unknown, once this storage is down. */
async function resolve({ setDown }: Harness, handle: Handle): Promise<void> {
  await untilStatus(handle, ({ phase }) => phase === 'unresolved');
  setDown(true);
  const adopt = { action: 'adopt', jobId: job.jobId };
  await handle.executeUpdate('resolveSubmission', { args: [adopt] });
}

const ways: Record<string, (key: Harness) => Promise<Handle>> = {
  'an adoption for the key': async (key) => {
    key.setDown(true);
    return key.collect();
  },
  'a lost answer, and a person who names the job': async (key) => {
    const handle = await key.generate();
    await resolve(key, handle);
    return handle;
  },
  'a resubmit whose answer was lost, and a person who names the job': async (key) => {
    const handle = await key.generate();
    await untilStatus(handle, ({ phase }) => phase === 'unresolved');
    await handle.executeUpdate('resolveSubmission', { args: [{ action: 'resubmit' }] });
    await expect.poll(() => key.activities.submits.length).toBe(2);
    await resolve(key, handle);
    return handle;
  },
};

test.each(Object.keys(ways))(
  'a key whose job came by %s, during a storage outage of ten minutes, finds it again with no POST after its history is lost',
  async (way) => {
    const key = await keyHarness();
    await bed.with(key.activities, async () => {
      const handle = await ways[way]?.(key);
      await bed.env.sleep(10 * minuteMs);
      key.setDown(false);
      await bed.env.sleep(10 * minuteMs);
      await handle?.terminate('its history is lost');
      const posts = key.gateway.submitted.length;
      key.endJobs();
      const result = await (await key.generate()).result();
      expect(result).toMatchObject({ jobId: job.jobId, paidBefore: true });
      expect(key.gateway.submitted).toHaveLength(posts);
    });
  },
);
