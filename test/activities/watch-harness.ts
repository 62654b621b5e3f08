import type { Info } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { createAddressMemory } from '../../src/activities/deliver/address-memory.ts';
import { createAwaitVideoChange } from '../../src/activities/watch/await-video-change.ts';
import type { PollPlans } from '../../src/activities/watch/poll-plans.ts';
import type { AwaitVideoChangeInput } from '../../src/contract/activities.ts';
import type { GatewayAccount } from '../../src/contract/gateway-account.ts';
import type { JobProgress } from '../../src/contract/video-job.ts';
import type { JobStatus } from '../../src/gateway/gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import type { SubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { createFakeGateway, jobStatus, type Scripted } from '../fakes/fake-gateway.ts';
import { account } from '../fakes/gateway-account.ts';

/** The moment of the submit; everything else is counted from here. */
export const t0 = 1_700_000_000_000;
export const beatMs = 15_000;

export type Answers = Scripted<JobStatus>[];

type Charged = Parameters<SubmitClaims['charge']>[0];

export interface WatchSetting {
  videos?: Answers;
  generations?: Answers;
  /** Milliseconds since the submit. Default: one hour, so that every schedule is due. */
  sinceSubmitMs?: number;
  attempt?: number;
  /** What an earlier attempt left in its heartbeat. */
  memory?: unknown;
  input?: Partial<AwaitVideoChangeInput>;
  info?: Partial<Info>;
  /** The account of the worker. */
  worker?: GatewayAccount;
  speed?: number;
  jitter?: number;
  /** With plans, the schedule is `learned`. */
  plans?: Pick<PollPlans, 'planOf'>;
}

/** One attempt of the watch over a fake gateway, at a moment of our choice. */
export function watchOnce(setting: WatchSetting) {
  const { videos, generations, attempt = 1, memory, speed = 1, jitter = 0 } = setting;
  const now = t0 + (setting.sinceSubmitMs ?? 3_600_000);
  const gateway = createFakeGateway({
    status: { ...(videos && { videos }), ...(generations && { generations }) },
  });
  const charges: Charged[] = [];
  const addresses = createAddressMemory();
  const awaitVideoChange = createAwaitVideoChange({
    gateway,
    claims: {
      charge: async (charge) => {
        charges.push(charge);
      },
    },
    account: setting.worker ?? account,
    addresses,
    schedule: setting.plans ? 'learned' : 'beat',
    ...(setting.plans && { plans: setting.plans }),
    speed,
    now: () => now,
    random: () => jitter,
  });
  const info: Partial<Info> = {
    ...setting.info,
    attempt,
    ...(memory !== undefined && { heartbeatDetails: memory }),
  };
  const harness = activityHarness(info);
  const format = videos ? 'videos' : 'generations';
  const outcome = harness.run(awaitVideoChange, {
    job: { format, jobId: 'task_1' },
    submittedAt: t0,
    ...setting.input,
  });
  return { outcome, gateway, harness, now, charges, addresses };
}

/**
 * Polls with these answers as Temporal does: attempts of one activity, then the next one with what was returned, until
 * something ends the watch for good.
 */
export async function watchAll(
  answers: Answers,
  { firstMs = 3_600_000, input = {} }: { firstMs?: number; input?: WatchSetting['input'] } = {},
): Promise<JobProgress[]> {
  const returned: JobProgress[] = [];
  let attempt = 2;
  let memory: unknown;
  let now = firstMs;
  for (const answer of answers) {
    const seen = returned.at(-1);
    const { outcome, harness } = watchOnce({
      generations: [answer],
      sinceSubmitMs: now,
      attempt,
      memory,
      input: { ...input, ...(seen && { seen }) },
    });
    const progress = await outcome.catch((error: unknown) => {
      if (error instanceof ApplicationFailure) return error;
      throw error;
    });
    if (progress instanceof ApplicationFailure && progress.nonRetryable === true) break;
    const hasChanged = !(progress instanceof ApplicationFailure);
    if (hasChanged) returned.push(progress);
    attempt += 1;
    memory = hasChanged ? undefined : (harness.heartbeats.at(-1) ?? memory);
    now += beatMs;
  }
  return returned;
}

export const running = (progressPercent?: number): JobStatus =>
  jobStatus({ state: 'running', ...(progressPercent !== undefined && { progressPercent }) });

export const queued: JobStatus = jobStatus({ state: 'queued' });
export const unknownWord: JobStatus = jobStatus({ state: 'queued', rawStatus: 'unknown' });
export const succeeded: JobStatus = jobStatus({
  state: 'succeeded',
  resultUrls: ['https://media.example/v.mp4?signature=secret'],
});
export const failed: JobStatus = jobStatus({
  state: 'failed',
  failure: { kind: 'task_failed', message: 'The vendor said no' },
});
export const failedWithoutReason: JobStatus = jobStatus({
  state: 'failed',
  reasonMissing: true,
  failure: { kind: 'task_failed', message: 'No reason given' },
});
export const noNews: JobStatus = {
  state: 'queued',
  noNews: true,
  reasonMissing: false,
  resultUrls: [],
};

export const notFound = new GatewayError('task_not_found', 'No such task', { httpStatus: 400 });
export const unreachable = new GatewayError('gateway_unavailable', 'No answer');
export const badKey = new GatewayError('auth', 'Not let in', { httpStatus: 401, pause: true });
export const noQuota = new GatewayError('quota', 'Used up', { httpStatus: 403, pause: true });
