import { describe, expect, test } from 'vitest';
import { createKeyedSubmit } from '../../src/activities/submit/keyed-submit.ts';
import { createReconcileSubmit } from '../../src/activities/resolve/reconcile-submit.ts';
import { createRecordAdopted } from '../../src/activities/resolve/record-adopted.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { claimObjectKey, sidecarKey, videoKey } from '../../src/identity/object-key.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { jobStatus } from '../fakes/fake-gateway.ts';
import { keepVideo, type Keeping } from '../fakes/kept-videos.ts';
import { claim, claimKey, input, request, submitHarness, submittedAt } from './submit-harness.ts';

const lost = new GatewayError('submit_unknown', 'The answer was lost', {
  submitOutcome: 'unknown',
});
const running = jobStatus({ state: 'running' });
const job = { format: 'generations', jobId: 'task_1' } as const;
const other: VideoRequest = { ...request, body: { ...request.body, prompt: 'a cat' } };

const keeping = { storedAt: new Date(submittedAt).toISOString(), jobId: 'task_1' };

type Harness = Awaited<ReturnType<typeof keyHarness>>;
type Submits = NonNullable<Parameters<typeof submitHarness>[0]>['submit'];

/** Everything that a key can go through, over one storage; histories are forgotten with each run. */
async function keyHarness(submit: Submits = [{ jobId: 'task_1' }]) {
  const ownJobs = [
    { jobId: 'task_1', submittedAt, model: 'kling-v1', prompt: request.body.prompt ?? '' },
  ];
  const harness = await submitHarness({
    submit,
    status: { generations: [running] },
    ownJobs: [ownJobs],
  });
  const { gateway, claims, owners, storage } = harness;
  let runs = 0;
  const run = <In, Out>(activity: (given: In) => Promise<Out>, given: In) => {
    const workflowExecution = { workflowId: claimKey, runId: `run-${(runs += 1)}` };
    return activityHarness({ workflowExecution }).run(activity, given);
  };
  const { post } = harness;
  const keyed = createKeyedSubmit({
    submitVideo: post,
    gateway,
    claims,
    storage,
    deadlineMs: 60_000,
  });
  const recordAdopted = createRecordAdopted({ gateway, claims, owners });
  const others = { own: async () => false };
  const ports = { gateway, claims, owners, others };
  const reconcile = createReconcileSubmit({ ...ports, exclusiveAccount: false });
  const window = { fromMs: submittedAt, toMs: submittedAt + 1_000 };
  return {
    ...harness,
    submit: (asked: VideoRequest = request, key = claimKey, freshSince?: number) =>
      run(keyed, {
        ...input,
        request: asked,
        claimKey: key,
        ...(freshSince !== undefined && { freshSince }),
      }),
    adopt: (key: string, asked?: VideoRequest) =>
      run(recordAdopted, { claimKey: key, job, submittedAt, ...(asked && { request: asked }) }),
    reconcile: (key: string) =>
      run(reconcile, { request, claimKey: key, videoId: claimKey, ...window }),
    keep: (how: Partial<Keeping>) => keepVideo(storage, 'demo', { ...keeping, ...how }),
    store: (asked: VideoRequest) => keepVideo(storage, 'demo', { ...keeping, request: asked }),
    forgetClaims: () => storage.remove(claimObjectKey(claimKey)),
    forgetVideos: () => storage.remove(videoKey(claimKey)),
  };
}

/** Every way in which a key ends with job `task_1`. */
const ways: Record<string, (key: Harness) => Promise<unknown>> = {
  'an accepted submit': (key) => key.submit(),
  'a lost answer, and a person who names the job': async (key) => {
    await failureOf(key.submit());
    await key.adopt(claimKey, request);
  },
  'a lost answer, and the task log of the gateway': async (key) => {
    await failureOf(key.submit());
    await key.reconcile(claimKey);
  },
  'a resubmit after a lost answer': async (key) => {
    await failureOf(key.submit());
    await key.submit(request, `${claimKey}/resubmit-2`);
  },
  'a resubmit after a submit that was lost before its claim': (key) =>
    key.submit(request, `${claimKey}/resubmit-2`),
  'a resubmit whose answer was lost, and a person who names the job': async (key) => {
    await failureOf(key.submit(request, `${claimKey}/resubmit-2`));
    await key.adopt(`${claimKey}/resubmit-2`, request);
  },
  'a resubmit whose answer was lost, and the task log of the gateway': async (key) => {
    await failureOf(key.submit(request, `${claimKey}/resubmit-2`));
    await key.reconcile(`${claimKey}/resubmit-2`);
  },
  'a resubmit whose worker died as its claim was written': async (key) => {
    const resubmit = { ...claim, claimKey: `${claimKey}/resubmit-2` };
    await key.claims.acquire(resubmit);
    const accepted = { state: 'accepted', jobId: 'task_1', submittedAt } as const;
    await key.claims.record(resubmit, accepted);
    await key.reconcile(resubmit.claimKey);
  },
  'a submit that was lost before its claim, and a person who names the job': (key) =>
    key.adopt(claimKey, request),
  'an adoption for the key, without its request': (key) => key.adopt(claimKey),
  'a failed video, and an adoption of another job for its key': async (key) => {
    const { jobId, submittedAt: at } = await key.submit();
    await key.claims.giveJob(
      { ...claim, runId: 'run-9' },
      { jobId: `${jobId}_first`, submittedAt: at },
    );
    await key.adopt(claimKey);
  },
};

/** What the first POST of a way is answered with, where it is lost. */
const answers: Record<string, Submits> = {
  'a resubmit after a lost answer': [lost, { jobId: 'task_1' }],
};
const isLost = (way: string) => /answer was lost|lost answer/.test(way);

describe.each(Object.keys(ways))('a key that ends with a job by %s', (way) => {
  const reach = async () => {
    const key = await keyHarness(answers[way] ?? (isLost(way) ? [lost] : undefined));
    await ways[way]?.(key);
    const posts = key.gateway.submitted.length;
    return { ...key, posts: () => key.gateway.submitted.length - posts };
  };

  test('has it again, without a POST, when every history is forgotten', async () => {
    const key = await reach();
    expect(await key.submit()).toMatchObject({ jobId: 'task_1', foundInClaim: true });
    expect(key.posts()).toBe(0);
  });

  test('has its video again when the claims are gone, too', async () => {
    const key = await reach();
    await key.store(request);
    await key.forgetClaims();
    expect(await key.submit()).toMatchObject({ jobId: 'task_1', stored: { sizeBytes: 10 } });
    expect(key.posts()).toBe(0);
    await key.forgetVideos();
    expect(await key.submit()).toMatchObject({ jobId: 'task_1' });
    expect(key.posts()).toBe(0);
  });
});

describe('a stored video whose key has no claim', () => {
  test.each([
    ['by its digest', { digest: requestDigest(request) }],
    ['by its request, as earlier versions wrote it', { request }],
  ])('answers an equal request, told %s, with no admission and no image asked', async (_, how) => {
    const key = await keyHarness();
    await key.keep(how);
    expect(await key.submit()).toMatchObject({ jobId: 'task_1', warnings: [] });
    expect(key.gateway.submitted).toEqual([]);
  });

  test.each([
    ['by its digest', { digest: requestDigest(request), request: other }],
    ['by its request, as earlier versions wrote it', { request }],
  ])('refuses another request, told %s', async (_, how) => {
    const key = await keyHarness();
    await key.keep(how);
    const failure = detailsOf(await failureOf(key.submit(other)));
    expect(failure).toMatchObject({ kind: 'key_conflict', billed: 'no', outcome: 'refused' });
    expect(key.gateway.submitted).toEqual([]);
  });

  test('and that was adopted without a request answers any, and says so', async () => {
    const key = await keyHarness();
    await key.keep({});
    const { warnings, jobId } = await key.submit();
    expect(jobId).toBe('task_1');
    expect(warnings.map(({ field }) => field)).toEqual(['key']);
  });

  test('and whose sidecar cannot be read is not paid again, and the message says why', async () => {
    const key = await keyHarness();
    await key.keep({ request });
    await key.storage.writeSmall(sidecarKey(videoKey(claimKey)), Buffer.from('{'));
    const failure = detailsOf(await failureOf(key.submit()));
    expect(failure).toMatchObject({ kind: 'key_conflict', billed: 'no' });
    expect(failure.message).toContain('nothing was sent');
    expect(key.gateway.submitted).toEqual([]);
  });
});

describe('a key whose job was adopted', () => {
  test('without its request delivers it to whoever asks, with a warning', async () => {
    const key = await keyHarness();
    await key.adopt(claimKey);
    const { warnings } = await key.submit(other);
    expect(warnings.map(({ field }) => field)).toEqual(['key']);
  });

  test('with its request refuses another one', async () => {
    const key = await keyHarness();
    await key.adopt(claimKey, request);
    const failure = detailsOf(await failureOf(key.submit(other)));
    expect(failure).toMatchObject({ kind: 'key_conflict' });
  });
});

describe('a start that asks for a new video', () => {
  const later = submittedAt + 3_600_000;

  test.each<[string, (key: Harness) => Promise<unknown>]>([
    ['claim', (key) => key.submit()],
    ['video', (key) => key.keep({ request })],
  ])('is not given an earlier one as new: a %s', async (_, prepare) => {
    const key = await keyHarness();
    await prepare(key);
    const posts = key.gateway.submitted.length;
    const failure = detailsOf(await failureOf(key.submit(request, claimKey, later)));
    expect(failure).toMatchObject({ kind: 'key_conflict', billed: 'no' });
    expect(failure.message).toContain('new video');
    expect(key.gateway.submitted).toHaveLength(posts);
  });

  test('has its own claim, after a reset as well', async () => {
    const key = await keyHarness();
    await key.submit(request, claimKey, submittedAt - 1_000);
    const again = await key.submit(request, claimKey, submittedAt - 1_000);
    expect(again).toMatchObject({ foundInClaim: true });
  });
});
