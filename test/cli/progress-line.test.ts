import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { bar, clock, plainLine, progressLine, statusNote } from '../../src/cli/progress-line.ts';
import type { VideoSnapshot } from '../../src/client.ts';

const colors = picocolors.createColors(false);
const running: VideoSnapshot = {
  videoId: 'video/cat',
  live: true,
  phase: 'running',
  progressPercent: 30,
  billed: 'yes',
  model: 'kling-v1',
  jobId: 'task_1',
  startedAt: '2026-11-23T05:00:00.000Z',
};
const line = (columns: number, status = running) =>
  progressLine(status, { elapsedMs: 72_000, frame: 0, columns, colors });

describe('progressLine()', () => {
  test('shows phase, bar, percent, time, model and job', () => {
    expect(line(100)).toBe('⠋ running    ██████░░░░░░░░░░░░░░  30 %  1:12  kling-v1 · task_1');
  });

  test('never fills the last column of any terminal', () => {
    for (let columns = 10; columns < 120; columns += 1) {
      expect(line(columns).length).toBeLessThan(columns);
    }
  });

  test('shows no percent where the gateway has sent none', () => {
    const { progressPercent: _, ...unknown } = running;
    expect(line(100, unknown)).not.toMatch(/\d %/);
  });
});

test.each([
  [0, 0],
  [4, 0],
  [5, 1],
  [99, 19],
  [100, 20],
])('bar() at %i %% has %i full cells', (percent, cells) => {
  expect(bar(percent)).toBe('█'.repeat(cells) + '░'.repeat(20 - cells));
});

test.each([
  [0, '0:00'],
  [7_900, '0:07'],
  [750_000, '12:30'],
  [3_723_000, '1:02:03'],
])('clock() writes %i ms as %s', (elapsedMs, text) => {
  expect(clock(elapsedMs)).toBe(text);
});

describe('plainLine()', () => {
  test('is the same until something changes', () => {
    expect(plainLine(running)).toBe('running · 30 % · kling-v1 · job task_1');
  });

  test('says what needs a look', () => {
    expect(plainLine({ ...running, attention: 'auth' })).toMatch(/GATEWAY_API_KEY/);
  });
});

test('statusNote() tells a submit that was not accepted apart from a billed one', () => {
  const failure = { kind: 'rate_limited', message: 'limit', billed: 'no' } as const;
  const note = statusNote({ ...running, retrying: { failure, until: '2026-11-23T05:01:00Z' } });
  expect(note).toMatch(/rate_limited.*billed: no/);
});
