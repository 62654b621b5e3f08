import { WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import { cancelVideo, keepVideo, resolveSubmission } from '../../src/client/act-on-video.ts';
import { adoptJob } from '../../src/client/adopt-job.ts';
import { createFakeClient, type FakeRun } from '../fakes/fake-client.ts';

const job = { format: 'videos', jobId: 'task_1' } as const;
type FakeClient = ReturnType<typeof createFakeClient>['client'];

describe('actions on a video', () => {
  test.each<[string, (client: FakeClient) => Promise<unknown>]>([
    ['resolve', (client) => resolveSubmission(client, 'demo', { action: 'resubmit' })],
    ['adopt', (client) => adoptJob(client, job, { videoId: 'demo' })],
    ['keep', (client) => keepVideo(client, 'demo')],
    ['leave', (client) => cancelVideo(client, 'demo', { waiterId: 'me' })],
    ['cancel', (client) => cancelVideo(client, 'demo')],
  ])('%s: no query is sent first, so that every history replays', async (_, act) => {
    const update = () => ({ wasWaiting: true, others: 1 });
    const { client, calls } = createFakeClient({ runs: [{ phase: 'unresolved' }], update });
    await act(client);
    expect(calls.map(({ name }) => name)).not.toContain('query');
    expect(calls.map(({ name }) => name)).toEqual(
      expect.arrayContaining([expect.stringMatching(/update|cancel/)]),
    );
  });
});

describe('actions that a worker must answer', () => {
  test.each<[string, (client: FakeClient) => Promise<unknown>]>([
    ['resolve', (client) => resolveSubmission(client, 'demo', { action: 'resubmit' })],
    ['keep', (client) => keepVideo(client, 'demo')],
    ['leave', (client) => cancelVideo(client, 'demo', { waiterId: 'me' })],
  ])('%s: without a worker they end with no_answer', async (_, act) => {
    const update = () => new Promise<never>(() => {});
    const { client } = createFakeClient({ runs: [{ phase: 'unresolved' }], update });
    const late = new WorkflowUpdateRPCTimeoutOrCancelledError('late');
    const withDeadline: typeof client.withDeadline = (_deadline, run) =>
      Promise.race([run(), Promise.reject(late)]);
    await expect(act(Object.assign(client, { withDeadline }))).rejects.toMatchObject({
      kind: 'no_answer',
    });
  });
});

describe('a decision on an unresolved submit', () => {
  const updateIds = async (...runs: FakeRun[]) => {
    const { client, calls } = createFakeClient({ runs, update: () => undefined });
    for (const _ of runs) await resolveSubmission(client, 'demo', { action: 'resubmit' });
    const updates = calls.filter(({ name }) => name === 'update');
    return updates.map(({ given }) => (given[2] as { updateId: string }).updateId);
  };

  test('that is repeated before it was accepted decides once', async () => {
    const [first, second] = await updateIds({ historyLength: 20 }, { historyLength: 20 });
    expect(second).toBe(first);
  });

  test('on a later submit of the same video is a new decision', async () => {
    const [first, second] = await updateIds({ historyLength: 20 }, { historyLength: 31 });
    expect(second).not.toBe(first);
  });
});
