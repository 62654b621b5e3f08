import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRateLimit } from '../../../src/serve/limits/rate-limit.ts';

/** A limit on a clock that the test sets. */
function onClock(options: { perSecond: number; burst: number }) {
  const clock = { ms: 0 };
  return { clock, limit: createRateLimit({ ...options, now: () => clock.ms }) };
}

/** Rounding of times and tokens. */
const epsilon = 1e-6;

const anyLimit = fc.record({
  perSecond: fc.double({ min: 0.1, max: 1_000, noNaN: true }),
  burst: fc.double({ min: 1, max: 500, noNaN: true }),
});
const anyPauses = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 200 });

describe('the rate of an id', () => {
  test('never exceeds burst + rate × time, between any two requests that passed', () => {
    fc.assert(
      fc.property(anyLimit, anyPauses, (options, pauses) => {
        const { clock, limit } = onClock(options);
        const passed: number[] = [];
        for (const pause of pauses) {
          clock.ms += pause;
          if (limit.take('a').ok) passed.push(clock.ms);
        }
        for (const [first, from] of passed.entries()) {
          for (const [offset, to] of passed.slice(first).entries()) {
            const allowed = options.burst + ((to - from) / 1_000) * options.perSecond;
            expect(offset + 1).toBeLessThanOrEqual(allowed + epsilon);
          }
        }
      }),
    );
  });

  test('allows a request after the time that a refusal named, however often it was refused', () => {
    fc.assert(
      fc.property(anyLimit, fc.integer({ min: 0, max: 20 }), (options, refusals) => {
        const { clock, limit } = onClock(options);
        let decision = limit.take('a');
        while (decision.ok) decision = limit.take('a');
        for (let index = 0; index < refusals; index += 1) limit.take('a');
        expect(Number.isInteger(decision.retryAfterSeconds)).toBe(true);
        expect(decision.retryAfterSeconds).toBeGreaterThanOrEqual(1);
        clock.ms += decision.retryAfterSeconds * 1_000;
        expect(limit.take('a').ok).toBe(true);
      }),
    );
  });

  test('allows a whole burst at once from an id that was never seen', () => {
    const { limit } = onClock({ perSecond: 50, burst: 100 });
    const decisions = Array.from({ length: 101 }, () => limit.take('a').ok);
    expect(decisions.filter(Boolean)).toHaveLength(100);
    expect(decisions.at(-1)).toBe(false);
  });

  test('is not used up by requests of another id', () => {
    const { limit } = onClock({ perSecond: 1, burst: 1 });
    expect([limit.take('a').ok, limit.take('a').ok, limit.take('b').ok]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('is not changed by a clock that goes back', () => {
    const { clock, limit } = onClock({ perSecond: 1, burst: 1 });
    clock.ms = 10_000;
    limit.take('a');
    clock.ms = 0;
    expect(limit.take('a')).toEqual({ ok: false, retryAfterSeconds: 1 });
  });
});

describe('the memory of a rate limit', () => {
  test('drops ids that have regained their whole burst', () => {
    const { clock, limit } = onClock({ perSecond: 10, burst: 20 });
    for (let index = 0; index < 1_000; index += 1) limit.take(`id-${index}`);
    expect(limit.size).toBe(1_000);
    clock.ms += 2_000;
    limit.take('last');
    expect(limit.size).toBe(1);
  });

  test('keeps an id that has not regained its whole burst', () => {
    const { clock, limit } = onClock({ perSecond: 1, burst: 4 });
    clock.ms = 3_500;
    for (let index = 0; index < 4; index += 1) limit.take('busy');
    clock.ms = 4_000;
    limit.take('other');
    expect(limit.take('busy')).toEqual({ ok: false, retryAfterSeconds: 1 });
  });

  test('is bounded by the ids of twice the time that fills a bucket', () => {
    const { clock, limit } = onClock({ perSecond: 50, burst: 100 });
    let largest = 0;
    for (let index = 0; index < 20_000; index += 1) {
      clock.ms += 1;
      limit.take(`id-${index}`);
      largest = Math.max(largest, limit.size);
    }
    expect(largest).toBeLessThanOrEqual(4_000);
  });
});
