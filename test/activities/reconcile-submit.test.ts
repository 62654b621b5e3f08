import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, test } from 'vitest';
import { createReconcileSubmit } from '../../src/activities/resolve/reconcile-submit.ts';
import type { Reconciliation, ReconcileSubmitInput } from '../../src/contract/activities.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import type { Gateway, OwnJob, RequestLogRow } from '../../src/gateway/gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { createJobOwners } from '../../src/storage/claims/job-owners.ts';
import type { SubmitClaim } from '../../src/storage/claims/claim.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import { createFakeGateway } from '../fakes/fake-gateway.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const request: VideoRequest = { format: 'videos', body: { model: 'sora-2', prompt: 'a cat' } };
const fromMs = 1_800_000_000_000;
const ours: OwnJob = {
  jobId: 'task_1',
  submittedAt: fromMs + 500,
  model: 'sora-2',
  prompt: 'a cat',
};
const input: ReconcileSubmitInput = {
  request,
  claimKey: 'video/a',
  videoId: 'video/a',
  fromMs,
  toMs: fromMs + 1_000,
};
const claim: Omit<SubmitClaim, 'outcome'> = {
  claimKey: 'video/a',
  requestDigest: 'd'.repeat(64),
  gateway: 'https://gateway.test',
  workflowId: 'video/a',
  runId: 'run-1',
  format: 'videos',
  model: 'sora-2',
  claimedAt: fromMs,
};

const unclear = { requestId: 'r1', httpStatus: 500, gatewayCode: 'do_request_failed' };
const error: RequestLogRow = { type: 'error', quota: 0, requestId: 'r1' };
const charge: RequestLogRow = { type: 'charge', quota: 70_000, requestId: 'r1' };

interface Setting {
  jobs?: OwnJob[] | GatewayError;
  /** Jobs of other videos, by the index of Temporal. */
  taken?: string[];
  /** Jobs of other videos, by the storage. */
  owned?: string[];
  /** The request log, of an answer that names its request. */
  log?: RequestLogRow[] | GatewayError;
  /** Of the claim as it was found, where it differs. */
  claimed?: Partial<SubmitClaim>;
}

async function answer<T>(value: T | GatewayError): Promise<T> {
  if (value instanceof GatewayError) throw value;
  return value;
}

async function look(
  setting: Setting,
): Promise<{ found: Reconciliation; claimState: string | null }> {
  const { jobs, taken = [], owned = [], log, claimed = {} } = setting;
  const { claimKey } = claim;
  const { storage } = await tempStorage();
  const claims = createSubmitClaims({ storage });
  await claims.acquire({ ...claim, ...claimed });
  if (claimed.outcome) await claims.record({ ...claim, ...claimed }, claimed.outcome);
  const owners = createJobOwners({ storage, gateway: claim.gateway });
  for (const jobId of owned) await owners.take({ jobId, videoId: 'video/b' });
  const gateway: Gateway = {
    ...createFakeGateway(),
    canSearch: jobs !== undefined,
    findOwnJobs: () => answer(jobs ?? []),
    findRequest: () => answer(log ?? []),
    readKeyLog: () => answer(log ?? []),
  };
  const reconcile = createReconcileSubmit({
    gateway,
    claims,
    owners,
    others: { own: async ({ jobId }) => taken.includes(jobId) },
    exclusiveAccount: false,
  });
  const found: Reconciliation = await new MockActivityEnvironment().run(reconcile, {
    ...input,
    ...(log && { answer: unclear }),
  });
  return { found, claimState: (await claims.read(claimKey))?.outcome.state ?? null };
}

describe('the task log of the gateway', () => {
  test('with exactly one job of our model and prompt adopts it, and the claim says so', async () => {
    const { found, claimState } = await look({ jobs: [ours] });
    expect(found.adopted).toEqual({ jobId: 'task_1', submittedAt: ours.submittedAt });
    expect(claimState).toBe('accepted');
  });

  test.each<[string, OwnJob[], string[]]>([
    ['no job', [], []],
    ['two that fit', [ours, { ...ours, jobId: 'task_2' }], ['task_1', 'task_2']],
    [
      'a job without a prompt, as the recorded gateway keeps it',
      [{ jobId: 'task_1', submittedAt: fromMs + 500, model: 'sora-2' }],
      ['task_1'],
    ],
    ['another prompt', [{ ...ours, prompt: 'a dog' }], ['task_1']],
    ['a prompt that differs in one space', [{ ...ours, prompt: 'a cat ' }], ['task_1']],
    ['another model', [{ ...ours, model: 'sora-2-pro' }], []],
  ])('with %s adopts nothing, and shows what may be it', async (_, jobs, candidates) => {
    const { found, claimState } = await look({ jobs });
    expect(found).toMatchObject({ candidates });
    expect(found.adopted).toBeUndefined();
    expect(claimState).toBe('sent');
  });

  test('with a job that another video stands for does not take it', async () => {
    const { found } = await look({ jobs: [ours], taken: ['task_1'] });
    expect(found).toMatchObject({ candidates: [] });
    expect(found.adopted).toBeUndefined();
  });

  test('with a job whose owner in storage is another video does not take it', async () => {
    const { found, claimState } = await look({ jobs: [ours], owned: ['task_1'] });
    expect(found).toMatchObject({ candidates: [] });
    expect(found.adopted).toBeUndefined();
    expect(claimState).toBe('sent');
  });

  test('gives one job to exactly one of ten unresolved videos that look at once', async () => {
    const { storage } = await tempStorage();
    const claims = createSubmitClaims({ storage });
    const ids = Array.from({ length: 10 }, (_, index) => `video/${index}`);
    const lookOf = async (videoId: string) => {
      await claims.acquire({ ...claim, claimKey: videoId, workflowId: videoId });
      const gateway: Gateway = {
        ...createFakeGateway(),
        canSearch: true,
        findOwnJobs: async () => [ours],
      };
      const reconcile = createReconcileSubmit({
        gateway,
        claims,
        owners: createJobOwners({ storage, gateway: claim.gateway }),
        // The index knows nothing yet.
        others: { own: async () => false },
        exclusiveAccount: false,
      });
      const activity = new MockActivityEnvironment();
      const given = { ...input, claimKey: videoId, videoId };
      const answer: Reconciliation = await activity.run(reconcile, given);
      return answer;
    };
    const found = await Promise.all(ids.map(lookOf));
    expect(found.filter(({ adopted }) => adopted)).toHaveLength(1);
    const states = await Promise.all(ids.map(async (id) => (await claims.read(id))?.outcome.state));
    expect(states.filter((state) => state === 'accepted')).toHaveLength(1);
  });

  test('that refuses the token says "no answer", never "no such job"', async () => {
    const { found } = await look({ jobs: new GatewayError('auth', 'The token is not let in') });
    expect(found.findings.join()).toContain('gave no answer');
    expect(found.worthRepeating).toBe(true);
  });
});

describe('without any source', () => {
  test('a claim that has no outcome yet is read again: its worker may still write one', async () => {
    expect((await look({})).found.worthRepeating).toBe(true);
  });

  test('a claim whose outcome is unknown is left to a person', async () => {
    const claimed = { outcome: { state: 'unknown', message: 'lost' } } as const;
    expect((await look({ claimed })).found.worthRepeating).toBe(false);
  });
});

describe('the request log of the gateway', () => {
  test('with an error row of exactly our request proves that nothing was billed, and frees the claim', async () => {
    const { found, claimState } = await look({ log: [error] });
    expect(found).toMatchObject({ notBilled: true });
    expect(claimState).toBeNull();
  });

  test('with a charge that names its job adopts it, whatever the task log says', async () => {
    const { found, claimState } = await look({
      log: [{ ...charge, jobId: 'task_9' }],
      jobs: [ours],
    });
    expect(found.adopted).toEqual({ jobId: 'task_9', submittedAt: fromMs });
    expect(claimState).toBe('accepted');
  });

  test('with a charge without a job says "billed: yes", and the doubt stays', async () => {
    const { found, claimState } = await look({ log: [charge] });
    expect(found).toMatchObject({ billed: 'yes', worthRepeating: true });
    expect(found.adopted).toBeUndefined();
    expect(claimState).toBe('sent');
  });

  test('leaves a job to the video that owns it', async () => {
    const log = [{ ...charge, jobId: 'task_9' }];
    const { found, claimState } = await look({ log, owned: ['task_9'] });
    expect(found).toMatchObject({ billed: 'yes' });
    expect(found.adopted).toBeUndefined();
    expect(claimState).toBe('sent');
  });

  test.each<[string, Partial<SubmitClaim>]>([
    ['of a later submit', { claimedAt: input.toMs + 60_000 }],
    ['of another answer', { outcome: { state: 'unknown', message: 'x', requestId: 'r2' } }],
  ])('neither frees nor decides a claim %s', async (_, claimed) => {
    const { found, claimState } = await look({ log: [error], claimed });
    expect(found.notBilled).toBeUndefined();
    expect(claimState).toBe(claimed.outcome?.state ?? 'sent');
  });

  test.each<[string, RequestLogRow[] | GatewayError]>([
    ['no row', []],
    ["another request's row", [{ ...error, requestId: 'r10' }]],
    ['a refusal', new GatewayError('auth', 'The token is not let in')],
    ['a 429', new GatewayError('rate_limited', 'Too many', { retryAfterMs: 1_000 })],
  ])('with %s decides nothing, and is asked again', async (_, log) => {
    const { found, claimState } = await look({ log });
    expect(found).toMatchObject({ worthRepeating: true });
    expect(found.notBilled ?? found.adopted ?? found.billed).toBeUndefined();
    expect(claimState).toBe('sent');
  });
});
