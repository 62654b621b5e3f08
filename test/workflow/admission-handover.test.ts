import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import {
  admissionMessages,
  admissionWorkflowType,
  type AdmissionActivities,
  type AdmissionAnswer,
  type AdmissionRequest,
  type AdmissionStatus,
} from '../../src/contract/admission.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import { startTimeSkipping } from '../support/time-skipping.ts';
import { bundledWorkflows } from '../support/workflow-bundle.ts';
import { asking } from './admission-asks.ts';

const id = 'admission/0123456789abcdef';
const patches = new Set(['admission-window', 'admission-handover']);

test('an open admission that was started before the window existed continues with new code, and hands over its whole state', async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const env = await startTimeSkipping();
  const keptLimits: unknown[] = [];
  const activities: AdmissionActivities = {
    leaveAdmission: async () => {},
    checkHolders: async () => ({ ended: [] }),
    countSpent: async () => ({}),
    loadLimits: async () => null,
    keepLimits: async ({ limits }) => void keptLimits.push(limits),
  };
  const workflows = await bundledWorkflows();
  const workerOf = (isBefore: boolean) =>
    Worker.create({
      connection: env.nativeConnection,
      taskQueue: taskQueues.workflows,
      ...workflows,
      activities,
      maxCachedWorkflows: 0,
      // As a worker of that build would: it knows none of these.
      patchActivationCallback: ({ patchId }) => !(isBefore && patches.has(patchId)),
    });
  const handle = env.client.workflow.getHandle(id);
  const ask = (videoId: string) =>
    handle.executeUpdate<AdmissionAnswer, [AdmissionRequest]>(admissionMessages.requestAdmission, {
      args: [asking(videoId, { maxJobs: 2, deadlineMs: 3_600_000 })],
    });
  try {
    const before = await workerOf(true);
    const begun = await before.runUntil(async () => {
      const { firstExecutionRunId } = await env.client.workflow.start(admissionWorkflowType, {
        taskQueue: taskQueues.workflows,
        workflowId: id,
      });
      await handle.executeUpdate(admissionMessages.setLimits, { args: [{ jobs: 2 }] });
      const answers = [await ask('video/a'), await ask('video/b'), await ask('video/c')];
      expect(answers.map(({ outcome }) => outcome)).toEqual(['granted', 'granted', 'waiting']);
      expect(answers[2]).not.toHaveProperty('retryAfterMs');
      return firstExecutionRunId;
    });
    const today = await workerOf(false);
    await today.runUntil(async () => {
      // Its loop continues when it checks the holders.
      await env.sleep(61_000);
      await expect
        .poll(async () => (await handle.describe()).runId, { timeout: 60_000 })
        .not.toBe(begun);
      expect(await ask('video/e')).toHaveProperty('retryAfterMs');
      const status = await handle.query<AdmissionStatus>(admissionMessages.admissionStatus);
      expect(status.limits).toEqual({ jobs: 2 });
      expect(status.inFlight.map(({ videoId }) => videoId)).toEqual(['video/a', 'video/b']);
      expect(status.waiting.interactive).toBe(2);
      await expect.poll(() => keptLimits).toEqual([{ jobs: 2 }]);
    });
  } finally {
    await env.teardown();
  }
}, 120_000);
