import { expect, test } from 'vitest';
import { claimObjectKey } from '../../src/identity/object-key.ts';
import type { ClaimOutcome, NewClaim } from '../../src/storage/claims/claim.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import { createUnclaimedVideos } from '../../src/storage/records/unclaimed-videos.ts';
import { tempStorage, withFailing } from '../fakes/temp-storage.ts';

const storedAtMs = Date.parse('2026-06-15T12:00:00Z');
const videoId = 'video/demo';
const jobId = 'task_1';
const entry = 'unclaimed-by-month/2026-06/15-demo-c251424a88d450f7.json';

const claim: NewClaim = {
  claimKey: videoId,
  requestDigest: '00',
  gateway: 'https://gateway.test',
  workflowId: videoId,
  runId: 'run-1',
  format: 'videos',
  model: 'm',
  claimedAt: storedAtMs,
};

async function entriesWith(outcome: ClaimOutcome, changed: Partial<NewClaim> = {}) {
  const { storage, files } = await tempStorage();
  const claims = createSubmitClaims({ storage });
  await claims.acquire({ ...claim, ...changed });
  await claims.record({ ...claim, ...changed }, outcome);
  await createUnclaimedVideos({ storage }).note({ videoId, jobId, storedAtMs });
  return (await files()).filter((path) => path === entry);
}

test('a video of the job that its own claim paid for has no entry', async () => {
  expect(await entriesWith({ state: 'accepted', jobId, submittedAt: 0 })).toEqual([]);
});

test.each<[string, ClaimOutcome]>([
  ['names another job', { state: 'accepted', jobId: 'task_2', submittedAt: 0 }],
  ['paid for nothing', { state: 'accepted', jobId, submittedAt: 0, withoutPost: true }],
  ['does not know its job', { state: 'unknown', message: 'lost' }],
])('a video has an entry if its claim %s', async (_, outcome) => {
  expect(await entriesWith(outcome)).toEqual([entry]);
});

test('a video has an entry if its claim names the run of another spelling', async () => {
  const outcome = { state: 'accepted', jobId, submittedAt: 0 } as const;
  expect(await entriesWith(outcome, { workflowId: 'video/Demo' })).toEqual([entry]);
});

test('a video without a claim, or with one that cannot be read, has an entry', async () => {
  const { storage, files } = await tempStorage();
  const unclaimed = createUnclaimedVideos({ storage });
  await unclaimed.note({ videoId, jobId, storedAtMs });
  expect(await files()).toContain(entry);
  await storage.remove(entry);
  await storage.writeSmall(claimObjectKey(videoId), Buffer.from('{'));
  await unclaimed.note({ videoId, jobId, storedAtMs });
  expect(await files()).toContain(entry);
});

test('the index begins with the first delivery, also if that needs no entry', async () => {
  const { storage, files } = await tempStorage();
  const claims = createSubmitClaims({ storage });
  await claims.acquire(claim);
  await claims.record(claim, { state: 'accepted', jobId, submittedAt: 0 });
  await createUnclaimedVideos({ storage }).note({ videoId, jobId, storedAtMs });
  expect(await files()).toContain('unclaimed-by-month/since.json');
});

test('an entry that cannot be written fails the delivery, and the next attempt begins again', async () => {
  const { storage, files } = await tempStorage();
  let isDown = true;
  const failing = withFailing(storage, ['createSmall', 'writeSmall'], () => isDown);
  const unclaimed = createUnclaimedVideos({ storage: failing });
  await expect(unclaimed.note({ videoId, jobId, storedAtMs })).rejects.toThrow('disk is gone');
  isDown = false;
  await unclaimed.note({ videoId, jobId, storedAtMs });
  expect(await files()).toEqual([entry, 'unclaimed-by-month/since.json']);
});
