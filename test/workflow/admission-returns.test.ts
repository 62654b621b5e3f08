import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nobodyReturns, openReturns } from '../../src/workflows/admission/returns.ts';

const minuteMs = 60_000;
const perMinute = 240;
const startMs = Date.UTC(2026, 0, 1);

const request = fc.record({
  stepMs: fc.nat({ max: 5_000 }),
  ageMs: fc.nat({ max: 150 * minuteMs }),
  times: fc.integer({ min: 1, max: 400 }),
});

test('a waiting video requests again in the first minute with room after its delay has passed', () => {
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 40 }), (requests) => {
      let returns = openReturns(nobodyReturns);
      const expected = new Map<number, number>();
      let nowMs = startMs;
      for (const { stepMs, ageMs, times } of requests) {
        nowMs += stepMs;
        const afterMs = Math.min(Math.max(2 * minuteMs, ageMs / 4), 32 * minuteMs);
        for (let time = 0; time < times; time += 1) {
          let minute = Math.floor((nowMs + afterMs) / minuteMs);
          while ((expected.get(minute) ?? 0) >= perMinute) minute += 1;
          expected.set(minute, (expected.get(minute) ?? 0) + 1);
          const inMs = returns.agree('window', { ageMs, nowMs });
          expect(Math.floor((nowMs + inMs) / minuteMs)).toBe(minute);
        }
        // As a run does that continues as new.
        if (ageMs % 3 === 0) returns = openReturns(returns.snapshot());
      }
    }),
    { numRuns: 50 },
  );
});
