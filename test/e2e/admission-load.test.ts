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
  mostInList,
  type AdmissionAnswer,
  type AdmissionEntryAnswer,
  type AdmissionRequest,
  type LimitsChange,
} from '../../src/contract/admission.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import { createHarness, type Harness } from './harness.ts';

const many = 20_000;
const turns = 500;
const atOnce = 8;
/** A run ends at 1,200 events, or soon after, when no request is under way. */
const mostEvents = 2_000;

function crowdOf({ temporal: { workflow }, gateway }: Harness) {
  const id = admissionId({ gateway: new URL(gateway.url).origin, key: gateway.apiKey });
  const handle = workflow.getHandle(id);
  const startedMs = Date.now();
  const videoOf = (index: number) =>
    `video/campaign-2026-spring/${String(index).padStart(12, '0')}`;
  const askOf = (index: number): AdmissionRequest => ({
    videoId: videoOf(index),
    claimKey: videoOf(index),
    model: 'kling-v1',
    tags: [`team-${index % 7}`],
    priority: 'interactive',
    cost: { seconds: 5 },
    deadlineMs: 3_600_000,
    maxJobs: 3,
    waitingSince: startedMs + index,
  });
  return {
    handle,
    begin: () =>
      workflow.start(admissionWorkflowType, { taskQueue: taskQueues.workflows, workflowId: id }),
    ask: (index: number) =>
      unlessBusy(() =>
        handle.executeUpdate<AdmissionAnswer, [AdmissionRequest]>(
          admissionMessages.requestAdmission,
          { args: [askOf(index)] },
        ),
      ),
    askAll: (from: number) =>
      unlessBusy(() =>
        handle.executeUpdate<AdmissionEntryAnswer[], [AdmissionRequest[]]>(
          admissionMessages.requestAdmissions,
          { args: [Array.from({ length: mostInList }, (_, index) => askOf(from + index))] },
        ),
      ),
    release: (index: number) =>
      handle.signal(admissionMessages.releaseAdmission, { videoId: videoOf(index), spent: 'yes' }),
    setLimits: (change: LimitsChange) =>
      handle.executeUpdate<unknown, [LimitsChange]>(admissionMessages.setLimits, {
        args: [change],
      }),
    /** Of the newest run: its events, and the size of its input in bytes. A worker replays it before it answers. */
    newestRun: async () => {
      const { events } = await handle.fetchHistory();
      const payloads = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
      const stateBytes = payloads.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
      return { events: events?.length, stateBytes };
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
  const lists = Array.from({ length: many / mostInList }, (_, index) => index * mostInList);
  await Promise.all(lists.map((from) => inTurn(() => crowd.askAll(from))));
  await worker.stop();
  await harness.startWorker({ GATEWAY_MAX_JOBS: '3' });
  expect((await crowd.ask(many)).outcome).toBe('waiting');
  const { events, stateBytes } = await crowd.newestRun();
  expect(events).toBeLessThan(mostEvents);
  expect(stateBytes).toBeLessThan(512_000);
  // The signals to the first videos have no receiver: hundreds of them fail, and their slots go to other videos. How
  // long that takes depends on the machine, so each video requests until it gets a slot, as a real one does.
  await crowd.setLimits({ jobs: 200 });
  const askUntilDecided = async (index: number) => {
    for (;;) {
      const { outcome } = await crowd.ask(index);
      if (outcome === 'granted') await crowd.release(index);
      if (outcome !== 'waiting') return outcome;
    }
  };
  const answers = await Promise.all(
    Array.from({ length: turns }, (_, count) =>
      inTurn(() => askUntilDecided(Math.floor((count * many) / turns))),
    ),
  );
  expect(answers).toEqual(Array(turns).fill('granted'));
}, 1_800_000);
