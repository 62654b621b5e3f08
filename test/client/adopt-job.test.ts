import { describe, expect, test } from 'vitest';
import { adoptJob } from '../../src/client/adopt-job.ts';
import { workflowTypes } from '../../src/contract/task-queues.ts';
import { createFakeClient, grpcError, type FakeRun } from '../fakes/fake-client.ts';

const job = { format: 'videos', jobId: "task_'1" } as const;
const collects = workflowTypes.collect;

/** The ids that a collecting run was started under. */
function startedIds(calls: ReturnType<typeof createFakeClient>['calls']) {
  return calls
    .filter(({ name }) => name === 'start')
    .map(({ given }) => (given[1] as { workflowId: string }).workflowId);
}

describe('adopting a job without an id', () => {
  test('creates a new video if no video has the job', async () => {
    const { client, calls } = createFakeClient({ start: ['run-1'] });
    expect(await adoptJob(client, job)).toEqual({
      videoId: "video/job/task_'1",
      runId: 'run-1',
      outcome: 'started',
    });
    expect(calls[0]?.given).toMatchObject([{ query: "VideoJobId = 'task_\\'1'" }]);
  });

  test('creates a new video in a namespace that has no search attribute of ours yet', async () => {
    const { client } = createFakeClient({ start: ['run-1'] });
    const list = () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(grpcError('invalid')) }),
    });
    Object.assign(client.workflow, { list });
    expect(await adoptJob(client, job)).toMatchObject({ outcome: 'started' });
  });

  test('delivers it again under the video that has it, once that video has ended', async () => {
    const list = [{ workflowId: 'video/demo' }];
    const run: FakeRun = { status: 'FAILED', jobId: job.jobId, billed: 'maybe' };
    const { client, calls } = createFakeClient({ start: ['taken', 'run-2'], runs: [run], list });
    expect(await adoptJob(client, job)).toMatchObject({
      videoId: 'video/demo',
      outcome: 'started',
    });
    expect(startedIds(calls)).toEqual(['video/demo', 'video/demo']);
  });
});

describe('adopting a job for a video', () => {
  const adoptFor = (run: FakeRun, update?: () => unknown) => {
    const { client, calls } = createFakeClient({ runs: [run], ...(update && { update }) });
    return { adopted: adoptJob(client, job, { videoId: 'demo' }), calls };
  };

  test('that is open and unresolved resolves the video', async () => {
    const { adopted, calls } = adoptFor({ phase: 'unresolved' }, () => undefined);
    expect(await adopted).toEqual({ videoId: 'video/demo', runId: 'run-1', outcome: 'resolved' });
    const updates = calls.filter(({ name }) => name === 'update');
    expect(updates.map(({ given }) => given.slice(0, 2))).toEqual([
      ['video/demo', 'resolveSubmission'],
    ]);
  });

  test.each(['demo/resubmit-2', 'video/demo/resubmit-10', 'line\nbreak', ' demo', ''])(
    'under an invalid id is refused: %j',
    async (videoId) => {
      const { client, calls } = createFakeClient({ start: ['run-1'] });
      await expect(adoptJob(client, job, { videoId })).rejects.toMatchObject({
        kind: 'invalid_request',
      });
      expect(startedIds(calls)).toEqual([]);
    },
  );

  test('that is a take gives the job to that take', async () => {
    const { client, calls } = createFakeClient({ start: ['run-1'] });
    await adoptJob(client, job, { videoId: 'demo/take-2' });
    expect(startedIds(calls)).toEqual(['video/demo/take-2']);
  });

  test.each<[string, FakeRun[], string]>([
    ['adopts for the video of the composed spelling', [], 'video/caf\u00e9'],
    [
      'keeps the spelling of an existing run',
      [{ foundAs: 'video/cafe\u0301' }],
      'video/cafe\u0301',
    ],
  ])('whose id is in decomposed Unicode %s', async (_, runs, id) => {
    const { client, calls } = createFakeClient({ start: ['run-1'], runs });
    await adoptJob(client, job, { videoId: 'cafe\u0301' });
    expect(startedIds(calls)).toEqual([id]);
  });

  test('that was requested before passes on that request, so that another request is a conflict', async () => {
    const request = { format: 'videos', body: { model: 'sora-2', prompt: 'a cat' } };
    const run: FakeRun = { status: 'FAILED', billed: 'maybe', input: { request } };
    const { client, calls } = createFakeClient({ start: ['taken', 'run-2'], runs: [run] });
    await adoptJob(client, job, { videoId: 'demo' });
    const started = calls.filter(({ name }) => name === 'start').at(-1);
    expect(started?.given[1]).toMatchObject({ args: [{ jobId: job.jobId, request }] });
  });

  test('that is open and has no job yet is refused, because it would have no effect', async () => {
    const { adopted } = adoptFor({ phase: 'submitting' });
    await expect(adopted).rejects.toMatchObject({ kind: 'wrong_phase' });
  });

  test.each<[string, FakeRun, string]>([
    ['that is open with this job', { phase: 'running', jobId: job.jobId }, 'joined'],
    ['that is collecting it', { phase: 'submitting', type: collects }, 'joined'],
    ['that is stored with this job', { status: 'COMPLETED', jobId: job.jobId }, 'cached'],
  ])('%s starts nothing', async (_, run, outcome) => {
    const { adopted } = adoptFor(run);
    expect(await adopted).toMatchObject({ outcome });
  });

  test.each<FakeRun>([
    { phase: 'running', jobId: 'task_2' },
    { status: 'COMPLETED', jobId: 'task_2' },
  ])('that has another job is a conflict: %j', async (run) => {
    await expect(adoptFor(run).adopted).rejects.toMatchObject({ kind: 'key_conflict' });
  });
});
