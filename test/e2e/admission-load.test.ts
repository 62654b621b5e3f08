import { setTimeout } from 'node:timers/promises';
import { isGrpcServiceError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import pLimit from 'p-limit';
import { expect, test } from 'vitest';
import { admissionId } from '../../src/identity/admission-id.ts';
import {
  admissionIsBusy,
  admissionMessages,
  admissionWorkflowType,
  type AdmissionAnswer,
  type AdmissionRequest,
  type LimitsChange,
} from '../../src/contract/admission.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import { createHarness, type Harness } from './harness.ts';

const many = 20_000;
const turns = 500;
const atOnce = 8;

function crowdOf({ temporal: { workflow }, gateway }: Harness) {
  const id = admissionId({ gateway: new URL(gateway.url).origin, key: gateway.apiKey });
  const handle = workflow.getHandle(id);
  const startedMs = Date.now();
  const videoOf = (index: number) =>
    `video/campaign-2026-spring/${String(index).padStart(12, '0')}`;
  return {
    handle,
    begin: () =>
      workflow.start(admissionWorkflowType, { taskQueue: taskQueues.workflows, workflowId: id }),
    ask: (index: number) => {
      const ask: AdmissionRequest = {
        videoId: videoOf(index),
        claimKey: videoOf(index),
        model: 'kling-v1',
        tags: [`team-${index % 7}`],
        priority: 'interactive',
        cost: { seconds: 5 },
        deadlineMs: 3_600_000,
        maxJobs: 3,
        waitingSince: startedMs + index,
      };
      return unlessBusy(() =>
        handle.executeUpdate<AdmissionAnswer, [AdmissionRequest]>(
          admissionMessages.requestAdmission,
          {
            args: [ask],
          },
        ),
      );
    },
    release: (index: number) =>
      handle.signal(admissionMessages.releaseAdmission, { videoId: videoOf(index), spent: 'yes' }),
    setLimits: (change: LimitsChange) =>
      handle.executeUpdate<unknown, [LimitsChange]>(admissionMessages.setLimits, {
        args: [change],
      }),
    /** The size of the input of the newest run, in bytes. */
    stateBytes: async () => {
      const { events } = await handle.fetchHistory();
      const payloads = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
      return payloads.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
    },
  };
}

/** As the workers do: a run of the admission can only end while no request arrives. */
async function unlessBusy<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isBusy(error)) throw error;
      await setTimeout(500 + 500 * Math.random());
    }
  }
}

/** A request in the workflow task in which a run could not end is rejected by the server with FAILED_PRECONDITION. */
function isBusy(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof ApplicationFailure) return cause.type === admissionIsBusy;
  return isGrpcServiceError(cause) && cause.code === 9;
}

test(`an admission with ${many} waiting videos answers a cold worker, accepts limits and grants slots`, async () => {
  await using harness = await createHarness();
  const worker = await harness.startWorker({ GATEWAY_MAX_JOBS: '3' });
  const crowd = crowdOf(harness);
  await crowd.begin();
  const inTurn = pLimit(atOnce);
  await Promise.all(Array.from({ length: many }, (_, index) => inTurn(() => crowd.ask(index))));
  // Stopped, not killed: the sticky queue of a killed worker is waited for, 2 s long, whatever the load.
  await worker.stop();
  await harness.startWorker({ GATEWAY_MAX_JOBS: '3' });
  const askedMs = performance.now();
  expect((await crowd.ask(many)).outcome).toBe('waiting');
  const tookMs = performance.now() - askedMs;
  const stateBytes = await crowd.stateBytes();
  expect(tookMs).toBeLessThan(2_000);
  expect(stateBytes).toBeLessThan(512_000);
  // These signals have no receiver: hundreds of them fail, and their slots go to other videos.
  await crowd.setLimits({ jobs: 200 });
  const answers = await Promise.all(
    Array.from({ length: turns }, (_, count) =>
      inTurn(async () => {
        const index = Math.floor((count * many) / turns);
        const { outcome } = await crowd.ask(index);
        if (outcome === 'granted') await crowd.release(index);
        return outcome;
      }),
    ),
  );
  expect(answers.filter((outcome) => outcome === 'refused')).toEqual([]);
  expect(answers.filter((outcome) => outcome === 'granted').length).toBeGreaterThan(turns / 2);
}, 1_800_000);
