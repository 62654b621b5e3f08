import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  gatewayBeatMs,
  pollDelay,
  pollScheduleNames,
  type PollScheduleName,
} from '../../src/contract/poll-delay.ts';

const hourMs = 3_600_000;

/** The delays of one watch, in seconds, if every poll is sent exactly when it is due. */
function delays(schedule: PollScheduleName, count: number): number[] {
  const seconds: number[] = [];
  let sinceSubmitMs = 0;
  for (let asked = 0; asked < count; asked += 1) {
    const delayMs = pollDelay({ schedule, sinceSubmitMs });
    seconds.push(delayMs / 1_000);
    sinceSubmitMs += delayMs;
  }
  return seconds;
}

describe('the schedules', () => {
  test('stepped is the published one: 5 s six times, 10 s six times, then 30 s', () => {
    const published = [5, 5, 5, 5, 5, 5, 10, 10, 10, 10, 10, 10, 30, 30, 30];
    expect(delays('stepped', published.length)).toEqual(published);
  });

  test('exponential is the published one: 2 s, each time half as much again, at most 30 s', () => {
    const published = [2, 3, 4.5, 6.75, 10.125, 15.188, 22.782, 30, 30];
    delays('exponential', published.length).forEach((seconds, index) => {
      expect(seconds).toBeCloseTo(published[index] ?? 0, 2);
    });
  });

  test("beat follows the gateway's schedule for 10 minutes, then polls half as often", () => {
    expect(new Set(delays('beat', 40))).toEqual(new Set([gatewayBeatMs / 1_000]));
    expect(pollDelay({ schedule: 'beat', sinceSubmitMs: 600_000 })).toBe(30_000);
  });

  test('no schedule ever gets faster again', () => {
    const moments = fc.tuple(fc.nat(25 * hourMs), fc.nat(25 * hourMs), fc.boolean());
    fc.assert(
      fc.property(fc.constantFrom(...pollScheduleNames), moments, (schedule, moment) => {
        const [one, other, overdue] = moment;
        const early = { schedule, overdue, sinceSubmitMs: Math.min(one, other) };
        const late = { schedule, overdue, sinceSubmitMs: Math.max(one, other) };
        expect(pollDelay(late)).toBeGreaterThanOrEqual(pollDelay(early));
      }),
    );
  });

  test('a clock that runs backwards counts as the start', () => {
    for (const schedule of pollScheduleNames) {
      const atStart = pollDelay({ schedule, sinceSubmitMs: 0 });
      expect(pollDelay({ schedule, sinceSubmitMs: -hourMs })).toBe(atStart);
    }
  });
});

describe('an overdue job', () => {
  test.each([
    [0, 60_000],
    [hourMs - 1, 60_000],
    [hourMs, 300_000],
    [6 * hourMs - 1, 300_000],
    [6 * hourMs, 600_000],
    [30 * hourMs, 600_000],
  ])('at %i ms is polled every %i ms', (sinceSubmitMs, expected) => {
    for (const schedule of pollScheduleNames) {
      expect(pollDelay({ schedule, sinceSubmitMs, overdue: true })).toBe(expected);
    }
  });

  test('is always polled less often than one before its deadline', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...pollScheduleNames),
        fc.nat(30 * hourMs),
        (schedule, sinceSubmitMs) => {
          const inTime = pollDelay({ schedule, sinceSubmitMs });
          expect(pollDelay({ schedule, sinceSubmitMs, overdue: true })).toBeGreaterThan(inTime);
        },
      ),
    );
  });
});

const moment = fc.record({
  schedule: fc.constantFrom(...pollScheduleNames),
  sinceSubmitMs: fc.nat(25 * hourMs),
  overdue: fc.boolean(),
});

test('speed scales the clock and the delay alike', () => {
  fc.assert(
    fc.property(moment, fc.integer({ min: 1, max: 100 }), (given, speed) => {
      const sandbox = pollDelay({ ...given, sinceSubmitMs: given.sinceSubmitMs / speed, speed });
      const real = pollDelay({ ...given, sinceSubmitMs: (given.sinceSubmitMs / speed) * speed });
      expect(Math.abs(sandbox - real / speed)).toBeLessThanOrEqual(1);
    }),
  );
});

test('jitter adds at most a fifth, and the delay stays a positive whole number', () => {
  const jitters = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(moment, jitters, (given, jitter) => {
      const plain = pollDelay(given);
      const spread = pollDelay({ ...given, jitter });
      expect(spread).toBeGreaterThanOrEqual(plain);
      expect(spread).toBeLessThanOrEqual(Math.ceil(plain * 1.2));
      expect(Number.isInteger(spread) && spread > 0).toBe(true);
    }),
  );
});
