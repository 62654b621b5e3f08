import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JobProgress } from '../../src/contract/video-job.ts';
import type { JobStatus } from '../../src/gateway/gateway.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { detailsOf, failureOf } from '../fakes/activity-harness.ts';
import { jobStatus } from '../fakes/fake-gateway.ts';
import {
  badKey,
  noNews,
  noQuota,
  notFound,
  queued,
  running,
  succeeded,
  unknownWord,
  unreachable,
  watchAll,
  watchOnce,
} from './watch-harness.ts';

const attentions = (returned: JobProgress[]) => returned.map(({ attention }) => attention);
const times = <T>(count: number, answer: T): T[] => Array.from({ length: count }, () => answer);

describe('the word unknown', () => {
  test('is waited out, then said aloud once, and never fails the job', async () => {
    const returned = await watchAll(times(20, unknownWord));
    expect(returned).toMatchObject([{ state: 'queued', attention: 'status_unknown' }]);
  });

  test('counts together with answers that have no status word at all', async () => {
    const answers = times(20, [unknownWord, { ...noNews, progressPercent: 30 }]).flat();
    const returned = await watchAll(answers);
    expect(returned.at(-1)).toMatchObject({ progressPercent: 30, attention: 'status_unknown' });
  });

  test('is forgotten with the first word that we know', async () => {
    const returned = await watchAll([...times(8, unknownWord), running()]);
    expect(attentions(returned)).toEqual(['status_unknown', undefined]);
  });

  test('is not counted across other words', async () => {
    const rounds = times(5, [unknownWord, unknownWord, queued]).flat();
    expect(await watchAll(rounds)).toEqual([]);
  });

  test('is written into the heartbeat only when the count changes', async () => {
    const heartbeats = [queued, unknownWord].map(async (answer) => {
      const { outcome, harness } = watchOnce({ generations: [answer], attempt: 2 });
      await outcome.catch(() => null);
      return harness.heartbeats;
    });
    expect(await Promise.all(heartbeats)).toEqual([
      [],
      [{ notFoundInARow: 0, unreachableInARow: 0, unknownInARow: 1, failedInARow: 0 }],
    ]);
  });
});

describe('an answer without any status word', () => {
  const wordless: JobStatus = { ...noNews, progressPercent: 30 };

  test('asks for attention from the fifth time in a row, and never fails the job', async () => {
    expect(attentions(await watchAll([running(30), ...times(4, wordless)]))).toEqual([undefined]);
    const returned = await watchAll([running(30), ...times(20, wordless)]);
    expect(returned).toMatchObject([
      { state: 'running', progressPercent: 30 },
      { state: 'running', progressPercent: 30, attention: 'status_unknown' },
    ]);
  });

  test('is forgotten with the next status word', async () => {
    const returned = await watchAll([...times(8, noNews), running()]);
    expect(attentions(returned)).toEqual(['status_unknown', undefined]);
  });
});

describe('a key that is not let in', () => {
  test.each([
    ['auth', badKey],
    ['quota', noQuota],
  ])('asks for attention (%s) once, and never fails the job', async (attention, error) => {
    const returned = await watchAll([running(20), ...times(30, error)]);
    expect(returned).toMatchObject([
      { state: 'running', progressPercent: 20 },
      { state: 'running', progressPercent: 20, attention },
    ]);
  });

  test('is reported beside the state that the task log tells, also at the end', async () => {
    const logged = { refusedKey: 'quota' } as const;
    const returned = await watchAll([
      { ...running(20), ...logged },
      { ...succeeded, ...logged },
    ]);
    expect(returned).toMatchObject([
      { state: 'running', attention: 'quota' },
      { state: 'succeeded', attention: 'quota' },
    ]);
  });

  test('is forgotten when it is let in again', async () => {
    const returned = await watchAll([running(20), badKey, running(20), succeeded]);
    expect(attentions(returned)).toEqual([undefined, 'auth', undefined, undefined]);
  });
});

describe('a gateway without an answer', () => {
  test('is waited out, and said aloud from the fourth time in a row', async () => {
    expect(await watchAll(times(3, unreachable))).toEqual([]);
    expect(attentions(await watchAll(times(12, unreachable)))).toEqual(['gateway_unavailable']);
  });

  test('is not one that answers with a refused key', async () => {
    const returned = await watchAll([...times(6, badKey), unreachable, ...times(3, badKey)]);
    expect(attentions(returned)).toEqual(['auth']);
  });

  test('is forgotten with its next answer', async () => {
    const returned = await watchAll([...times(4, unreachable), queued]);
    expect(attentions(returned)).toEqual(['gateway_unavailable', undefined]);
  });
});

describe('polls that fail', () => {
  test('say why, and how often in a row, for as long as they do', async () => {
    const reason = { kind: 'gateway_unavailable', message: 'No answer', billed: 'maybe' };
    const first = watchOnce({ generations: [unreachable], attempt: 2 });
    expect((await failureOf(first.outcome)).details).toEqual([{ failure: reason, inARow: 1 }]);
    const second = watchOnce({
      generations: [unreachable],
      attempt: 3,
      memory: first.harness.heartbeats.at(-1),
    });
    expect((await failureOf(second.outcome)).details).toEqual([{ failure: reason, inARow: 2 }]);
  });

  test('are returned with their reason when they need a look, and counted on from there', async () => {
    const [seen] = await watchAll(times(4, unreachable));
    expect(seen).toMatchObject({ failing: { failure: { message: 'No answer' }, inARow: 4 } });
    if (!seen) return;
    const { outcome } = watchOnce({ generations: [unreachable], attempt: 2, input: { seen } });
    expect((await failureOf(outcome)).details).toMatchObject([{ inARow: 5 }]);
  });

  test('say nothing any more once one is answered', async () => {
    const returned = await watchAll([...times(4, unreachable), queued]);
    expect(returned.map(({ failing }) => failing?.inARow)).toEqual([4, undefined]);
    const { outcome } = watchOnce({ generations: [queued], attempt: 2 });
    expect((await failureOf(outcome)).details ?? []).toEqual([]);
  });

  test('stay far below the 4 KB that the server keeps, in any script', async () => {
    const long = new GatewayError('gateway_unavailable', '网关没有回应'.repeat(1_000), {
      gatewayMessage: '稍后再试'.repeat(1_000),
    });
    const failure = await failureOf(watchOnce({ generations: [long], attempt: 2 }).outcome);
    const { message, stack, details } = failure;
    expect(Buffer.byteLength(JSON.stringify({ message, stack, details }))).toBeLessThan(3_800);
  });
});

test('a result that the gateway no longer keeps ends the watch for good', async () => {
  const gone = new GatewayError('result_expired', 'Kept for 24 h only', { requestId: 'req-7' });
  const failure = await failureOf(watchOnce({ generations: [gone] }).outcome);
  expect(failure).toMatchObject({ type: 'result_expired', nonRetryable: true });
  expect(detailsOf(failure)).toMatchObject({ jobId: 'task_1', requestId: 'req-7' });
});

describe('whatever the gateway answers', () => {
  const answer = fc.oneof(
    fc.integer({ min: 0, max: 100 }).map(running),
    fc.constantFrom(queued, unknownWord, noNews, succeeded, running()),
    fc.constantFrom(unreachable, badKey, noQuota, notFound),
    fc.constant(new GatewayError('rate_limited', 'Slow down', { retryAfterMs: 1 })),
    fc.constant(jobStatus({ state: 'running', rawStatus: 'hm', unknownWord: 'hm' })),
  );

  test('no job fails that the gateway did not call failed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { maxLength: 40 }), async (answers) => {
        const returned = await watchAll(answers, { firstMs: 0 });
        expect(returned.map(({ state }) => state)).not.toContain('failed');
      }),
      { numRuns: 60 },
    );
  });

  test('neither progress nor state goes back while the job is under way', async () => {
    const underWay = answer.filter((one) => one !== succeeded);
    const rank = { queued: 0, running: 1, succeeded: 2, failed: 2 };
    await fc.assert(
      fc.asyncProperty(fc.array(underWay, { maxLength: 40 }), async (answers) => {
        const returned = await watchAll(answers);
        const percents = returned.map((progress) => progress.progressPercent ?? -1);
        const ranks = returned.map(({ state }) => rank[state]);
        expect(percents).toEqual(percents.toSorted((a, b) => a - b));
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });
});
