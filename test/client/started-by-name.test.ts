import { describe, expect, test } from 'vitest';
import { lookUpRows } from '../../src/client/batch/look-up-rows.ts';
import { startVideo } from '../../src/client/start-video.ts';
import { workflowTypes } from '../../src/contract/task-queues.ts';
import type { VideoReader } from '../../src/contract/video-reader.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { claimObjectKey, sidecarKey, videoKey } from '../../src/identity/object-key.ts';
import { videoId } from '../../src/identity/workflow-id.ts';
import { createFakeClient, type FakeRun } from '../fakes/fake-client.ts';

const request: VideoRequest = { format: 'videos', body: { model: 'sora-2', prompt: 'a cat' } };

describe('a key that was started by name, and has no digest in its memo', () => {
  const other = { ...request, format: 'generations' };
  const startedByName = (run: FakeRun) => createFakeClient({ start: ['taken'], runs: [run] });

  test.each<[FakeRun, string]>([
    [{ status: 'RUNNING' }, 'joined'],
    [{ status: 'COMPLETED', billed: 'yes' }, 'cached'],
  ])('returns the video for the same request: %j', async (run, outcome) => {
    const { client } = startedByName({ ...run, input: { request } });
    expect(await startVideo({ client }, request, { key: 'a' })).toMatchObject({ outcome });
  });

  test.each<FakeRun>([
    { status: 'RUNNING', input: { request: other } },
    { status: 'COMPLETED', billed: 'yes', input: { request: other } },
    { status: 'RUNNING', input: { request: { format: 'videos' } } },
    { status: 'RUNNING', input: 'no request at all' },
  ])('is a conflict for another request: %j', async (run) => {
    const { client } = startedByName(run);
    const started = startVideo({ client }, request, { key: 'a' });
    await expect(started).rejects.toMatchObject({ kind: 'key_conflict' });
  });

  test('and adopted a job without a request returns the video for any request', async () => {
    const { client } = startedByName({
      type: workflowTypes.collect,
      status: 'COMPLETED',
      billed: 'yes',
      input: { format: 'videos', jobId: 'task_1' },
    });
    expect(await startVideo({ client }, request, { key: 'a' })).toMatchObject({
      outcome: 'cached',
    });
  });

  test.each([
    [{ request }, 'joined'],
    [{ request: other }, 'conflict'],
  ])('is shown as it is before a batch runs: %j', async (input, prospect) => {
    const { client } = startedByName({ status: 'RUNNING', input });
    const row = { videoId: 'video/a', requestDigest: requestDigest(request) };
    expect(await lookUpRows(client, [row])).toEqual([prospect]);
  });
});

describe('a fresh video', () => {
  const base = videoId(request);

  test.each([
    ['a claim', (id: string) => claimObjectKey(id)],
    ['a video', (id: string) => videoKey(id)],
    ['the sidecar of a video', (id: string) => sidecarKey(videoKey(id))],
  ])('is the take after the last one in the storage: %s', async (_, keyOf) => {
    const kept = new Set([keyOf(base), keyOf(`${base}/take-2`)]);
    const storage: VideoReader = {
      head: async (key) => (kept.has(key) ? { sizeBytes: 1 } : null),
      read: () => {
        throw new Error('Nothing is read');
      },
    };
    const { client, calls } = createFakeClient({ start: ['run-1'] });
    const { videoId: id } = await startVideo({ client, storage }, request, { fresh: true });
    expect(id).toBe(`${base}/take-3`);
    expect(calls.filter(({ name }) => name === 'start')).toHaveLength(1);
  });

  test('sends the time of the request, so that a worker does not return an earlier take', async () => {
    const { client, calls } = createFakeClient({ start: ['run-1'] });
    await startVideo({ client }, request, { fresh: true });
    const [{ given } = { given: [] }] = calls.filter(({ name }) => name === 'start');
    expect((given[1] as { args: unknown[] }).args).toMatchObject([
      { freshSince: expect.any(Number) as number },
    ]);
  });
});
