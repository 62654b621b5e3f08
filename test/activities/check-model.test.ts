import { describe, expect, test } from 'vitest';
import type { AdmissionClient } from '../../src/activities/admission/admission-client.ts';
import {
  createAdmittedSubmit,
  createRequestAdmission,
} from '../../src/activities/admission/request-admission.ts';
import { createCheckModel } from '../../src/activities/submit/check-model.ts';
import { pricesBy } from '../../src/contract/price/price-of.ts';
import type { SubmitVideoInput } from '../../src/contract/activities.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { createSubmitClaims } from '../../src/storage/claims/submit-claims.ts';
import type { VideoStorage } from '../../src/storage/video-storage.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { keepVideo } from '../fakes/kept-videos.ts';
import { tempStorage, withFailing } from '../fakes/temp-storage.ts';
import { asActivity, claim, claimKey, input, workflowExecution } from './submit-harness.ts';

/** Both activities that submit, over a sandbox gateway, an admission that grants all, and a folder. */
async function harnessOf(
  given: { through?: (storage: VideoStorage) => VideoStorage; scenario?: string } = {},
) {
  const { scenario = '', through = (storage) => storage } = given;
  const sandbox = await startSandboxGateway({ scenario });
  const temp = await tempStorage();
  const storage = through(temp.storage);
  const claims = createSubmitClaims({ storage });
  const gateway = createGateway({ baseUrl: sandbox.url, apiKey: sandbox.apiKey });
  const seen = { asks: 0, submits: 0 };
  const admission: AdmissionClient = {
    id: 'admission/x',
    storageId: 'storage-1',
    ask: async () => {
      seen.asks += 1;
      return { outcome: 'granted' };
    },
    release: async () => {},
  };
  const checkModel = createCheckModel({ gateway, claims, storage });
  const options = {
    admission,
    claims,
    checkModel,
    maxJobs: 3,
    prices: () => Promise.resolve(pricesBy({})),
    deadlineMs: 60_000,
    submitVideo: async () => {
      seen.submits += 1;
      return { jobId: 'task_1', submittedAt: 1, warnings: [], deadlineMs: 1, foundInClaim: false };
    },
  };
  const admitted = asActivity(claims, createAdmittedSubmit(options));
  const run = <Out>(
    activity: (asked: SubmitVideoInput) => Promise<Out>,
    model: string,
    more = {},
  ) =>
    activityHarness({ workflowExecution }).run(activity, {
      ...input,
      ...more,
      request: { ...input.request, body: { ...input.request.body, model } },
    });
  return {
    ...temp,
    claims,
    seen,
    posts: () => sandbox.ledger.posts.length,
    requestAdmission: (model: string, more = {}) =>
      run(createRequestAdmission(options), model, more),
    submitVideo: (model: string) => run(admitted, model),
    [Symbol.asyncDispose]: () => sandbox.stop(),
  };
}

describe('a submit whose model the gateway does not list for the API key', () => {
  test.each(['requestAdmission', 'submitVideo'] as const)(
    'is refused by %s with the nearest name, before the admission, a claim and a POST',
    async (activity) => {
      await using harness = await harnessOf();
      const failure = detailsOf(await failureOf(harness[activity]('kling-v2-mster')));
      expect(failure).toMatchObject({
        kind: 'invalid_request',
        outcome: 'refused',
        billed: 'no',
        message: expect.stringMatching(
          /^Nothing was sent: .*"kling-v2-mster".*this API key.*did you mean "kling-v2-master"\?$/,
        ) as string,
      });
      expect({ ...harness.seen, posts: harness.posts() }).toEqual({
        asks: 0,
        submits: 0,
        posts: 0,
      });
      expect(await harness.files()).toEqual([]);
    },
  );

  test.each<[string, (harness: Awaited<ReturnType<typeof harnessOf>>) => Promise<unknown>, object]>(
    [
      ['has a claim', ({ claims }) => claims.acquire(claim), {}],
      ['is closed', ({ claims }) => claims.close(claimKey), {}],
      [
        'has a claim under an earlier spelling',
        ({ claims }) => claims.acquire({ ...claim, claimKey: 'video/earlier' }),
        { spelledId: 'video/earlier' },
      ],
      [
        'has a stored video',
        ({ storage }) => keepVideo(storage, 'demo', { storedAt: '2026-01-01T00:00:00Z' }),
        {},
      ],
    ],
  )('is not refused where its key %s: what was paid answers', async (_, prepare, more) => {
    await using harness = await harnessOf();
    await prepare(harness);
    expect((await harness.requestAdmission('klign-v1', more)).outcome).toMatch(/granted|claimed/);
  });

  test('is not refused while the storage cannot say whether its video is there', async () => {
    const through = (storage: VideoStorage) => withFailing(storage, ['head']);
    await using harness = await harnessOf({ through });
    expect(await harness.requestAdmission('klign-v1')).toMatchObject({ outcome: 'granted' });
  });

  test('is admitted where the gateway gives no list', async () => {
    await using harness = await harnessOf({ scenario: 'models-list=404' });
    expect(await harness.requestAdmission('klign-v1')).toMatchObject({ outcome: 'granted' });
    expect(await harness.submitVideo('klign-v1')).toMatchObject({ jobId: 'task_1' });
  });
});

test('a submit whose model is listed is admitted, channel or not', async () => {
  await using harness = await harnessOf({ scenario: 'submit-no-channel=forever' });
  expect(await harness.requestAdmission('kling-v1')).toMatchObject({ outcome: 'granted' });
});
