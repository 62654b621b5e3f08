import { afterEach, describe, expect, test, vi } from 'vitest';
import { createCheckHolders } from '../../src/activities/admission/check-holders.ts';
import { createCountSpent } from '../../src/activities/admission/count-spent.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import { activityHarness } from '../fakes/activity-harness.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { claim } from './submit-harness.ts';

describe('the check of holders', () => {
  const nowMs = 1_000_000_000;
  test.each([
    ['is open', null, false, []],
    ['is over, with a claim', nowMs, true, [{ videoId: 'v', spent: 'yes' }]],
    [
      'is over, a submit may be under way',
      nowMs - 60_000,
      false,
      [{ videoId: 'v', spent: 'maybe' }],
    ],
    ['is long over, without a claim', nowMs - 3_600_000, false, [{ videoId: 'v', spent: 'no' }]],
    ['is unknown, without a claim', 0, false, [{ videoId: 'v', spent: 'no' }]],
  ])('says of a run that %s what it has spent', async (_, closedAt, claimed, ended) => {
    const checkHolders = createCheckHolders({
      runs: { closedAt: async () => closedAt },
      claims: { read: async () => (claimed ? { ...claim, outcome: { state: 'sent' } } : null) },
      now: () => nowMs,
    });
    const holders = [{ videoId: 'v', claimKey: 'v' }];
    expect(await activityHarness().run(checkHolders, { holders })).toEqual({ ended });
  });
});

test('what was spent is counted from the claims of this account, whatever else lies there', async () => {
  const { storage } = await tempStorage();
  const claims = createSubmitClaims({ storage });
  const claimFor = (key: string, admission?: object) =>
    claims.acquire({ ...claim, claimKey: key, ...admission });
  const cost = { seconds: 5 };
  const batch = { name: 'ads', runId: 'r1' };
  await claimFor('video/1', { admission: { id: 'admission/x', tags: ['red'], cost } });
  await claimFor('video/2', { admission: { id: 'admission/x', tags: [], batch, cost } });
  await claimFor('video/3', { admission: { id: 'admission/other', tags: [], cost } });
  await claimFor('video/4');
  await storage.writeSmall('claims/broken.json', Buffer.from('{'));
  const countSpent = createCountSpent({ claims });
  const counted = await activityHarness().run(countSpent, {
    admissionId: 'admission/x',
    sinceMs: 0,
  });
  const touchedAt = claim.claimedAt;
  const one = { videos: 1, seconds: 5, money: 0, touchedAt };
  expect(counted).toEqual({
    'day/2023-11-14': { videos: 2, seconds: 10, money: 0, touchedAt },
    'tag/2023-11-14/red': one,
    'batch/ads': one,
    'run/r1': one,
  });
  const later = { admissionId: 'admission/x', sinceMs: Date.now() + 60_000 };
  expect(await activityHarness().run(countSpent, later)).toEqual({});
});

const charged = { quota: 100_000, money: 0.2 };
const accepted = { state: 'accepted', jobId: 'task_1', submittedAt: 1, charged } as const;

test('the end of a run says what the gateway charged, where its claim knows', async () => {
  const checkHolders = createCheckHolders({
    runs: { closedAt: async () => 0 },
    claims: { read: async () => ({ ...claim, outcome: accepted }) },
  });
  const holders = [{ videoId: 'v', claimKey: 'v' }];
  expect(await activityHarness().run(checkHolders, { holders })).toEqual({
    ended: [{ videoId: 'v', spent: 'yes', charged }],
  });
});

test.each([
  ['counts the charge in place of a price of the gateway', 'gateway' as const, 0.2],
  ["keeps a price of the owner's list", undefined, 0.8],
])('counting what was spent %s', async (_, currency, money) => {
  const cost = { seconds: 5, money: 0.8, ...(currency && { currency }) };
  const admission = { id: 'admission/x', tags: [], cost };
  const claims = {
    listCopies: async function* () {
      yield { ...claim, admission, outcome: accepted };
    },
  };
  const counted = await activityHarness().run(createCountSpent({ claims }), {
    admissionId: 'admission/x',
    sinceMs: 0,
  });
  expect(Object.values(counted)).toMatchObject([{ videos: 1, seconds: 5, money }]);
});

describe('counting what was spent', () => {
  afterEach(() => void vi.useRealTimers());

  test('heartbeats while it reads, also where every claim is too old to be given', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const claims = {
      listCopies: async function* () {
        for (let count = 0; count < 20_000; count += 1) vi.advanceTimersByTime(1);
        yield* [];
      },
    };
    const harness = activityHarness();
    await harness.run(createCountSpent({ claims }), { admissionId: 'admission/x', sinceMs: 0 });
    expect(harness.heartbeats.length).toBeGreaterThanOrEqual(4);
  });
});
