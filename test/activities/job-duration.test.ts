import { describe, expect, test } from 'vitest';
import { createJobDuration, type SeenEnd } from '../../src/activities/watch/job-duration.ts';
import type { JobStatus } from '../../src/gateway/gateway.ts';
import { t0 } from './watch-harness.ts';

/** A poll on time finds the job completed after 130 s. */
const end: SeenEnd = { submittedAt: t0, dueAt: t0 + 129_000, askedAt: t0 + 130_000 };
const done = (times: Partial<JobStatus>): JobStatus => ({
  state: 'succeeded',
  noNews: false,
  reasonMissing: false,
  resultUrls: [],
  ...times,
});
const durationOf = (times: Partial<JobStatus>, more: Partial<SeenEnd> = {}, speed = 1) =>
  createJobDuration(speed)(done(times), { ...end, ...more });

test("the duration of a job ends at the gateway's completion, at the end of a whole second", () => {
  expect(durationOf({ completedAt: t0 + 120_000 })).toBe(120_999);
  expect(durationOf({ completedAt: t0 + 120_250 })).toBe(120_250);
  expect(durationOf({ completedAt: t0 + 120_000 }, { askedAt: t0 + 120_400 })).toBe(120_400);
});

test.each([
  ['there is none', {}],
  ['it is in the future', { completedAt: t0 + 140_000 }],
  ['it is before the submit', { completedAt: t0 - 5_000 }],
  ['the job was created before its submit', { completedAt: t0 + 120_000, createdAt: t0 - 10_000 }],
])('where the completion is not plausible because %s, it ends with the poll', (_why, times) => {
  expect(durationOf(times)).toBe(130_000);
});

test('a completion long before a poll that found the job running is not plausible', () => {
  const completedAt = t0 + 99_000;
  expect(durationOf({ completedAt }, { openAt: t0 + 115_000 })).toBe(130_000);
});

describe('a completion shortly before a poll that found the job running', () => {
  const completed = done({ completedAt: t0 + 112_500 });
  const contradicted = { ...end, openAt: t0 + 115_000 };
  const times = <T>(count: number, run: () => T) => Array.from({ length: count }, run).at(-1);

  test('shows a lag that later durations have, once a few jobs have shown it', () => {
    const duration = createJobDuration(1);
    expect(times(3, () => duration(completed, contradicted))).toBe(115_000);
    expect(times(10, () => duration(completed, end))).toBe(114_500);
    expect(duration(completed, { ...end, askedAt: t0 + 113_000 })).toBe(113_000);
  });

  test('that only one job in twenty shows is no lag', () => {
    const duration = createJobDuration(1);
    duration(completed, contradicted);
    expect(times(20, () => duration(completed, end))).toBe(112_500);
  });
});

test('a poll that came much later than planned says nothing without the time of completion', () => {
  const late = { dueAt: t0 + 90_000, askedAt: t0 + 7_200_000 };
  expect(durationOf({}, late)).toBeUndefined();
  expect(durationOf({ completedAt: t0 + 120_250 }, late)).toBe(120_250);
  expect(durationOf({}, { dueAt: t0 + 129_000 }, 50)).toBeUndefined();
});

test('only a success has a duration', () => {
  expect(durationOf({ state: 'failed', completedAt: t0 + 120_000 })).toBeUndefined();
});
