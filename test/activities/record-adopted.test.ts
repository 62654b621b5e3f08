import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test } from 'vitest';
import { createRecordAdopted } from '../../src/activities/resolve/record-adopted.ts';
import type { RecordAdoptedInput } from '../../src/contract/activities.ts';
import type { JobStatus } from '../../src/gateway/gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { createJobOwners } from '../../src/storage/claims/job-owners.ts';
import type { ClaimOutcome, SubmitClaim } from '../../src/storage/claims/claim.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import { createFakeGateway } from '../fakes/fake-gateway.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const submittedAt = 1_800_000_000_000;
const input: RecordAdoptedInput = {
  claimKey: 'video/a',
  job: { format: 'videos', jobId: 'task_named' },
  submittedAt,
};
const claim: Omit<SubmitClaim, 'outcome'> = {
  claimKey: 'video/a',
  requestDigest: 'd'.repeat(64),
  gateway: 'https://gateway.test',
  workflowId: 'video/a',
  runId: 'run-1',
  format: 'videos',
  model: 'sora-2',
  claimedAt: submittedAt,
};
const unknown: ClaimOutcome = { state: 'unknown', message: 'lost' };

const running: JobStatus = {
  state: 'running',
  noNews: false,
  resultUrls: [],
  reasonMissing: false,
};

interface Setting {
  before?: ClaimOutcome;
  status?: JobStatus | GatewayError;
  /** The video that the job belongs to already. */
  owner?: string;
}

/** What the claim says afterwards, and what the activity failed with. */
async function record({ before, status = running, owner }: Setting = {}) {
  const { storage } = await tempStorage();
  const claims = createSubmitClaims({ storage });
  if (before) {
    await claims.acquire(claim);
    await claims.record(claim, before);
  }
  const gateway = createFakeGateway({ status: { videos: [status] } });
  const owners = createJobOwners({ storage, gateway: gateway.origin });
  if (owner !== undefined) await owners.take({ jobId: 'task_named', videoId: owner });
  const recordAdopted = createRecordAdopted({ gateway, claims, owners });
  const workflowExecution = { workflowId: 'video/a', runId: 'run-1' };
  const ended = await new MockActivityEnvironment({ workflowExecution })
    .run(recordAdopted, input)
    .then(
      (recorded) => ({ recorded, failure: undefined }),
      (failure: unknown) => ({ recorded: undefined, failure }),
    );
  return { ...ended, outcome: (await claims.read('video/a'))?.outcome };
}

test('a job that a person named, and that the gateway knows, is written into the claim', async () => {
  const { outcome } = await record({ before: unknown });
  expect(outcome).toEqual({ state: 'accepted', jobId: 'task_named', submittedAt });
});

test('the digest of the request that the key was claimed for is told', async () => {
  const { recorded } = await record({ before: unknown });
  expect(recorded).toEqual({ requestDigest: claim.requestDigest });
});

test('a job that the gateway does not know is not, and is asked for again', async () => {
  const { failure, outcome } = await record({
    before: unknown,
    status: new GatewayError('task_not_found', 'No such task'),
  });
  expect(failure).toMatchObject({ type: 'task_not_found', nonRetryable: false });
  expect(outcome).toEqual(unknown);
});

test('a job of another video is refused, and the claim stays as it was', async () => {
  const { failure, outcome } = await record({ before: unknown, owner: 'video/b' });
  expect(failure).toMatchObject({ type: 'job_taken', nonRetryable: true });
  expect(String(failure)).toContain('"video/b"');
  expect(outcome).toEqual(unknown);
});

test('a claim that names a job already keeps it', async () => {
  const before: ClaimOutcome = { state: 'accepted', jobId: 'task_first', submittedAt };
  expect((await record({ before })).outcome).toEqual(before);
});

test('without a claim the key gets one that says that no POST was sent', async () => {
  const { recorded, outcome } = await record();
  // The request is unknown.
  expect(recorded).toEqual({});
  expect(outcome).toEqual({
    state: 'accepted',
    jobId: 'task_named',
    submittedAt,
    withoutPost: true,
  });
});
