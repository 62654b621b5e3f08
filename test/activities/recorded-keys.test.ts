import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createKeyedSubmit } from '../../src/activities/submit/keyed-submit.ts';
import { startVideo } from '../../src/client/start-video.ts';
import type { GenerateVideoInput } from '../../src/contract/messages.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { claimObjectKey, sidecarKey, videoKey } from '../../src/identity/object-key.ts';
import { videoId } from '../../src/identity/workflow-id.ts';
import { activityHarness, detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { createFakeClient } from '../fakes/fake-client.ts';
import { keepVideo } from '../fakes/kept-videos.ts';
import { claim, submitHarness, submittedAt } from './submit-harness.ts';

interface Recorded {
  key?: string;
  take?: number;
  request: VideoRequest;
  requestDigest: string;
  videoId: string;
  claimKeys: { claimKey: string; objectKey: string }[];
  videoKey: string;
  sidecarKey: string;
}

/** Written by the version before keys were normalised. */
const file = new URL('../fixtures/keys/recorded.json', import.meta.url);
const recorded = JSON.parse(await readFile(file, 'utf8')) as Recorded[];

const isRefused = ({ key = 'x' }: Recorded) =>
  key.trim() !== key || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(key);
const taken = recorded.filter((row) => !isRefused(row));
const named = (rows: Recorded[]) => rows.map((row) => [JSON.stringify(row.videoId), row] as const);

/** What the client starts for a caller who uses the key as it was recorded, and the answer of the submit. */
async function startAgain(row: Recorded, prepare: (harness: Harness) => Promise<unknown>) {
  const harness = await submitHarness();
  const { post, gateway, claims, storage } = harness;
  await prepare(harness);
  const { client, calls } = createFakeClient({ start: ['run-1'] });
  const { key, take, request } = row;
  const identity = { ...(key !== undefined && { key }), ...(take !== undefined && { take }) };
  await startVideo({ client }, request, identity);
  const [, options] = calls.find(({ name }) => name === 'start')?.given ?? [];
  const { workflowId, args } = options as { workflowId: string; args: [GenerateVideoInput] };
  const { waiterId: _, asker: _former, ...asked } = args[0];
  const keyed = createKeyedSubmit({
    submitVideo: post,
    gateway,
    claims,
    storage,
    deadlineMs: 60_000,
  });
  const workflowExecution = { workflowId, runId: 'run-9' };
  const again = activityHarness({ workflowExecution }).run(keyed, {
    ...asked,
    claimKey: workflowId,
  });
  return { answer: await again, posts: gateway.submitted.length };
}

type Harness = Awaited<ReturnType<typeof submitHarness>>;

const accepted = { state: 'accepted', jobId: 'task_before', submittedAt } as const;

function paidBefore({ storage }: Harness, row: Recorded, index: 0 | 1): Promise<void> {
  const { claimKey = '', objectKey = '' } = row.claimKeys[index] ?? {};
  const { requestDigest: digest, videoId: workflowId } = row;
  const before = { ...claim, claimKey, requestDigest: digest, workflowId, outcome: accepted };
  return storage.writeSmall(objectKey, Buffer.from(JSON.stringify(before)));
}

describe.each(named(taken))('the recorded key %s', (_, row) => {
  test('finds the claim that it was paid with before', async () => {
    const { answer, posts } = await startAgain(row, (harness) => paidBefore(harness, row, 0));
    expect(answer).toMatchObject({ jobId: 'task_before', foundInClaim: true });
    expect(posts).toBe(0);
  });

  test('finds the claim of its resubmit', async () => {
    const harness = await submitHarness();
    await paidBefore(harness, row, 1);
    const found = await harness.claims.read(row.claimKeys[1]?.claimKey ?? '');
    expect(found?.outcome).toEqual(accepted);
  });

  test('finds the video that was stored under it before', async () => {
    const { answer, posts } = await startAgain(row, async ({ storage }) => {
      const storedAt = new Date(submittedAt).toISOString();
      const id = row.videoId.replace(/^video\//, '');
      await keepVideo(storage, id, { storedAt, request: row.request, jobId: 'task_before' });
    });
    expect(answer).toMatchObject({ jobId: 'task_before', stored: { key: row.videoKey } });
    expect(posts).toBe(0);
  });

  test('has the digest and the object keys that it had', () => {
    expect(requestDigest(row.request)).toBe(row.requestDigest);
    expect(videoKey(row.videoId)).toBe(row.videoKey);
    expect(sidecarKey(row.videoKey)).toBe(row.sidecarKey);
    for (const { claimKey, objectKey } of row.claimKeys) {
      expect(claimObjectKey(claimKey)).toBe(objectKey);
    }
  });
});

test.each(named(recorded.filter(isRefused)))(
  'the recorded key %s is refused now, so that it is never paid again',
  (_, { request, key = '' }) => {
    expect(() => videoId(request, { key })).toThrow(RangeError);
  },
);

describe('two spellings of one key', () => {
  const composed = 'video/caf\u00e9';
  const decomposed = composed.normalize('NFD');

  test('are one video, also where a caller starts it by name', async () => {
    const { post, gateway, claims, storage } = await submitHarness();
    const keyed = createKeyedSubmit({
      submitVideo: post,
      gateway,
      claims,
      storage,
      deadlineMs: 60_000,
    });
    const ask = (workflowId: string) =>
      activityHarness({ workflowExecution: { workflowId, runId: 'run-1' } }).run(keyed, {
        request: recorded[0]?.request ?? { format: 'videos', body: { model: 'm', prompt: 'p' } },
        claimKey: workflowId,
      });
    await ask(decomposed);
    expect(await ask(composed)).toMatchObject({ foundInClaim: true });
    expect(gateway.submitted).toHaveLength(1);
  });
});

test('a run under the id of the claim of a resubmit is refused, and nothing is sent', async () => {
  const { post, gateway, claims, storage } = await submitHarness();
  const keyed = createKeyedSubmit({
    submitVideo: post,
    gateway,
    claims,
    storage,
    deadlineMs: 60_000,
  });
  const workflowExecution = { workflowId: 'video/demo/resubmit-2', runId: 'run-1' };
  const { request } = recorded[0] ?? {};
  if (!request) throw new Error('Nothing is recorded');
  const given = { request, claimKey: workflowExecution.workflowId };
  await claims.acquire({ ...claim, claimKey: given.claimKey });
  const failure = await failureOf(activityHarness({ workflowExecution }).run(keyed, given));
  expect(detailsOf(failure)).toMatchObject({ kind: 'invalid_request', billed: 'no' });
  expect(gateway.submitted).toEqual([]);
});
