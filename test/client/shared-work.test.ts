import { describe, expect, test } from 'vitest';
import { cancelVideo } from '../../src/client/act-on-video.ts';
import { startVideo } from '../../src/client/start-video.ts';
import { messageNames } from '../../src/contract/messages.ts';
import type { VideoRequest } from '../../src/contract/video-request.ts';
import { requestDigest } from '../../src/identity/request-digest.ts';
import { videoId } from '../../src/identity/workflow-id.ts';
import { createFakeClient, type FakeRun } from '../fakes/fake-client.ts';
import { result } from './outcomes.ts';

const request: VideoRequest = {
  format: 'videos',
  body: { model: 'sora-2', prompt: 'a lighthouse', seconds: '8', size: '1280x720' },
};
const memo = { requestDigest: requestDigest(request) };
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const stored = (closedAt: Date): FakeRun => ({
  status: 'COMPLETED',
  billed: 'yes',
  memo,
  closedAt,
});

describe('an equal request', () => {
  test.each([
    ['59 minutes after the video was stored returns it', 59, {}, 'cached', 1],
    ['61 minutes after pays for the next take', 61, {}, 'started', 2],
    ['after its own cache time pays for the next take', 6, { cacheMs: 300_000 }, 'started', 2],
    ['that names the take returns it, however old it is', 9_999, { take: 1 }, 'cached', 1],
    ['with fresh pays for the next take at once', 0, { fresh: true }, 'started', 2],
  ] as const)('%s', async (_title, age, options, outcome, take) => {
    const { client } = createFakeClient({
      start: ['taken', 'run-2'],
      runs: [stored(minutesAgo(age))],
    });
    const started = await startVideo({ client }, request, options);
    expect(started).toMatchObject({ outcome, videoId: videoId(request, { take }) });
  });

  test('pays for the next take if the stored file was removed', async () => {
    const start = () =>
      createFakeClient({
        start: ['taken', 'run-2'],
        runs: [stored(minutesAgo(1))],
        result: () => result,
      }).client;
    const storage = (found: { sizeBytes: number } | null) => ({
      head: () => Promise.resolve(found),
      read: async function* () {},
    });
    const gone = await startVideo({ client: start(), storage: storage(null) }, request);
    const there = await startVideo(
      { client: start(), storage: storage({ sizeBytes: 1 }) },
      request,
    );
    expect([gone.outcome, there.outcome]).toEqual(['started', 'cached']);
  });

  test('that joins sends its waiter id to the run', async () => {
    const { client, calls } = createFakeClient({ runs: [{ memo }] });
    const started = await startVideo({ client }, request, { waiterId: 'anna' });
    expect(started).toMatchObject({ outcome: 'joined', waiterId: 'anna' });
    const signals = calls.filter(({ name }) => name === 'signal');
    expect(signals.map(({ given }) => given.slice(1))).toEqual([
      [messageNames.joinVideo, { waiterId: 'anna', asker: 'anna' }],
    ]);
  });

  test('with fresh and a key together is refused', async () => {
    const { client } = createFakeClient({ start: ['run-1'] });
    const starting = startVideo({ client }, request, { fresh: true, key: 'mine' });
    await expect(starting).rejects.toMatchObject({ kind: 'invalid_request' });
  });
});

describe('a cancel by one waiter', () => {
  const cancelling = async (answer: () => unknown, run: FakeRun = {}) => {
    const { client, calls } = createFakeClient({ runs: [run], update: answer });
    const asked = await cancelVideo(client, 'video/demo', { waiterId: 'anna' }).catch(
      (error: unknown) => error,
    );
    return { asked, isCancelled: calls.some(({ name }) => name === 'cancel') };
  };

  test.each([
    ['keeps the video for the other waiters', { wasWaiting: true, others: 2 }, 'left', false],
    ['that never waited changes nothing', { wasWaiting: false, others: 2 }, 'not_waiting', false],
    [
      'that is the last waiter stops the video',
      { wasWaiting: true, others: 0 },
      'cancelling',
      true,
    ],
    ['stops a run without known waiters', { wasWaiting: false, others: 0 }, 'cancelling', true],
  ])('%s', async (_title, answer, outcome, isCancelled) => {
    expect(await cancelling(() => answer)).toMatchObject({ asked: { outcome }, isCancelled });
  });

  test('stops nothing while no worker can tell who else waits', async () => {
    const silence = () => Promise.reject(new Error('deadline'));
    const { asked, isCancelled } = await cancelling(silence);
    expect(asked).toMatchObject({ kind: 'no_answer' });
    expect(isCancelled).toBe(false);
  });

  test('of an adopted job stops it: it has no waiters', async () => {
    const { isCancelled } = await cancelling(() => null, { type: 'collectVideoWorkflow' });
    expect(isCancelled).toBe(true);
  });
});
