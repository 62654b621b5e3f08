import { WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import { cancelVideo, resolveSubmission } from '../../src/client/act-on-video.ts';
import { fullVideoId } from '../../src/client/describe-video.ts';
import { listVideos } from '../../src/client/list-videos.ts';
import { createStatusReader, readVideoStatus } from '../../src/client/status-reader.ts';
import type { VideoSnapshot, WaitOptions } from '../../src/client/video-client.ts';
import { waitForVideo } from '../../src/client/wait-for-video.ts';
import { createWatches } from '../../src/client/watch-videos.ts';
import { createFakeClient, startTime, type FakeRun } from '../fakes/fake-client.ts';
import { endings, failure, result } from './outcomes.ts';

const wait = (client: Client, id: string, options?: WaitOptions) =>
  waitForVideo(createWatches({ client, read: createStatusReader(client) }), id, options);

const live = (phase: string) => ({
  phase,
  billed: 'yes',
  startedAt: startTime.toISOString(),
  format: 'videos',
});

const index = { videoId: 'video/demo', startedAt: '2026-11-23T10:00:00.000Z' };
const closed = { model: 'sora-2', jobId: 'task_1', billed: 'maybe' };

describe('a video id', () => {
  test.each([
    ['demo', 'video/demo'],
    ['video/demo', 'video/demo'],
    ['', 'video/'],
  ])('"%s" means "%s"', (given, full) => {
    expect(fullVideoId(given)).toBe(full);
  });

  test('that does not exist is not_found, for every call', async () => {
    const questions = [readVideoStatus, wait, cancelVideo];
    for (const ask of questions) {
      await expect(ask(createFakeClient().client, 'none')).rejects.toMatchObject({
        kind: 'not_found',
        message: expect.stringContaining('"video/none"') as string,
      });
    }
  });
});

describe('the status', () => {
  test('of an open run comes from the run itself', async () => {
    const { client } = createFakeClient({ runs: [{}], query: () => live('running') });
    expect(await readVideoStatus(client, 'demo')).toEqual({
      ...live('running'),
      videoId: 'video/demo',
      live: true,
    });
  });

  test('comes from the search attributes if no worker answers', async () => {
    const { client } = createFakeClient({ runs: [{ phase: 'queued', model: 'm' }] });
    expect(await readVideoStatus(client, 'demo')).toEqual({
      ...index,
      phase: 'queued',
      model: 'm',
      billed: 'maybe',
      live: false,
    });
  });

  test('of a run that has reported nothing yet is submitting, billed: maybe', async () => {
    const { client } = createFakeClient({ runs: [{}] });
    expect(await readVideoStatus(client, 'demo')).toMatchObject({
      phase: 'submitting',
      billed: 'maybe',
    });
  });

  test.each([
    ['COMPLETED', () => result, { phase: 'stored', video: result.video, billed: 'yes' }],
    ['FAILED', endings.failed(), { phase: 'failed', failure }],
    ['FAILED', endings.bare, { phase: 'failed', failure: { kind: 'quota', billed: 'no' } }],
    ['CANCELLED', endings.cancelled, { cancellation: { outcome: 'watching_stopped' } }],
    [
      'TERMINATED',
      endings.terminated,
      { phase: 'failed', failure: { kind: 'submit_unknown', billed: 'maybe', jobId: 'task_1' } },
    ],
    ['FAILED', endings.foreign, { failure: { kind: 'submit_unknown', billed: 'maybe' } }],
  ] as const)('of a run that is %s needs no worker (%#)', async (status, end, expected) => {
    const run = { ...closed, status, phase: 'running' };
    const { client, calls } = createFakeClient({ runs: [run], result: end });
    expect(await readVideoStatus(client, 'demo')).toMatchObject({ ...expected, live: false });
    expect(calls.map(({ name }) => name)).not.toContain('query');
  });

  test('of a run that was cancelled before it paid reports billed: no', async () => {
    const run: FakeRun = { status: 'CANCELLED', billed: 'no' };
    const { client } = createFakeClient({ runs: [run], result: endings.cancelled });
    expect((await readVideoStatus(client, 'demo')).cancellation).toEqual({
      outcome: 'stopped_before_spend',
      billed: 'no',
    });
  });
});

describe('waiting', () => {
  const options = { intervalMs: 0 };

  test.each(['overdue', 'unresolved'] as const)('ends at %s without a failure', async (phase) => {
    const { client } = createFakeClient({ runs: [{ phase }], query: () => live(phase) });
    const outcome = await wait(client, 'demo', options);
    expect(outcome).toMatchObject({ outcome: 'pending', reason: phase, status: { phase } });
  });

  test('ends at its time limit without a failure', async () => {
    const { client } = createFakeClient({ runs: [{}], query: () => live('queued') });
    const outcome = await wait(client, 'demo', { ...options, timeoutMs: 0 });
    expect(outcome).toMatchObject({ outcome: 'pending', reason: 'limit' });
  });

  test('reports each change once, and the outcome at the end', async () => {
    const phases = ['queued', 'queued', 'running', 'running', 'delivering'];
    const seen: VideoSnapshot[] = [];
    const { client } = createFakeClient({
      runs: [...phases.map((_, historyLength) => ({ historyLength })), { status: 'COMPLETED' }],
      query: () => live(phases.shift() ?? 'delivering'),
      result: () => result,
    });
    const onStatus = (status: VideoSnapshot) => seen.push(status);
    const outcome = await wait(client, 'demo', { ...options, onStatus });
    expect(outcome).toEqual({ outcome: 'stored', videoId: 'video/demo', result });
    expect(seen.map(({ phase }) => phase)).toEqual(['queued', 'running', 'delivering', 'stored']);
  });

  test.each([
    ['failed', endings.failed(), { outcome: 'failed', failure }],
    ['cancelled', endings.cancelled, { outcome: 'cancelled', cancellation: { jobId: 'task_1' } }],
  ])('returns the outcome if the video is %s', async (name, end, expected) => {
    const status = name === 'failed' ? 'FAILED' : 'CANCELLED';
    const { client } = createFakeClient({ runs: [{ ...closed, status }], result: end });
    expect(await wait(client, 'demo', options)).toMatchObject(expected);
  });

  test('stops when its caller aborts it', async () => {
    const leaving = new AbortController();
    const { client } = createFakeClient({ runs: [{}], query: () => live('queued') });
    const onStatus = () => leaving.abort();
    const waiting = wait(client, 'demo', { onStatus, signal: leaving.signal });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('cancelling', () => {
  test('sends the run one request', async () => {
    const { client, calls } = createFakeClient({ runs: [{}] });
    await cancelVideo(client, 'demo');
    expect(calls.filter(({ name }) => name === 'cancel')).toEqual([
      { name: 'cancel', given: ['video/demo'] },
    ]);
  });

  test('leaves a closed video unchanged', async () => {
    const { client, calls } = createFakeClient({ runs: [{ status: 'COMPLETED' }] });
    await cancelVideo(client, 'demo');
    expect(calls.map(({ name }) => name)).toEqual(['describe']);
  });
});

describe('resolving a submit', () => {
  test('sends the decision to the run, under an id that makes repeated calls one decision', async () => {
    const { client, calls } = createFakeClient({ runs: [{}], update: () => undefined });
    const decision = { action: 'adopt', jobId: 'task_1' } as const;
    await resolveSubmission(client, 'demo', decision);
    const options = { args: [decision], updateId: 'adopt/task_1/run-1/1' };
    expect(calls.at(-1)?.given).toEqual(['video/demo', 'resolveSubmission', options]);
  });

  test('in another phase is refused with the reason of the run', async () => {
    const refuse = () => {
      throw new WorkflowUpdateFailedError('Update failed', new Error('The phase is "running"'));
    };
    const { client } = createFakeClient({ runs: [{}], update: refuse });
    await expect(resolveSubmission(client, 'demo', { action: 'abandon' })).rejects.toMatchObject({
      kind: 'wrong_phase',
      message: 'The phase is "running"',
    });
  });

  test('of a closed run is refused without a request to it', async () => {
    const { client, calls } = createFakeClient({ runs: [{ status: 'CANCELLED' }] });
    await expect(resolveSubmission(client, 'demo', { action: 'resubmit' })).rejects.toMatchObject({
      kind: 'wrong_phase',
    });
    expect(calls.map(({ name }) => name)).toEqual(['describe']);
  });
});

describe('the list', () => {
  const many = Array.from({ length: 60 }, (_, row) => ({ workflowId: `video/${row}` }));

  test('contains our workflows only, and one phase only if given', async () => {
    const { client, calls } = createFakeClient();
    await listVideos(client);
    await listVideos(client, { phase: 'overdue' });
    const ours = "WorkflowType IN ('generateVideoWorkflow', 'collectVideoWorkflow')";
    expect(calls.map(({ given }) => given)).toEqual([
      [{ query: ours }],
      [{ query: `${ours} AND VideoPhase = 'overdue'` }],
    ]);
  });

  test.each([
    [undefined, 50],
    [3, 3],
    [100, 60],
  ])('with limit %s has %i rows', async (limit, rows) => {
    const { client } = createFakeClient({ list: many });
    expect(await listVideos(client, limit === undefined ? {} : { limit })).toHaveLength(rows);
  });

  test('shows the outcome of a closed run, not its last phase', async () => {
    const list = [
      { workflowId: 'video/a', status: 'COMPLETED', phase: 'delivering' },
      { workflowId: 'video/b', status: 'TERMINATED', phase: 'running' },
      { workflowId: 'video/c', status: 'CANCELLED', phase: 'queued' },
      { workflowId: 'video/d', status: 'RUNNING', phase: 'queued' },
    ] as const;
    const { client } = createFakeClient({ list: [...list] });
    const phases = (await listVideos(client)).map(({ phase }) => phase);
    expect(phases).toEqual(['stored', 'failed', 'cancelled', 'queued']);
  });
});
