import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { startVideo } from '../../src/client/start-video.ts';
import { requestMemo } from '../../src/contract/request-memo.ts';
import { taskQueues, workflowTypes } from '../../src/contract/task-queues.ts';
import { maxRequestBytes, type VideoRequest } from '../../src/contract/video-request.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { videoId } from '../../src/identity/workflow-id.ts';
import { createFakeClient, type ClientScript, type FakeRun } from '../fakes/fake-client.ts';
import { endings, failure, result } from './outcomes.ts';

const request: VideoRequest = {
  format: 'videos',
  body: { model: 'sora-2', prompt: 'a  lighthouse\nat night', seconds: '8', size: '1280x720' },
};
const memo = { requestDigest: requestDigest(request) };
const otherMemo = { requestDigest: requestDigest({ ...request, format: 'generations' }) };

/** The arguments of `start` that these tests check. */
interface StartOptions {
  workflowId: string;
  taskQueue: string;
  args: unknown[];
  memo: unknown;
  staticSummary: string;
  workflowIdReusePolicy: string;
}

function startCalls(calls: ReturnType<typeof createFakeClient>['calls']) {
  return calls
    .filter(({ name }) => name === 'start')
    .map(({ given }) => ({ type: given[0], options: given[1] as StartOptions }));
}

async function summaryOf(body: VideoRequest['body']): Promise<string> {
  const { client, calls } = createFakeClient({ start: ['run-1'] });
  await startVideo({ client }, { format: 'generations', body });
  return startCalls(calls)[0]?.options.staticSummary ?? '';
}

describe('a new video', () => {
  test('is started under its id, with its digest and its request', async () => {
    const { client, calls } = createFakeClient({ start: ['run-1'] });
    const started = await startVideo({ client }, request, {
      key: 'demo',
      deadlineMs: 60_000,
      waiterId: 'me',
    });
    expect(started).toEqual({
      videoId: 'video/demo',
      runId: 'run-1',
      outcome: 'started',
      waiterId: 'me',
      warnings: [],
    });
    expect(startCalls(calls)).toEqual([
      {
        type: workflowTypes.generate,
        options: expect.objectContaining({
          workflowId: 'video/demo',
          taskQueue: taskQueues.workflows,
          args: [{ request, waiterId: 'me', asker: 'me', deadlineMs: 60_000 }],
          memo: {
            ...memo,
            http: requestMemo(request.body),
          },
        }) as unknown,
      },
    ]);
  });

  test('carries its labels, which the admission and the ledger read', async () => {
    const { client, calls } = createFakeClient({ start: ['run-1'] });
    const labels = { tags: ['drafts'], priority: 'batch' as const };
    await startVideo({ client }, request, { key: 'demo', waiterId: 'me', ...labels });
    expect(startCalls(calls)[0]?.options.args).toEqual([
      { request, waiterId: 'me', asker: 'me', ...labels },
    ]);
  });

  test.each<[string, object, RegExp]>([
    ['a tag that is too long', { tags: ['a'.repeat(65)] }, /"tags.0"/],
    ['too many tags', { tags: 'abcdefghijk'.split('') }, /at most 10 tags/],
    ['an unknown priority', { priority: 'high' }, /"priority"/],
    ['a batch without its run id', { batch: { name: 'launch' } }, /"batch.runId"/],
  ])('is refused with %s, before anything is sent', async (_, labels, message) => {
    const { client, calls } = createFakeClient({ start: ['run-1'] });
    await expect(startVideo({ client }, request, labels)).rejects.toMatchObject({
      kind: 'invalid_request',
      message: expect.stringMatching(message) as string,
    });
    expect(calls).toEqual([]);
  });

  test('without a key has the id of its request, and another id for another take', async () => {
    const { client, calls } = createFakeClient({ start: ['run-1', 'run-2'] });
    await startVideo({ client }, request);
    await startVideo({ client }, request, { take: 2 });
    const ids = startCalls(calls).map(({ options }) => options.workflowId);
    expect(ids).toEqual([videoId(request), `${videoId(request)}/take-2`]);
  });

  test('returns what the gateway will change as warnings', async () => {
    const { client } = createFakeClient({ start: ['run-1'] });
    const body = { model: 'kling-v1', prompt: 'p', size: '1280x720', seed: 7 };
    const { warnings } = await startVideo({ client }, { format: 'generations', body });
    expect(warnings.map(({ field }) => field)).toEqual(['seed']);
  });
});

describe('an invalid request is refused with the name of the field, and nothing is started', () => {
  test.each([
    ['prompt', { model: 'm' }, {}],
    ['prompt', { model: 'm', prompt: ' ' }, {}],
    ['model', { model: '', prompt: 'p' }, {}],
    ['bytes', { model: 'm', prompt: 'é'.repeat(maxRequestBytes / 2) }, {}],
    ['size', { model: 'sora-2', prompt: 'p', size: '1920x1080' }, {}],
    ['key', { model: 'm', prompt: 'p' }, { key: ' ' }],
    ['take', { model: 'm', prompt: 'p' }, { take: 0 }],
  ])('%s', async (named, body, options) => {
    const { client, calls } = createFakeClient({ start: ['run-1'] });
    const given = { format: 'videos', body } as VideoRequest;
    const error: unknown = await startVideo({ client }, given, options).catch(
      (cause: unknown) => cause,
    );
    expect(error).toMatchObject({ name: 'VideoClientError', kind: 'invalid_request' });
    expect(String(error)).toContain(named);
    expect(calls).toEqual([]);
  });
});

describe('a key that is already in use', () => {
  const taken = (run: FakeRun, more: ClientScript = {}) =>
    createFakeClient({ start: ['taken', 'run-2'], runs: [run], ...more });

  test('by an open run of the same request is joined', async () => {
    const { client, calls } = taken({ memo, runId: 'run-7', phase: 'overdue', billed: 'maybe' });
    expect(await startVideo({ client }, request)).toMatchObject({
      outcome: 'joined',
      runId: 'run-7',
    });
    expect(startCalls(calls)).toHaveLength(1);
  });

  test('by a stored video of the same request returns cached', async () => {
    const { client, calls } = taken({ memo, status: 'COMPLETED', billed: 'yes' });
    expect(await startVideo({ client }, request)).toMatchObject({
      outcome: 'cached',
      runId: 'run-1',
    });
    expect(startCalls(calls)).toHaveLength(1);
  });

  test.each<FakeRun>([
    { status: 'RUNNING' },
    { status: 'COMPLETED', billed: 'yes' },
    { status: 'FAILED', billed: 'maybe' },
    { status: 'CANCELLED', billed: 'yes' },
  ])('by another request is a conflict while it may have cost money: %j', async (run) => {
    const { client, calls } = taken({ ...run, memo: otherMemo });
    await expect(startVideo({ client }, request)).rejects.toMatchObject({ kind: 'key_conflict' });
    expect(startCalls(calls)).toHaveLength(1);
  });

  test.each<FakeRun>([
    { status: 'FAILED', billed: 'maybe' },
    { status: 'FAILED', billed: 'yes' },
    { status: 'TERMINATED' },
    { status: 'TIMED_OUT', billed: 'maybe' },
  ])('by a failure that may be billed is never paid for again automatically: %j', async (run) => {
    const { client, calls } = taken({ ...run, memo }, { result: endings.failed() });
    await expect(startVideo({ client }, request)).rejects.toMatchObject({
      kind: 'may_be_billed',
      failure,
    });
    expect(startCalls(calls)).toHaveLength(1);
  });

  test('by a cancellation after the submit is never paid for again automatically', async () => {
    const run = { status: 'CANCELLED', billed: 'yes', memo } as const;
    const { client } = taken(run, { result: endings.cancelled });
    await expect(startVideo({ client }, request)).rejects.toMatchObject({ kind: 'may_be_billed' });
  });

  test.each<FakeRun>([
    { status: 'FAILED', billed: 'no', memo },
    { status: 'CANCELLED', billed: 'no', memo },
    { status: 'FAILED', billed: 'no', memo: otherMemo },
  ])('by a run that cost nothing may be started again: %j', async (run) => {
    const { client, calls } = taken(run, { result: () => result });
    expect(await startVideo({ client }, request)).toMatchObject({
      outcome: 'started',
      runId: 'run-2',
    });
    expect(startCalls(calls).map(({ options }) => options.workflowIdReusePolicy)).toEqual([
      'REJECT_DUPLICATE',
      'ALLOW_DUPLICATE',
    ]);
  });

  test('by a caller who restarted it at the same moment is joined', async () => {
    const { client } = createFakeClient({
      start: ['taken', 'taken'],
      runs: [
        { status: 'FAILED', billed: 'no', memo },
        { memo, runId: 'run-9' },
      ],
    });
    expect(await startVideo({ client }, request)).toMatchObject({
      outcome: 'joined',
      runId: 'run-9',
    });
  });

  test('by a caller with another request at the same moment is a conflict', async () => {
    const { client } = createFakeClient({
      start: ['taken', 'taken'],
      runs: [
        { status: 'FAILED', billed: 'no', memo },
        { memo: otherMemo, runId: 'run-9' },
      ],
    });
    await expect(startVideo({ client }, request)).rejects.toMatchObject({ kind: 'key_conflict' });
  });
});

describe('the summary in the Temporal UI', () => {
  test('is model, length and the first words of the prompt, in one line', async () => {
    expect(await summaryOf(request.body)).toBe('sora-2 · 8 s · a lighthouse at night');
    const long = await summaryOf({ model: 'm', prompt: 'word '.repeat(50), duration: 5 });
    expect(long).toBe(`m · 5 s · ${'word '.repeat(12)}…`);
    expect(await summaryOf({ model: 'm', prompt: 'p' })).toBe('m · p');
  });

  test('never splits a character', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(3), async (shift) => {
        const prompt = 'x'.repeat(shift) + '🎬'.repeat(60);
        const summary = await summaryOf({ model: 'm', prompt });
        expect(Buffer.from(summary).toString()).toBe(summary);
      }),
    );
  });
});
