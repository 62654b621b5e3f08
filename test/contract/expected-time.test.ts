import { describe, expect, test } from 'vitest';
import {
  expectedEnd,
  expectedTime,
  expectedWords,
  type Expecting,
} from '../../src/contract/expected-time.ts';
import { videoPhases } from '../../src/contract/messages.ts';

const submittedAt = '2026-11-30T12:00:00.000Z';
const since = Date.parse(submittedAt);
const time = { typicalMs: 100_000, fromMs: 80_000, toMs: 150_000 };
const running: Expecting = { phase: 'running', submittedAt, expected: expectedEnd(time, since) };
const wordsAt = (ageMs: number) => expectedWords(running, since + ageMs);

describe('the time that is left', () => {
  test.each([
    [0, 'about 1:40 left (usually 1:20–2:30)'],
    [99_000, 'about 0:01 left (usually 1:20–2:30)'],
    [99_001, 'any moment (usually 1:20–2:30)'],
    [149_999, 'any moment (usually 1:20–2:30)'],
    [150_000, 'longer than usual (usually 1:20–2:30)'],
    [9_000_000, 'longer than usual (usually 1:20–2:30)'],
  ])('%i ms after the submit is: %s', (ageMs, words) => {
    expect(wordsAt(ageMs)).toBe(words);
  });

  test('is said only while the gateway has the job', () => {
    const saying = videoPhases.filter((phase) => expectedWords({ ...running, phase }, since));
    expect(saying).toEqual(['queued', 'running', 'overdue']);
  });

  test('is not said where nothing is known', () => {
    const { expected: _, ...unknown } = running;
    expect(expectedWords(unknown, since)).toBeUndefined();
    expect(expectedTime([])).toBeUndefined();
  });

  test('of jobs that always take the same has no range', () => {
    const same = expectedTime([100_000, 100_000, 100_000, 100_000, 100_000]);
    const expected = same && { expected: expectedEnd(same, since) };
    expect(expectedWords({ ...running, ...expected }, since)).toBe(
      'about 1:40 left (usually 1:40)',
    );
  });
});

test('one in ten took less than the range, one in ten more', () => {
  const durations = Array.from({ length: 11 }, (_, index) => index * 1_000);
  expect(expectedTime(durations)).toEqual({ fromMs: 1_000, typicalMs: 5_000, toMs: 9_000 });
});
