import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, expect, test, vi } from 'vitest';
import { startTimeSkipping } from '../support/time-skipping.ts';
import { bundledWorkflows } from '../support/workflow-bundle.ts';
import { createWorkers } from './bed-workers.ts';
import { accepted, fakeActivities, input, start, submitFailure, type Script } from './harness.ts';

/** `EVENT_TYPE_WORKFLOW_TASK_FAILED` of Temporal's API. */
const workflowTaskFailed = 9;
let env: TestWorkflowEnvironment;

beforeAll(async () => {
  // The failed workflow tasks would fill the log.
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
  env = await startTimeSkipping();
  return () => env.teardown();
});

async function runAll<T>(workers: Worker[], act: () => Promise<T>): Promise<T> {
  const running = Promise.all(workers.map((worker) => worker.run()));
  try {
    return await act();
  } finally {
    workers.forEach((worker) => worker.shutdown());
    await running;
  }
}

const refused: Script = {
  submit: () => Promise.reject(submitFailure({ outcome: 'refused', billed: 'no' })),
};
const admitted: Script = {
  submit: async () => ({
    ...accepted('task_1', await env.currentTimeMs()),
    admitted: true,
    admissionId: 'admission/0123456789abcdef',
  }),
};

// The SDK reports a missing local activity where it runs first, and not in a replay: nothing may depend on the error.
test.each([
  ['announceEvent', refused],
  ['leaveAdmission', admitted],
] as const)(
  'without the local activity %s a worker fails its task, and a later worker ends the run',
  async (missing, script) => {
    const activities = fakeActivities(() => env.currentTimeMs(), script);
    const lacking = await createWorkers(env, activities, missing);
    const run = await runAll(lacking, async () => {
      const begun = await start(env, input);
      await vi.waitFor(async () => {
        const { events } = await begun.fetchHistory();
        expect(events?.map(({ eventType }) => eventType)).toContain(workflowTaskFailed);
      }, 10_000);
      return begun;
    });
    await runAll(await createWorkers(env, activities), () => run.result().catch(() => {}));
    expect((await run.describe()).status.name).not.toBe('RUNNING');
    const history = await run.fetchHistory();
    await Worker.runReplayHistory(await bundledWorkflows(), history, run.workflowId);
  },
);
