import { expect, test } from 'vitest';
import { readLedger } from '../../src/storage/records/read-ledger.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import { keepVideo } from '../fakes/kept-videos.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

const nowMs = Date.now();
const window = { fromMs: nowMs - 1_000, toMs: nowMs + 1_000 };

/** The claim of a job whose video is not stored, with what the gateway charged for it. */
async function chargedClaim(charged: { quota: number; money: number }) {
  const { storage } = await tempStorage();
  const claims = createSubmitClaims({ storage });
  const claimKey = 'video/a';
  const origin = { gateway: 'https://gateway.test', workflowId: claimKey, runId: 'run-1' };
  const asked = { requestDigest: '00', format: 'videos', model: 'sora-2' };
  const claim = { claimKey, ...origin, ...asked, claimedAt: nowMs };
  await claims.acquire(claim);
  await claims.record(claim, { state: 'accepted', jobId: 'task_a', submittedAt: nowMs });
  await claims.charge({ claimKey, jobId: 'task_a', charged });
  return storage;
}

test('the ledger shows what the gateway charged for a stored video', async () => {
  const { storage } = await tempStorage();
  const charged = { quota: 70_000, money: 0.14 };
  await keepVideo(storage, 'a', { storedAt: new Date(nowMs).toISOString(), charged });
  expect(await readLedger(storage, window)).toMatchObject([{ charged, billed: 'yes' }]);
});

test('the ledger shows the charge in the claim for a job without a video', async () => {
  const charged = { quota: 70_000, money: 0.14 };
  const storage = await chargedClaim(charged);
  expect(await readLedger(storage, window)).toMatchObject([{ charged, billed: 'maybe' }]);
});

test('the ledger shows a refunded job as not billed', async () => {
  const storage = await chargedClaim({ quota: 0, money: 0 });
  expect(await readLedger(storage, window)).toMatchObject([{ state: 'accepted', billed: 'no' }]);
});
