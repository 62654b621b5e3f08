import { describe, expect, test } from 'vitest';
import { claimObjectKey } from '../../src/identity/object-key.ts';
import { StorageError } from '../../src/storage/storage-error.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const claim = {
  claimKey: 'video/demo',
  requestDigest: 'd'.repeat(64),
  gateway: 'https://gateway.test',
  workflowId: 'video/demo',
  runId: 'run-1',
  format: 'videos',
  model: 'sora-2',
  claimedAt: 1_700_000_000_000,
};

async function claimsHarness() {
  const temp = await tempStorage();
  return { ...temp, claims: createSubmitClaims({ storage: temp.storage }) };
}

describe('a claim', () => {
  test('belongs to exactly one of 50 concurrent callers', async () => {
    const { claims } = await claimsHarness();
    const runs = Array.from({ length: 50 }, (_, index) => `run-${index}`);
    const answers = await Promise.all(runs.map((runId) => claims.acquire({ ...claim, runId })));
    const winners = runs.filter((_, index) => answers[index] === null);
    expect(winners).toHaveLength(1);
    const earlier = answers.filter((answer) => answer !== null && answer !== 'closed');
    expect(new Set(earlier.map(({ runId }) => runId))).toEqual(new Set(winners));
    expect(new Set(earlier.map(({ outcome }) => outcome.state))).toEqual(new Set(['sent']));
  });

  test('that is taken returns its owner, unchanged', async () => {
    const { claims } = await claimsHarness();
    await claims.acquire(claim);
    const answer = await claims.acquire({ ...claim, runId: 'run-2', requestDigest: 'other' });
    expect(answer).toEqual({ ...claim, outcome: { state: 'sent' } });
  });

  test.each([
    { state: 'accepted', jobId: ' task_äöü/1 ', submittedAt: 1, requestId: 'req-1' },
    { state: 'accepted', jobId: 'task_1', submittedAt: 1 },
    { state: 'accepted', jobId: 'task_1', submittedAt: 1, chargedRatios: { seconds: 8 } },
    { state: 'unknown', message: 'The answer was lost' },
  ] as const)('keeps its outcome byte for byte: %j', async (outcome) => {
    const { claims } = await claimsHarness();
    await claims.acquire(claim);
    await claims.record(claim, outcome);
    expect(await claims.acquire(claim)).toEqual({ ...claim, outcome });
  });

  test('records what the gateway charged for its job, and stays decided', async () => {
    const { claims } = await claimsHarness();
    const outcome = { state: 'accepted', jobId: 'task_1', submittedAt: 1 } as const;
    await claims.acquire(claim);
    await claims.record(claim, outcome);
    const charge = { claimKey: claim.claimKey, charged: { quota: 70_000, money: 0.14 } };
    await claims.charge({ ...charge, jobId: 'task_1' });
    const { charged } = charge;
    expect(await claims.read(claim.claimKey)).toEqual({
      ...claim,
      outcome: { ...outcome, charged },
    });
    await expect(claims.record(claim, outcome)).rejects.toThrow(StorageError);
  });

  test.each([
    ['names another job', { state: 'accepted', jobId: 'task_2', submittedAt: 1 } as const],
    ['names no job', { state: 'unknown', message: 'The answer was lost' } as const],
  ])('that %s records no charge', async (_, outcome) => {
    const { claims } = await claimsHarness();
    await claims.acquire(claim);
    await claims.record(claim, outcome);
    const charged = { quota: 70_000, money: 0.14 };
    await claims.charge({ claimKey: claim.claimKey, jobId: 'task_1', charged });
    await claims.charge({ claimKey: 'video/other', jobId: 'task_1', charged });
    expect(await claims.read(claim.claimKey)).toEqual({ ...claim, outcome });
    expect(await claims.read('video/other')).toBeNull();
  });

  test('of an older version, which contains the balance of the key, is read', async () => {
    const { claims, storage } = await claimsHarness();
    const outcome = { state: 'unknown', message: 'The answer was lost' } as const;
    const text = JSON.stringify({ ...claim, balanceBefore: 1_000, outcome });
    await storage.createSmall(claimObjectKey(claim.claimKey), Buffer.from(text));
    expect(await claims.read(claim.claimKey)).toEqual({ ...claim, outcome });
  });

  test('that is released can be taken again', async () => {
    const { claims } = await claimsHarness();
    await claims.acquire(claim);
    await claims.release(claim);
    expect(await claims.acquire({ ...claim, runId: 'run-2' })).toBeNull();
  });

  test('of a later submit is neither overwritten nor released by a worker that slept', async () => {
    const { claims } = await claimsHarness();
    const later = { ...claim, claimedAt: claim.claimedAt + 300_000 };
    await claims.acquire(later);
    await expect(claims.record(claim, { state: 'unknown', message: 'late' })).rejects.toThrow();
    await expect(claims.release(claim)).rejects.toThrow();
    expect(await claims.read(claim.claimKey)).toEqual({ ...later, outcome: { state: 'sent' } });
  });

  test('that names a job keeps it, whatever is written later', async () => {
    const { claims } = await claimsHarness();
    const outcome = { state: 'accepted', jobId: 'task_1', submittedAt: 1 } as const;
    await claims.acquire(claim);
    await claims.record(claim, outcome);
    await expect(claims.record(claim, { state: 'unknown', message: 'late' })).rejects.toThrow();
    await expect(claims.release(claim)).rejects.toThrow();
    expect(await claims.read(claim.claimKey)).toEqual({ ...claim, outcome });
  });

  test('belongs to one key, which includes case and take', async () => {
    const { claims } = await claimsHarness();
    const keys = ['video/demo', 'video/Demo', 'video/demo/take-2', 'demo', 'video/demo '];
    const answers = await Promise.all(
      keys.map((claimKey) => claims.acquire({ ...claim, claimKey })),
    );
    expect(answers).toEqual(keys.map(() => null));
  });

  test('is readable by people and programs: one JSON file', async () => {
    const { claims, text } = await claimsHarness();
    await claims.acquire(claim);
    expect(JSON.parse(await text(claimObjectKey(claim.claimKey)))).toEqual({
      ...claim,
      outcome: { state: 'sent' },
    });
  });
});

describe('a claim that cannot be parsed', () => {
  test.each([
    ['empty', ''],
    ['cut', '{'],
    ['incomplete', '{"claimKey":"video/demo"}'],
    ['from another version', JSON.stringify({ ...claim, outcome: { state: 'paid' } })],
    ['oversized', 'x'.repeat(70_000)],
  ])('is never treated as free: %s', async (_name, content) => {
    const { claims, storage } = await claimsHarness();
    await storage.writeSmall(claimObjectKey(claim.claimKey), Buffer.from(content));
    await expect(claims.acquire(claim)).rejects.toBeInstanceOf(StorageError);
  });
});
