import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { beforeAll } from 'vitest';
import type {
  AdmissionTicket,
  AwaitVideoChangeInput,
  DeliveredVideo,
  ReconcileSubmitInput,
  RecordAdoptedInput,
  Reconciliation,
  StoreVideoInput,
  TakenJob,
  TakeJobInput,
  SubmitFailure,
  SubmittedVideo,
  SubmitVideoInput,
  VideoActivities,
} from '../../src/contract/activities.ts';
import type { GenerateVideoInput, VideoStatus } from '../../src/contract/messages.ts';
import type { StoredVideo } from '../../src/contract/stored-video.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import type { JobProgress } from '../../src/contract/video-job.ts';
import { startTimeSkipping } from '../support/time-skipping.ts';
import type { generateVideoWorkflow } from '../../src/workflows/index.ts';
import { createWorkers } from './bed-workers.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

export const input: GenerateVideoInput = {
  request: { format: 'generations', body: { model: 'kling-v1', prompt: 'a cat', duration: 5 } },
};

export const storedVideo: StoredVideo = {
  key: 'videos/x.mp4',
  uri: 'file:///videos/x.mp4',
  sizeBytes: 12,
  sha256: '00',
  contentType: 'video/mp4',
  durationSeconds: 5,
  width: 1280,
  height: 720,
  hasAudio: true,
  warnings: [],
};

export const nothingFound: Reconciliation = {
  candidates: [],
  findings: ['nothing found'],
  worthRepeating: true,
};

/** Activities that follow a script and record their inputs. */
export interface FakeActivities extends VideoActivities {
  asks: SubmitVideoInput[];
  submits: SubmitVideoInput[];
  closed: string[];
  looks: ReconcileSubmitInput[];
  takes: TakeJobInput[];
  adoptions: RecordAdoptedInput[];
  polls: AwaitVideoChangeInput[];
  deliveries: StoreVideoInput[];
}

export interface Script {
  /** If it is absent, no admission is requested: every slot is granted. */
  ask?: (input: SubmitVideoInput, count: number) => Promise<AdmissionTicket> | AdmissionTicket;
  /** Whether a submit that no worker answered for had sent nothing. */
  unsent?: (claimKey: string, storageId?: string) => Promise<boolean> | boolean;
  submit?: (input: SubmitVideoInput, count: number) => Promise<SubmittedVideo> | SubmittedVideo;
  poll?: (input: AwaitVideoChangeInput, count: number) => Promise<JobProgress> | JobProgress;
  reconcile?: (
    input: ReconcileSubmitInput,
    count: number,
  ) => Promise<Reconciliation> | Reconciliation;
  /** Default: the job becomes the video's own. */
  takeJob?: (input: TakeJobInput) => TakenJob;
  recordAdopted?: VideoActivities['recordAdopted'];
  store?: (input: StoreVideoInput, count: number) => Promise<DeliveredVideo> | DeliveredVideo;
}

export function accepted(jobId: string, submittedAt: number): SubmittedVideo {
  return { jobId, submittedAt, warnings: [], deadlineMs: 30 * minuteMs, foundInClaim: false };
}

/** `now` is the time of the test server, which runs ahead of ours. */
export function fakeActivities(now: () => Promise<number>, script: Script = {}): FakeActivities {
  const asks: SubmitVideoInput[] = [];
  const submits: SubmitVideoInput[] = [];
  const closed: string[] = [];
  const looks: ReconcileSubmitInput[] = [];
  const takes: TakeJobInput[] = [];
  const adoptions: RecordAdoptedInput[] = [];
  const polls: AwaitVideoChangeInput[] = [];
  const deliveries: StoreVideoInput[] = [];
  return {
    asks,
    submits,
    closed,
    looks,
    takes,
    adoptions,
    polls,
    deliveries,
    requestAdmission: async (given) => {
      asks.push(given);
      return script.ask?.(given, asks.length) ?? { outcome: 'claimed' };
    },
    closeUnsent: async ({ claimKey, storageId }) => {
      closed.push(claimKey);
      return { unsent: (await script.unsent?.(claimKey, storageId)) ?? false };
    },
    submitVideo: async (given) => {
      submits.push(given);
      return script.submit?.(given, submits.length) ?? accepted('task_1', await now());
    },
    reconcileSubmit: async (given) => {
      looks.push(given);
      return script.reconcile?.(given, looks.length) ?? nothingFound;
    },
    takeJob: async (given) => {
      takes.push(given);
      const { workflowExecution } = Context.current().info;
      return script.takeJob?.(given) ?? { videoId: workflowExecution?.workflowId ?? '' };
    },
    recordAdopted: async (given) => {
      adoptions.push(given);
      return (await script.recordAdopted?.(given)) ?? {};
    },
    awaitVideoChange: async (given) => {
      polls.push(given);
      const askedAt = await now();
      return script.poll?.(given, polls.length) ?? { state: 'succeeded', askedAt };
    },
    storeVideo: async (given) => {
      deliveries.push(given);
      return script.store?.(given, deliveries.length) ?? storedVideo;
    },
  };
}

export function submitFailure(failure: Partial<SubmitFailure>): ApplicationFailure {
  const details: SubmitFailure = {
    kind: 'submit_unknown',
    outcome: 'unknown',
    billed: 'maybe',
    message: 'lost',
    ...failure,
  };
  return ApplicationFailure.create({ type: details.kind, nonRetryable: true, details: [details] });
}

export function pending(delayMs: number): ApplicationFailure {
  return ApplicationFailure.create({ type: 'VideoPending', nextRetryDelay: delayMs });
}

export interface TestBed {
  env: TestWorkflowEnvironment;
  /** Lets the workers run these activities while `run` runs. */
  with<T>(activities: VideoActivities, run: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/**
 * What `begin` gives, for the tests of one file: begun before the first of them, stopped after the last.
 *
 * @returns An object that is empty until then.
 */
export function onePerFile<T extends { stop(): Promise<void> }>(begin: () => Promise<T>): T {
  const begun = {} as T;
  beforeAll(async () => {
    Object.assign(begun, await begin());
    return () => begun.stop();
  });
  return begun;
}

/**
 * A time-skipping server and the workers of the queues of a video, for one test file.
 *
 * @param others Activities of queue video-poll beside those of a video.
 */
export async function startTestBed(others: object = {}): Promise<TestBed> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const env = await startTimeSkipping();
  let current: VideoActivities | undefined;
  const playing = () => {
    if (!current) throw new Error('No test is running');
    return current;
  };
  const activities: VideoActivities = {
    requestAdmission: (given) => playing().requestAdmission(given),
    closeUnsent: (given) => playing().closeUnsent(given),
    submitVideo: (given) => playing().submitVideo(given),
    reconcileSubmit: (given) => playing().reconcileSubmit(given),
    takeJob: (given) => playing().takeJob(given),
    recordAdopted: (given) => playing().recordAdopted(given),
    awaitVideoChange: (given) => playing().awaitVideoChange(given),
    storeVideo: (given) => playing().storeVideo(given),
  };
  const workers = await createWorkers(env, { ...activities, ...others });
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    env,
    with: async (given, run) => {
      current = given;
      return run();
    },
    stop: async () => {
      workers.forEach((worker) => worker.shutdown());
      await running;
      await env.teardown();
    },
  };
}

export function start(env: TestWorkflowEnvironment, given: GenerateVideoInput = input) {
  return env.client.workflow.start<typeof generateVideoWorkflow>('generateVideoWorkflow', {
    taskQueue: taskQueues.workflows,
    workflowId: `video/${randomUUID()}`,
    args: [given],
  });
}

/** Waits, on our clock, until the status is as wanted. */
export async function untilStatus(
  handle: { query<T>(name: string): Promise<T> },
  isReached: (status: VideoStatus) => boolean,
): Promise<VideoStatus> {
  for (const until = Date.now() + 20_000; ;) {
    const status = await handle.query<VideoStatus>('videoStatus');
    if (isReached(status)) return status;
    if (Date.now() > until) throw new Error(`Never reached: ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The failure that ended a run. */
export async function failureOf(result: Promise<unknown>) {
  const error = await result.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof WorkflowFailedError)) throw new Error('The workflow did not fail');
  return error.cause as { type?: string; details?: unknown[] };
}
