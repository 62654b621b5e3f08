import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, test } from 'vitest';
import { createReconcileSubmit } from '../../src/activities/resolve/reconcile-submit.ts';
import type { Reconciliation, ReconcileSubmitInput } from '../../src/contract/activities.ts';
import type { Gateway, OwnJob } from '../../src/gateway/gateway.ts';
import { createJobOwners } from '../../src/storage/claims/job-owners.ts';
import type { SubmitClaim } from '../../src/storage/claims/claim.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import { createFakeGateway } from '../fakes/fake-gateway.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const nowMs = Date.now();
const minuteMs = 60_000;
/** As recorded: without a prompt. */
const job: OwnJob = { jobId: 'task_1', submittedAt: nowMs, model: 'sora-2' };
const claim: Omit<SubmitClaim, 'outcome'> = {
  claimKey: 'video/a',
  requestDigest: 'd'.repeat(64),
  gateway: 'https://gateway.test',
  workflowId: 'video/a',
  runId: 'run-1',
  format: 'videos',
  model: 'sora-2',
  claimedAt: nowMs - 10_000,
};
const other = { ...claim, claimKey: 'video/b', workflowId: 'video/b' };
const input: ReconcileSubmitInput = {
  request: { format: 'videos', body: { model: 'sora-2', prompt: 'a cat' } },
  claimKey: 'video/a',
  videoId: 'video/a',
  fromMs: nowMs - 10_000,
  toMs: nowMs + 1_000,
};

interface Setting {
  jobs?: OwnJob[];
  exclusiveAccount?: boolean;
  owned?: boolean;
  /** Another submit of the same storage. */
  beside?: Partial<SubmitClaim>;
}

async function look({ jobs = [job], exclusiveAccount = true, owned, beside }: Setting) {
  const { storage } = await tempStorage();
  const claims = createSubmitClaims({ storage });
  const owners = createJobOwners({ storage, gateway: claim.gateway });
  await claims.acquire(claim);
  if (owned) await owners.take({ jobId: 'task_1', videoId: 'video/b' });
  if (beside) {
    const { outcome, ...made } = { ...other, ...beside };
    await claims.acquire(made);
    if (outcome) await claims.record(made, outcome);
  }
  const gateway: Gateway = {
    ...createFakeGateway(),
    canSearch: true,
    findOwnJobs: async () => jobs,
  };
  const others = { own: async () => false };
  const reconcile = createReconcileSubmit({ gateway, claims, owners, others, exclusiveAccount });
  const found: Reconciliation = await new MockActivityEnvironment().run(reconcile, input);
  return { found, owner: await owners.ownerOf('task_1') };
}

describe('a job without a prompt, on an account that nothing else uses', () => {
  test('is adopted where it is the only one, and no other submit is open', async () => {
    const { found, owner } = await look({});
    expect(found.adopted).toEqual({ jobId: 'task_1', submittedAt: nowMs });
    expect(owner).toEqual({ videoId: 'video/a' });
  });

  test.each<[string, Setting]>([
    ['the open submit beside it is of another model', { beside: { model: 'kling-v1' } }],
    [
      'the open submit beside it was an hour before',
      { beside: { claimedAt: nowMs - 60 * minuteMs } },
    ],
    ['the open submit beside it came later', { beside: { claimedAt: nowMs + 10 * minuteMs } }],
    [
      'the submit beside it has a job of its own',
      { beside: { outcome: { state: 'accepted', jobId: 'task_2', submittedAt: nowMs } } },
    ],
    ['the submit beside it is of another gateway', { beside: { gateway: 'https://other.test' } }],
  ])('is adopted where %s', async (_, setting) => {
    expect((await look(setting)).found.adopted).toMatchObject({ jobId: 'task_1' });
  });

  test.each<[string, Setting]>([
    ['other programs may use the account', { exclusiveAccount: false }],
    ['there are two', { jobs: [job, { ...job, jobId: 'task_2' }] }],
    ['another submit is under way', { beside: {} }],
    [
      'another submit is unknown, too',
      { beside: { outcome: { state: 'unknown', message: 'lost' } } },
    ],
    [
      'another submit of the same video is unknown, too',
      { beside: { claimKey: 'video/a/resubmit-2' } },
    ],
    [
      'it is the job of another submit',
      { beside: { outcome: { state: 'accepted', jobId: 'task_1', submittedAt: nowMs } } },
    ],
    ['it has an owner', { owned: true }],
    ['its model is not told', { jobs: [{ jobId: 'task_1', submittedAt: nowMs }] }],
    ['it has another prompt', { jobs: [{ ...job, prompt: 'a dog' }] }],
  ])('is not adopted where %s', async (_, setting) => {
    expect((await look(setting)).found.adopted).toBeUndefined();
  });

  test('is shown with its time where it is not adopted', async () => {
    const { found } = await look({ exclusiveAccount: false });
    expect(found).toMatchObject({ candidates: ['task_1'] });
    expect(found.findings.join()).toContain(`task_1 was made at ${new Date(nowMs).toISOString()}`);
  });
});
