import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AdmissionClient } from '../../src/activities/admission-client.ts';
import { createAdmittedSubmit, type AdmittedSubmit } from '../../src/activities/admitted-submit.ts';
import { createCheckHolders } from '../../src/activities/check-holders.ts';
import { createCountSpent } from '../../src/activities/count-spent.ts';
import type { SubmitFailure, SubmittedVideo } from '../../src/contract/activities.ts';
import type {
  AdmissionAnswer,
  AdmissionAsk,
  AdmissionRelease,
} from '../../src/contract/admission.ts';
import { submitFailed } from '../../src/activities/to-application-failure.ts';
import { createSubmitClaims } from '../../src/storage/submit-claims.ts';
import { activityStage, detailsOf, failureOf } from '../fakes/activity-stage.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { claim, claimKey, input, workflowExecution } from './submit-stage.ts';

const submitted: SubmittedVideo = {
  jobId: 'task_1',
  submittedAt: claim.claimedAt,
  warnings: [],
  deadlineMs: 60_000,
  foundInClaim: false,
};

/** The activity over an admission that answers as told, and a paid POST that ends as told. */
function stageOf(given: {
  answer?: () => Promise<AdmissionAnswer>;
  post?: () => Promise<SubmittedVideo>;
  claimed?: boolean;
}) {
  const { answer = async () => ({ outcome: 'granted' }), post = async () => submitted } = given;
  const [asks, releases, posts] = [
    [] as AdmissionAsk[],
    [] as AdmissionRelease[],
    [] as AdmittedSubmit[],
  ];
  const admission: AdmissionClient = {
    id: 'admission/x',
    ask: (ask) => {
      asks.push(ask);
      return answer();
    },
    release: async (release) => {
      releases.push(release);
    },
  };
  const submitVideo = createAdmittedSubmit({
    submitVideo: (sent) => {
      posts.push(sent);
      return post();
    },
    admission,
    claims: { read: async () => (given.claimed ? { ...claim, outcome: { state: 'sent' } } : null) },
    maxJobs: 3,
    prices: { 'kling-v1': { perVideo: 0.1, perSecond: 0.05 } },
    deadlineMs: 60_000,
  });
  const run = (more: object = {}) =>
    activityStage({ workflowExecution }).run(submitVideo, { ...input, ...more });
  return { asks, releases, posts, run };
}

const failing = (failure: Partial<SubmitFailure>) => () =>
  Promise.reject(
    submitFailed({
      kind: 'moderation',
      outcome: 'refused',
      billed: 'no',
      message: 'x',
      ...failure,
    }),
  );

describe('a submit', () => {
  test('asks for what it takes, and is sent with what the claim is to say', async () => {
    const { run, asks, posts } = stageOf({});
    const body = { ...input.request.body, duration: 5 };
    const labels = { tags: ['red'], batch: { name: 'ads', runId: 'r1', caps: { videos: 1 } } };
    const result = await run({ request: { ...input.request, body }, ...labels, deadlineMs: 9_000 });
    const cost = { seconds: 5, money: 0.35 };
    expect(result).toEqual({ ...submitted, admitted: true, admissionId: 'admission/x' });
    expect(asks).toMatchObject([
      {
        videoId: claimKey,
        claimKey,
        model: 'kling-v1',
        ...labels,
        cost,
        deadlineMs: 9_000,
        maxJobs: 3,
      },
    ]);
    expect(posts[0]?.admission).toEqual({
      id: 'admission/x',
      tags: ['red'],
      batch: { name: 'ads', runId: 'r1' },
      cost,
    });
  });

  test('whose claim exists asks nobody: nothing will be sent', async () => {
    const { run, asks, posts } = stageOf({ claimed: true });
    expect(await run()).not.toHaveProperty('admitted');
    expect(asks).toEqual([]);
    expect(posts[0]).not.toHaveProperty('admission');
  });

  test.each([
    ['no slot is free', async () => ({ outcome: 'waiting' as const })],
    ['nobody answers', () => Promise.reject(new Error('down'))],
  ])('is not sent while %s: it waits, billed: no', async (_, answer) => {
    const { run, posts } = stageOf({ answer });
    expect(detailsOf(await failureOf(run()))).toMatchObject({
      outcome: 'not_accepted',
      waiting: true,
      held: true,
      billed: 'no',
    });
    expect(posts).toEqual([]);
  });

  test('that would exceed a cap is refused', async () => {
    const answer = async () => ({ outcome: 'refused' as const, message: 'Cap for today: 1' });
    const { run, posts } = stageOf({ answer });
    expect(detailsOf(await failureOf(run()))).toMatchObject({
      kind: 'cap_exceeded',
      outcome: 'refused',
      billed: 'no',
      message: 'Cap for today: 1',
    });
    expect(posts).toEqual([]);
  });

  test.each<[string, Partial<SubmitFailure>, AdmissionRelease[]]>([
    ['refused', {}, [{ videoId: claimKey, spent: 'no' }]],
    [
      'not accepted',
      { kind: 'no_channel', outcome: 'not_accepted' },
      [{ videoId: claimKey, spent: 'no' }],
    ],
    ['limited for the whole key', { kind: 'rate_limited', outcome: 'not_accepted' }, []],
    [
      'limited for its model alone',
      { kind: 'rate_limited', outcome: 'not_accepted', limit: 'model' },
      [{ videoId: claimKey, spent: 'no' }],
    ],
    ['unknown', { kind: 'submit_unknown', outcome: 'unknown', billed: 'maybe' }, []],
  ])('that was %s gives back what it surely does not need', async (_, failure, expected) => {
    const { run, releases } = stageOf({ post: failing(failure) });
    await failureOf(run());
    expect(releases).toEqual(expected);
  });

  test.each([{ tags: 'red' }, { tags: [''] }, { priority: 'high' }, { batch: {} }])(
    'with labels that are none is refused, and nobody is asked: %j',
    async (labels) => {
      const { run, asks } = stageOf({});
      expect(detailsOf(await failureOf(run(labels)))).toMatchObject({
        kind: 'invalid_request',
        outcome: 'refused',
      });
      expect(asks).toEqual([]);
    },
  );
});

test('a submit without a free slot is requested again when the admission says', async () => {
  const answer = async () => ({ outcome: 'waiting' as const, retryAfterMs: 345_000 });
  const { run, asks } = stageOf({ answer });
  const details = detailsOf(await failureOf(run({ waitingSince: 5 })));
  expect(details.retryAfterMs).toBe(345_000);
  expect(asks).toMatchObject([{ waitingSince: 5 }]);
});

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
    expect(await activityStage().run(checkHolders, { holders })).toEqual({ ended });
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
  const counted = await activityStage().run(countSpent, { admissionId: 'admission/x', sinceMs: 0 });
  const touchedAt = claim.claimedAt;
  const one = { videos: 1, seconds: 5, money: 0, touchedAt };
  expect(counted).toEqual({
    'day/2023-11-14': { videos: 2, seconds: 10, money: 0, touchedAt },
    'tag/2023-11-14/red': one,
    'batch/ads': one,
    'run/r1': one,
  });
  const later = { admissionId: 'admission/x', sinceMs: Date.now() + 60_000 };
  expect(await activityStage().run(countSpent, later)).toEqual({});
});

describe('counting what was spent', () => {
  afterEach(() => void vi.useRealTimers());

  test('heartbeats while it reads, also where every claim is too old to be given', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const claims = {
      listSince: async function* () {
        for (let count = 0; count < 20_000; count += 1) vi.advanceTimersByTime(1);
        yield* [];
      },
    };
    const stage = activityStage();
    await stage.run(createCountSpent({ claims }), { admissionId: 'admission/x', sinceMs: 0 });
    expect(stage.heartbeats.length).toBeGreaterThanOrEqual(4);
  });
});
