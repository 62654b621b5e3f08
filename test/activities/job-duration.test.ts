import { describe, expect, test } from 'vitest';
import { jobDuration, type SeenEnd } from '../../src/activities/watch/job-duration.ts';
import type { JobStatus } from '../../src/gateway/gateway.ts';
import { t0 } from './watch-harness.ts';

/** A poll finds the job completed after 130 s. */
const end: SeenEnd = { submittedAt: t0, askedAt: t0 + 130_000 };
const durationOf = (times: Partial<JobStatus>, more: Partial<SeenEnd> = {}) =>
  jobDuration(
    { state: 'succeeded', noNews: false, reasonMissing: false, resultUrls: [], ...times },
    { ...end, ...more },
  );

test("the duration of a job ends at the gateway's completion, at the end of a whole second", () => {
  expect(durationOf({ completedAt: t0 + 120_000 })).toBe(120_999);
  expect(durationOf({ completedAt: t0 + 120_250 })).toBe(120_250);
  expect(durationOf({ completedAt: t0 + 120_000 }, { askedAt: t0 + 120_400 })).toBe(120_400);
});

describe('a job has no duration', () => {
  test.each([
    ['the gateway says no time of completion', {}, {}],
    ['that time is in the future', { completedAt: t0 + 140_000 }, {}],
    ['that time is before the submit', { completedAt: t0 - 5_000 }, {}],
    ['that time is the one of the submit', { completedAt: t0 + 0.5 - 0.5 }, { askedAt: t0 }],
    [
      'a poll found it running long after that time',
      { completedAt: t0 + 99_000 },
      { openAt: t0 + 115_000 },
    ],
    ['it failed', { state: 'failed', completedAt: t0 + 120_000 }, {}],
  ] as const)('if %s', (_why, times, more) => {
    expect(durationOf(times, more)).toBeUndefined();
  });
});

test.each([
  ['behind', -10_000],
  ['ahead', 60_000],
])("a gateway's clock that is %s is corrected by its time of the creation", (_where, skewMs) => {
  const times = { createdAt: t0 + skewMs, completedAt: t0 + skewMs + 120_250 };
  expect(durationOf(times)).toBe(120_250);
});
