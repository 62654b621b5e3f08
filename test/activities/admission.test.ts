import { describe, expect, test } from 'vitest';
import type { AdmissionClient } from '../../src/activities/admission/admission-client.ts';
import {
  createAdmittedSubmit,
  createRequestAdmission,
  type AdmittedSubmit,
  type AskOptions,
} from '../../src/activities/admission/request-admission.ts';
import { pricesBy } from '../../src/contract/price/price-of.ts';
import type { SubmitFailure, SubmittedVideo } from '../../src/contract/activities.ts';
import type {
  AdmissionAnswer,
  AdmissionRequest,
  AdmissionRelease,
} from '../../src/contract/admission.ts';
import { submitFailed } from '../../src/activities/to-application-failure.ts';
import { createSubmitClaims, type SubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { tempStorage, withFailing } from '../fakes/temp-storage.ts';
import { asActivity, claim, claimKey, input, workflowExecution } from './submit-harness.ts';

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
  claims?: AskOptions['claims'];
}) {
  const { answer = async () => ({ outcome: 'granted' }), post = async () => submitted } = given;
  const [asks, releases, posts] = [
    [] as AdmissionRequest[],
    [] as AdmissionRelease[],
    [] as AdmittedSubmit[],
  ];
  const admission: AdmissionClient = {
    id: 'admission/x',
    storageId: 'storage-1',
    ask: (ask) => {
      asks.push(ask);
      return answer();
    },
    release: async (release) => {
      releases.push(release);
    },
  };
  const options: AskOptions = {
    admission,
    claims: given.claims ?? { find: async () => (given.claimed === true ? 'closed' : null) },
    maxJobs: 3,
    prices: () => Promise.resolve(pricesBy({ 'kling-v1': { perVideo: 0.1, perSecond: 0.05 } })),
    deadlineMs: 60_000,
  };
  const admitted = createAdmittedSubmit({
    ...options,
    submitVideo: (sent) => {
      posts.push(sent);
      return post();
    },
  });
  const submitVideo = asActivity(options.claims, admitted);
  const run = (more: object = {}) =>
    activityHarness({ workflowExecution }).run(submitVideo, { ...input, ...more });
  const asking = createRequestAdmission(options);
  const request = (more: object = {}) =>
    activityHarness({ workflowExecution }).run(asking, { ...input, ...more });
  return { asks, releases, posts, run, request };
}

const grant = { id: 'admission/x', tags: [], cost: { money: 0.9 } };

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
    ['its own storage', 'storage-1'],
    ['no storage, as an older worker gives it', undefined],
  ])('with a grant of %s is sent with its cost, and asks nobody', async (_, storageId) => {
    const { run, asks, posts } = stageOf({});
    await run({ admission: { ...grant, ...(storageId && { storageId }) } });
    expect(asks).toEqual([]);
    expect(posts.map(({ admission }) => admission?.cost)).toEqual([grant.cost]);
  });

  test('with a grant of another storage is never sent, and gives its slot back: a worker of that storage may send it', async () => {
    const { run, releases, posts } = stageOf({});
    const failure = detailsOf(
      await failureOf(run({ admission: { ...grant, storageId: 'other' } })),
    );
    expect(failure).toMatchObject({ outcome: 'not_accepted', billed: 'no', held: true });
    expect(posts).toEqual([]);
    expect(releases).toEqual([{ videoId: claimKey, spent: 'no' }]);
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

test('without a free slot, ticket and failure say why, when to request again, and the place in the queue', async () => {
  const queue = { place: 2, of: 9, slots: 2, expectedStart: '2026-11-30T12:00:00.000Z' };
  const answer = async () => ({ outcome: 'waiting' as const, retryAfterMs: 345_000, queue });
  const told = { message: 'All 2 slots are taken', retryAfterMs: 345_000, queue };
  const { run, request, asks } = stageOf({ answer });
  expect(await request()).toEqual({ outcome: 'waiting', ...told });
  expect(detailsOf(await failureOf(run({ waitingSince: 5 })))).toMatchObject(told);
  expect(asks.at(-1)).toMatchObject({ waitingSince: 5 });
});

describe('the request for a slot', () => {
  const spelledId = 'cafe\u0301';

  test.each([
    ['has a claim', (claims: SubmitClaims) => claims.acquire(claim), {}],
    ['is closed', (claims: SubmitClaims) => claims.close(claimKey), {}],
    [
      'has a claim under its other spelling',
      (claims: SubmitClaims) => claims.acquire({ ...claim, claimKey: spelledId }),
      { claimKey: spelledId.normalize('NFC'), spelledId },
    ],
  ])('of a key that %s waits for none: the claims answer', async (_, use, more) => {
    const claims = createSubmitClaims(await tempStorage());
    await use(claims);
    const { request, asks } = stageOf({ claims });
    expect(await request(more)).toEqual({ outcome: 'claimed' });
    expect(asks).toEqual([]);
  });

  test('waits for none where the claims cannot be read: what was paid is unknown', async () => {
    const { storage } = await tempStorage();
    const claims = createSubmitClaims({ storage: withFailing(storage, ['readSmall']) });
    const { request, asks } = stageOf({ claims });
    expect(detailsOf(await failureOf(request()))).toMatchObject({
      kind: 'storage_unavailable',
      outcome: 'not_accepted',
    });
    expect(asks).toEqual([]);
  });
});

test('a grant names the storage that holds the claims', async () => {
  expect(await stageOf({}).request()).toMatchObject({
    outcome: 'granted',
    admission: { id: 'admission/x', storageId: 'storage-1' },
  });
});
