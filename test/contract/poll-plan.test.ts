import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gatewayBeatMs, pollDelay, type PollPlan } from '../../src/contract/poll-delay.ts';
import { leastSamples, planPolls, quantile } from '../../src/contract/poll-plan.ts';

const hourMs = 3_600_000;
const ascending = (durations: readonly number[]) => durations.toSorted((a, b) => a - b);

/** Durations of a job in milliseconds, from seconds to a day. */
const durations = fc
  .array(fc.oneof(fc.nat(600_000), fc.nat(24 * hourMs), fc.constant(120_000)), {
    minLength: leastSamples,
    maxLength: 50,
  })
  .map(ascending);

/** The moments of all polls of one job that ends at `endMs`, if each is sent when it is due. */
function pollsUntil(endMs: number, plan?: PollPlan, jitter = 0): number[] {
  const polls: number[] = [];
  let at = 0;
  while (at < endMs) {
    at += pollDelay({ schedule: 'learned', sinceSubmitMs: at, plan, jitter });
    polls.push(at);
  }
  return polls;
}

describe('the plan of a schedule', () => {
  test('never has two polls nearer than the beat of the gateway', () => {
    fc.assert(
      fc.property(durations, (known) => {
        const polls = [0, ...(planPolls(known)?.pollsMs ?? [])];
        expect(polls.length).toBeGreaterThan(1);
        for (const [index, at] of polls.slice(1).entries()) {
          expect(at - (polls[index] ?? 0)).toBeGreaterThanOrEqual(gatewayBeatMs);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('is the same for the same durations', () => {
    fc.assert(
      fc.property(durations, (known) => {
        expect(planPolls(known)).toEqual(planPolls([...known]));
      }),
      { numRuns: 30 },
    );
  });

  test('from fewer than five durations does not exist, and the delays are those of beat', () => {
    const few = fc.array(fc.nat(hourMs), { maxLength: leastSamples - 1 }).map(ascending);
    const moments = fc.record({
      sinceSubmitMs: fc.nat(25 * hourMs),
      jitter: fc.double({ min: 0, max: 0.99, noNaN: true }),
      overdue: fc.boolean(),
    });
    fc.assert(
      fc.property(few, moments, (known, moment) => {
        const plan = planPolls(known);
        expect(plan).toBeUndefined();
        expect(pollDelay({ schedule: 'learned', ...moment, plan })).toBe(
          pollDelay({ schedule: 'beat', ...moment }),
        );
      }),
    );
  });

  test('does not become coarse through a single job that took hours', () => {
    const known = [...Array.from({ length: 20 }, (_, index) => 118_000 + 200 * index), 5 * hourMs];
    const [seen = 0] = pollsUntil(hourMs, planPolls(known)).filter((at) => at >= 122_500);
    expect(seen - 122_500).toBeLessThan(8_000);
  });

  test('sees a job that fails early within a growing gap, at most a minute', () => {
    const plan = planPolls(Array.from({ length: 20 }, () => 410_000));
    expect(plan?.pollsMs.slice(0, 5)).toEqual([45_000, 105_000, 165_000, 225_000, 285_000]);
    fc.assert(
      fc.property(fc.array(fc.nat(hourMs), { minLength: leastSamples }).map(ascending), (known) => {
        const polls = [0, ...(planPolls(known)?.pollsMs ?? [])];
        const gaps = polls.slice(1).map((at, index) => at - (polls[index] ?? 0));
        expect(Math.max(...gaps)).toBeLessThanOrEqual(60_000);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a job on a plan', () => {
  const jitters = fc.double({ min: 0, max: 0.99, noNaN: true });

  test('is polled again whenever it is asked about, never nearer than the beat', () => {
    fc.assert(
      fc.property(durations, fc.nat(26 * hourMs), jitters, (known, sinceSubmitMs, jitter) => {
        const plan = planPolls(known);
        const delayMs = pollDelay({ schedule: 'learned', sinceSubmitMs, plan, jitter });
        expect(delayMs).toBeGreaterThanOrEqual(gatewayBeatMs);
        expect(delayMs).toBeLessThan(24 * hourMs);
      }),
      { numRuns: 60 },
    );
  });

  test('is polled at most once more than on beat', () => {
    fc.assert(
      fc.property(durations, fc.integer({ min: 1, max: 600_000 }), (known, endMs) => {
        const learned = pollsUntil(endMs, planPolls(known)).length;
        expect(learned).toBeLessThanOrEqual(pollsUntil(endMs).length + 1);
      }),
      { numRuns: 60 },
    );
  });

  test('that takes as long as always is seen within 3 s, whatever the jitter, with 3 polls', () => {
    const plan = planPolls(Array.from({ length: 20 }, () => 120_000));
    fc.assert(
      fc.property(jitters, (jitter) => {
        const polls = pollsUntil(120_000, plan, jitter);
        expect((polls.at(-1) ?? 0) - 120_000).toBeLessThan(3_000);
        expect(polls).toHaveLength(3);
      }),
    );
  });

  test('that takes longer than any before is polled every beat, then half as often', () => {
    const plan = planPolls(Array.from({ length: 20 }, () => 120_000));
    const after = (sinceSubmitMs: number) =>
      pollDelay({ schedule: 'learned', sinceSubmitMs, plan });
    expect([130_000, 599_000, 600_000].map(after)).toEqual([15_000, 15_000, 30_000]);
  });

  test('that is slow by nature is polled every beat until one and a half times the 90th percentile', () => {
    const plan = planPolls(Array.from({ length: 20 }, () => 900_000));
    const after = (sinceSubmitMs: number) =>
      pollDelay({ schedule: 'learned', sinceSubmitMs, plan });
    expect([1_000_000, 1_349_000, 1_350_000].map(after)).toEqual([15_000, 15_000, 30_000]);
  });

  test('that a wake has polled between two planned polls keeps to the beat', () => {
    const plan = { pollsMs: [15_000, 45_000, 121_000, 136_000, 170_000], lateMs: 120_000 };
    const next = (sinceSubmitMs: number) =>
      sinceSubmitMs + pollDelay({ schedule: 'learned', sinceSubmitMs, plan });
    expect([30_000, 38_000, 112_000, 121_300].map(next)).toEqual([
      45_000, 121_000, 136_000, 136_300,
    ]);
  });

  test('of a faster gateway has its plan in the time of that gateway', () => {
    const plan = planPolls(Array.from({ length: 20 }, () => 120_000));
    const real = pollDelay({ schedule: 'learned', sinceSubmitMs: 46_000, plan });
    expect(pollDelay({ schedule: 'learned', sinceSubmitMs: 4_600, plan, speed: 10 })).toBe(
      Math.ceil(real / 10),
    );
  });

  test('that is overdue is polled as on beat', () => {
    const plan = planPolls(Array.from({ length: 20 }, () => 120_000));
    const moment = { sinceSubmitMs: 200_000, overdue: true };
    expect(pollDelay({ schedule: 'learned', ...moment, plan })).toBe(60_000);
  });
});

test('a quantile lies between its neighbours', () => {
  expect([0, 0.5, 0.9, 1].map((share) => quantile([10, 20, 40], share))).toEqual([10, 20, 36, 40]);
});
