import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createVideoClient, type VideoSnapshot } from '../../src/client.ts';
import {
  createFakeClient,
  grpcError,
  startTime,
  type ClientCall,
  type ClientScript,
  type FakeRun,
} from '../fakes/fake-client.ts';
import { endings, result } from './outcomes.ts';

const hour = 3_600_000;
const live = (phase: string) => ({ phase, billed: 'yes', startedAt: startTime.toISOString() });
const stored = { outcome: 'stored', videoId: 'video/demo', result };

/** A run whose state the test changes, and a client that waits for it. */
async function harness(first: FakeRun = {}, script: ClientScript = {}) {
  let run = first;
  let end: () => void = () => undefined;
  const { client, calls } = createFakeClient({
    runs: () => run,
    query: () => live(run.phase ?? 'running'),
    end: () => new Promise<void>((resolve) => (end = resolve)),
    result: () => result,
    ...script,
  });
  return {
    calls,
    videos: await createVideoClient({ client }),
    become: (next: FakeRun) => void (run = next),
    endLongPoll: () => end(),
  };
}

function count(calls: readonly ClientCall[], name: ClientCall['name']): number {
  return calls.filter((call) => call.name === name).length;
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let turns = 0; !isTrue(); turns += 1) {
    if (turns > 10_000) throw new Error('It never happened');
    await turn();
  }
}

describe('waiting without onStatus', () => {
  test('sends no query, and returns the outcome as soon as the run has ended', async () => {
    const { videos, calls, become, endLongPoll } = await harness();
    const waiting = videos.wait('demo', { intervalMs: hour });
    await until(() => count(calls, 'result') === 1);
    become({ status: 'COMPLETED' });
    endLongPoll();
    expect(await waiting).toEqual(stored);
    expect(count(calls, 'query')).toBe(0);
    expect(count(calls, 'describe')).toBe(2);
  });

  test.each(['overdue', 'unresolved'] as const)(
    'ends at %s, with the status of the run itself',
    async (phase) => {
      const { videos, calls, become } = await harness();
      const waiting = videos.wait('demo', { intervalMs: 1 });
      await until(() => count(calls, 'describe') >= 3);
      become({ phase });
      const status = { ...live(phase), videoId: 'video/demo', live: true };
      expect(await waiting).toEqual({
        outcome: 'pending',
        videoId: 'video/demo',
        reason: phase,
        status,
      });
      expect(count(calls, 'query')).toBe(1);
    },
  );

  test('ends at its time limit, with the status of the run itself, queried once', async () => {
    const { videos, calls } = await harness();
    const outcome = await videos.wait('demo', { intervalMs: 1, timeoutMs: 20 });
    expect(outcome).toMatchObject({ outcome: 'pending', reason: 'limit', status: { live: true } });
    expect(count(calls, 'query')).toBe(1);
  });

  test('for a video that has ended opens no long poll', async () => {
    const { videos, calls } = await harness({ status: 'COMPLETED' });
    expect(await videos.wait('demo')).toEqual(stored);
    expect(calls.map(({ name }) => name)).toEqual(['describe', 'result']);
  });
});

describe('waiting with onStatus', () => {
  test('queries a run only when its history has grown', async () => {
    const { videos, calls, become, endLongPoll } = await harness({ phase: 'queued' });
    const seen: VideoSnapshot['phase'][] = [];
    const onStatus = ({ phase }: VideoSnapshot) => void seen.push(phase);
    const waiting = videos.wait('demo', { intervalMs: 0, onStatus });
    await until(() => count(calls, 'describe') >= 10);
    expect(count(calls, 'query')).toBe(1);
    become({ phase: 'running', historyLength: 20 });
    const described = count(calls, 'describe');
    await until(() => count(calls, 'describe') >= described + 10);
    expect(count(calls, 'query')).toBe(2);
    become({ status: 'COMPLETED' });
    endLongPoll();
    expect(await waiting).toEqual(stored);
    expect(seen).toEqual(['queued', 'running', 'stored']);
  });

  test('retries the query while no worker answers', async () => {
    const { videos, calls } = await harness({}, { query: endings.foreign });
    const leaving = new AbortController();
    const seen: VideoSnapshot[] = [];
    const onStatus = (status: VideoSnapshot) => void seen.push(status);
    const waiting = videos.wait('demo', { intervalMs: 0, onStatus, signal: leaving.signal });
    await until(() => count(calls, 'query') >= 5);
    leaving.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toMatchObject([{ live: false }]);
  });

  test('rejects with what onStatus throws, and other waits continue', async () => {
    const { videos, calls, become, endLongPoll } = await harness();
    const other = videos.wait('demo', { intervalMs: hour });
    const onStatus = () => {
      throw new RangeError('a bug of the caller');
    };
    await expect(videos.wait('demo', { onStatus })).rejects.toThrow('a bug of the caller');
    await until(() => count(calls, 'result') === 1);
    become({ status: 'COMPLETED' });
    endLongPoll();
    expect(await other).toEqual(stored);
  });
});

describe('a hundred waits for the same video in one client', () => {
  test('share one watch', async () => {
    const { videos, calls, become, endLongPoll } = await harness();
    const seen: number[] = [];
    const waiting = Array.from({ length: 100 }, (_, index) =>
      videos.wait('demo', { intervalMs: hour, onStatus: () => void seen.push(index) }),
    );
    await until(() => seen.length === 100);
    expect(calls.map(({ name }) => name)).toEqual(['describe', 'query', 'result']);
    become({ status: 'COMPLETED' });
    endLongPoll();
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => stored));
    expect(calls.map(({ name }) => name).slice(3)).toEqual(['describe', 'result']);
    expect(seen).toHaveLength(200);
  });

  test('each see a status that was read after they began', async () => {
    const { videos, calls, become } = await harness({ phase: 'queued' });
    const leaving = new AbortController();
    const first = videos.wait('demo', { intervalMs: hour, signal: leaving.signal });
    await until(() => count(calls, 'result') === 1);
    become({ phase: 'unresolved' });
    expect(await videos.wait('demo', { intervalMs: hour })).toMatchObject({ reason: 'unresolved' });
    expect(await first).toMatchObject({ reason: 'unresolved' });
  });

  test('end one by one, and the last one ends the watch', async () => {
    let aborted = 0;
    const { videos, calls } = await harness();
    const leaving = Array.from({ length: 3 }, () => new AbortController());
    const waiting = leaving.map(async ({ signal }) => {
      const waited = videos.wait('demo', { intervalMs: 0, signal });
      await waited.catch((error: unknown) => {
        expect(error).toMatchObject({ name: 'AbortError' });
        aborted += 1;
      });
    });
    for (const [index, controller] of leaving.entries()) {
      const before = count(calls, 'describe');
      await until(() => count(calls, 'describe') > before + 2);
      controller.abort();
      await until(() => aborted === index + 1);
    }
    await Promise.all(waiting);
    const { length } = calls;
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(calls).toHaveLength(length);
  });

  test('do not share a timeout: if the call of the first times out, the second still gets its outcome', async () => {
    let describes = 0;
    const runs = (): FakeRun => {
      describes += 1;
      if (describes === 1) throw grpcError('deadline');
      return { status: 'COMPLETED' };
    };
    const { client } = createFakeClient({ runs, result: () => result });
    const videos = await createVideoClient({ client });
    const [first, second] = await Promise.allSettled([videos.wait('demo'), videos.wait('demo')]);
    expect(first).toMatchObject({ status: 'rejected' });
    expect(second).toMatchObject({ status: 'fulfilled', value: stored });
  });
});

describe('waiting continues', () => {
  test('with the run that a reset started', async () => {
    const { videos, calls, become, endLongPoll } = await harness({ runId: 'run-1' });
    const waiting = videos.wait('demo', { intervalMs: hour });
    await until(() => count(calls, 'result') === 1);
    become({ runId: 'run-2' });
    endLongPoll();
    await until(() => count(calls, 'result') === 2);
    become({ runId: 'run-2', status: 'COMPLETED' });
    endLongPoll();
    expect(await waiting).toEqual(stored);
  });

  test('after a long poll was interrupted', async () => {
    let polls = 0;
    const end = () => {
      polls += 1;
      return Promise.reject(grpcError('unavailable'));
    };
    const { videos, become } = await harness({}, { end });
    const waiting = videos.wait('demo', { intervalMs: 0 });
    await until(() => polls >= 3);
    become({ status: 'COMPLETED' });
    expect(await waiting).toEqual(stored);
  });
});

test('waiting ends for all waits if the connection is lost', async () => {
  const runs = () => {
    throw grpcError('unavailable');
  };
  const { client, calls } = createFakeClient({ runs });
  const videos = await createVideoClient({ client });
  const waiting = Array.from({ length: 5 }, () => videos.wait('demo'));
  for (const { status } of await Promise.allSettled(waiting)) expect(status).toBe('rejected');
  expect(count(calls, 'describe')).toBe(1);
});

test('a wait that is aborted before it begins sends no request', async () => {
  const { videos, calls } = await harness();
  const waiting = videos.wait('demo', { signal: AbortSignal.abort(), intervalMs: hour });
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  expect(calls).toEqual([]);
});
