import { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { Context } from '@temporalio/activity';
import {
  openAdmission,
  createLeaveAdmission,
} from '../../src/activities/admission/admission-client.ts';
import {
  createAdmittedSubmit,
  createRequestAdmission,
  type AdmittedSubmit,
} from '../../src/activities/admission/request-admission.ts';
import { createCheckHolders, createRunEnds } from '../../src/activities/admission/check-holders.ts';
import { createLimitActivities } from '../../src/activities/admission/keep-limits.ts';
import { asActivity } from '../activities/submit-harness.ts';
import { createCountSpent } from '../../src/activities/admission/count-spent.ts';
import type { SubmittedVideo, VideoActivities } from '../../src/contract/activities.ts';
import {
  admissionMessages,
  type AdmissionAnswer,
  type AdmissionRequest,
  type AdmissionLimits,
  type AdmissionStatus,
  type LimitsChange,
} from '../../src/contract/admission.ts';
import { pricesBy } from '../../src/contract/price/price-of.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import type { KeptLimits } from '../../src/storage/records/kept-limits.ts';
import type { SubmitClaim } from '../../src/storage/claims/claim.ts';
import { startTimeSkipping } from '../support/time-skipping.ts';
import { bundledWorkflows } from '../support/workflow-bundle.ts';
import { asking } from './admission-asks.ts';
import { fakeActivities, type Script } from './harness.ts';

/** Videos, an admission, and claims in memory; time is skipped. */
export interface AdmissionHarness {
  env: TestWorkflowEnvironment;
  id: string;
  /** As the workers report it. */
  storageId: string;
  /** Claim keys of the POSTs that were sent. */
  posts: string[];
  claims: Map<string, SubmitClaim>;
  /** How the gateway behaves from now on. */
  play(script: Script): void;
  status(): Promise<AdmissionStatus>;
  setLimits(change: LimitsChange): Promise<AdmissionLimits>;
  /** Requests and releases slots as a worker does for a video. */
  ask(videoId: string): Promise<AdmissionAnswer>;
  release(videoId: string): Promise<void>;
  run(): Promise<{ runId: string }>;
  eventsOf(runId: string): Promise<number>;
  /**
   * Of a run that ends by itself; no time is skipped. In skipped time a timer can fire at the moment in which the
   * admission cancels it: the time-skipping server loses that workflow task (temporalio/sdk-java#3088), and skips on
   * to the time limit of the run.
   */
  resultOf(video: { workflowId: string }): Promise<unknown>;
  stop(): Promise<void>;
}

export async function startAdmissionHarness({
  maxJobs,
  workflowsAccount,
  moneyPerVideo,
}: {
  maxJobs: number;
  /** The account of the workflow worker, if it differs from that of the submit worker. */
  workflowsAccount?: string;
  /** The price that the gateway lists for every video of the harness. */
  moneyPerVideo?: number;
}): Promise<AdmissionHarness> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const env = await startTimeSkipping();
  const id = 'admission/0123456789abcdef';
  const storageId = 'storage-1';
  const claims = new Map<string, SubmitClaim>();
  const posts: string[] = [];
  const kept = new Map<string, AdmissionLimits>();
  const keptLimits: KeptLimits = {
    load: async (admission) => kept.get(admission) ?? null,
    keep: async (admission, limits) => void kept.set(admission, limits),
  };
  let fakes = fakeActivities(() => env.currentTimeMs());
  const submitVideo = async (submit: AdmittedSubmit): Promise<SubmittedVideo> => {
    const now = await env.currentTimeMs();
    claims.set(submit.claimKey, claimOf(submit, now));
    posts.push(submit.claimKey);
    return fakes.submitVideo(submit.input);
  };
  const { admission, releases } = openAdmission({ id, storageId });
  const read = async (claimKey: string) => claims.get(claimKey) ?? null;
  const readable = {
    find: read,
    read,
    listCopies: async function* () {
      yield* claims.values();
    },
  };
  const settings = {
    maxJobs,
    prices: () => Promise.resolve(pricesOf(moneyPerVideo)),
    deadlineMs: 30 * 60_000,
  };
  const admitted = createAdmittedSubmit({ submitVideo, admission, ...settings });
  const workers = await createWorkers(env, {
    submit: {
      requestAdmission: createRequestAdmission({ admission, claims: readable, ...settings }),
      submitVideo: asActivity(readable, admitted),
      closeUnsent: async ({ claimKey }) => ({ unsent: !claims.has(claimKey) }),
    },
    playing: () => fakes,
    workflows: {
      announceEvent: async () => {},
      leaveAdmission: createLeaveAdmission(workflowsAccount ?? id, releases),
      checkHolders: createCheckHolders({ runs: createRunEnds(), claims: readable }),
      countSpent: createCountSpent({ claims: readable }),
      ...createLimitActivities({ limits: keptLimits }),
    },
  });
  const running = Promise.all(workers.map((worker) => worker.run()));
  const handle = () => env.client.workflow.getHandle(id);
  const { connection, options } = env.client;
  const onOurClock = new Client({ connection, namespace: options.namespace }).workflow;
  return {
    env,
    id,
    storageId,
    posts,
    claims,
    play: (script) => {
      fakes = fakeActivities(() => env.currentTimeMs(), script);
    },
    status: () => handle().query<AdmissionStatus>(admissionMessages.admissionStatus),
    setLimits: (change) =>
      handle().executeUpdate<AdmissionLimits, [LimitsChange]>(admissionMessages.setLimits, {
        args: [change],
      }),
    ask: (videoId) =>
      handle().executeUpdate<AdmissionAnswer, [AdmissionRequest]>(
        admissionMessages.requestAdmission,
        {
          args: [asking(videoId, { maxJobs })],
        },
      ),
    release: (videoId) =>
      handle().signal(admissionMessages.releaseAdmission, { videoId, spent: 'yes' }),
    run: () => handle().describe(),
    eventsOf: async (runId) =>
      (await env.client.workflow.getHandle(id, runId).describe()).historyLength,
    resultOf: ({ workflowId }) => onOurClock.getHandle(workflowId).result(),
    stop: async () => {
      workers.forEach((worker) => worker.shutdown());
      await running;
      await env.teardown();
    },
  };
}

function pricesOf(money: number | undefined) {
  const tariff = { mode: 'per_video', money: money ?? 0 } as const;
  const models = [{ model: 'kling-v1', groups: ['default'], tariff }];
  return pricesBy({}, money === undefined ? undefined : { groupRatios: { default: 1 }, models });
}

function claimOf({ claimKey, request, admission }: AdmittedSubmit, claimedAt: number): SubmitClaim {
  return {
    claimKey,
    requestDigest: 'x',
    gateway: 'https://gateway.test',
    workflowId: Context.current().info.workflowExecution?.workflowId ?? '',
    runId: '',
    format: request.format,
    model: request.body.model,
    claimedAt,
    ...(admission && { admission }),
    outcome: { state: 'sent' },
  };
}

async function createWorkers(
  env: TestWorkflowEnvironment,
  activities: {
    submit: Pick<VideoActivities, 'requestAdmission' | 'submitVideo' | 'closeUnsent'>;
    playing: () => VideoActivities;
    workflows: object;
  },
) {
  const { submit, playing, workflows } = activities;
  const bundled = await bundledWorkflows();
  const connection = env.nativeConnection;
  const onPoll: Pick<VideoActivities, 'awaitVideoChange' | 'reconcileSubmit'> = {
    awaitVideoChange: (given) => playing().awaitVideoChange(given),
    reconcileSubmit: (given) => playing().reconcileSubmit(given),
  };
  const onDownload: Pick<VideoActivities, 'storeVideo'> = {
    storeVideo: (given) => playing().storeVideo(given),
  };
  return Promise.all([
    Worker.create({
      connection,
      taskQueue: taskQueues.workflows,
      ...bundled,
      activities: workflows,
    }),
    Worker.create({
      connection,
      taskQueue: taskQueues.submit,
      activities: submit,
    }),
    Worker.create({ connection, taskQueue: taskQueues.poll, activities: onPoll }),
    Worker.create({ connection, taskQueue: taskQueues.download, activities: onDownload }),
  ]);
}
