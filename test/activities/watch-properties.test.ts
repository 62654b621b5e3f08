import { ApplicationFailure } from '@temporalio/common';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pollDelay } from '../../src/contract/poll-delay.ts';
import type { JobProgress } from '../../src/contract/video-job.ts';
import { GatewayError } from '../../src/gateway/gateway-error.ts';
import { jobStatus } from '../fakes/fake-gateway.ts';
import {
  queued,
  running,
  succeeded,
  unknownWord,
  watchOnce,
  type Answers,
} from './watch-harness.ts';

/** Waiting less than this for the schedule is not worth another attempt. */
const toleranceMs = 50;

interface Watched {
  /** Milliseconds since the submit of each question that reached the gateway. */
  askedAt: number[];
  last: JobProgress | undefined;
}

/** Plays server and workflow: waits as told, and schedules the activity anew after each change. */
async function watch(answers: Answers, jitter: number): Promise<Watched> {
  const askedAt: number[] = [];
  let seen: JobProgress | undefined;
  let memory: unknown;
  let attempt = 1;
  let sinceSubmitMs = 0;
  for (let next = 0; next < answers.length;) {
    const answer = answers[next];
    if (!answer) break;
    const given = { generations: [answer], sinceSubmitMs, attempt, memory, jitter };
    const { outcome, gateway, harness } = watchOnce({ ...given, input: seen ? { seen } : {} });
    const result = await outcome.catch((error: unknown) => error);
    if (gateway.asked.length > 0) {
      askedAt.push(sinceSubmitMs);
      next += 1;
    }
    memory = harness.heartbeats.at(-1) ?? memory;
    if (result instanceof ApplicationFailure) {
      sinceSubmitMs += Number(result.nextRetryDelay);
      attempt += 1;
    } else {
      seen = result as JobProgress;
      attempt = 1;
      memory = undefined;
      if (seen.state === 'succeeded') break;
    }
  }
  return { askedAt, last: seen };
}

describe('whatever the gateway answers, whatever the jitter', () => {
  const answer = fc.oneof(
    fc.integer({ min: 0, max: 100 }).map(running),
    fc.string({ minLength: 1, maxLength: 8 }).map((word) => {
      return jobStatus({ state: 'running', rawStatus: word, unknownWord: word });
    }),
    fc.constantFrom(
      queued,
      unknownWord,
      new GatewayError('gateway_unavailable', 'The connection broke'),
      new GatewayError('auth', 'The key is not let in', { pause: true }),
      new GatewayError('rate_limited', 'Slow down', { retryAfterMs: 90_000 }),
    ),
  );
  const answers = fc.array(answer, { maxLength: 50 });
  const jitters = fc.double({ min: 0, max: 0.99, noNaN: true });

  test('a job that succeeds in the end is never called anything else', async () => {
    await fc.assert(
      fc.asyncProperty(answers, jitters, async (before, jitter) => {
        const { last } = await watch([...before, succeeded], jitter);
        expect(last?.state).toBe('succeeded');
      }),
      { numRuns: 60 },
    );
  });

  test('no question comes sooner than the schedule allows', async () => {
    await fc.assert(
      fc.asyncProperty(answers, jitters, async (before, jitter) => {
        const { askedAt } = await watch([...before, succeeded], jitter);
        for (const [index, at] of askedAt.entries()) {
          const previous = askedAt[index - 1] ?? 0;
          const least = pollDelay({ schedule: 'beat', sinceSubmitMs: previous });
          expect(at - previous).toBeGreaterThanOrEqual(least - toleranceMs);
        }
      }),
      { numRuns: 60 },
    );
  });
});
