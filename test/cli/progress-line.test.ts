import picocolors from 'picocolors';
import { describe, expect, test } from 'vitest';
import { bar, plainLine, progressLine, statusNotes } from '../../src/cli/video/progress-line.ts';
import { clock } from '../../src/contract/clock-text.ts';
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

  const expected = {
    at: '2026-11-23T05:02:52.000Z',
    from: '2026-11-23T05:02:00.000Z',
    to: '2026-11-23T05:03:00.000Z',
  };
  const known: VideoSnapshot = { ...running, submittedAt: running.startedAt, expected };

  test('says how much time is left, before model and job', () => {
    expect(line(120, known)).toContain(
      '1:12  about 1:40 left (usually 2:00–3:00) · kling-v1 · task_1',
    );
    expect(plainLine(known)).toBe('running · 30 % · usually 2:00–3:00 · kling-v1 · job task_1');
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

describe('statusNotes()', () => {
  const until = '2026-11-23T05:01:00Z';
  const time = new Date(until).toTimeString().slice(0, 8);

  test('says why a submit was not accepted, in the words of the gateway, and when it is tried again', () => {
    const failure = {
      kind: 'rate_limited',
      message: 'The gateway refused the submit (429)',
      gatewayMessage: '当前分组上游负载已饱和，请稍后再试',
      billed: 'no',
    } as const;
    expect(statusNotes({ ...running, retrying: { step: 'submit', failure, until } })).toEqual([
      `submit not accepted (rate_limited), billed: no, next try at ${time}: The gateway refused the submit (429): 当前分组上游负载已饱和，请稍后再试`,
    ]);
  });

  const failure = {
    kind: 'gateway_unavailable',
    message: 'Cannot download:\n502',
    billed: 'yes',
  } as const;

  test('says how often the delivery failed, why, and when it is tried again', () => {
    const retrying = { step: 'delivery', attempt: 3, failure, until } as const;
    expect(statusNotes({ ...running, phase: 'delivering', retrying })).toEqual([
      `delivery failed 3 times in a row, next try at ${time}: Cannot download: 502`,
    ]);
  });

  test('names no time while an attempt is under way', () => {
    const retrying = { step: 'poll', attempt: 2, failure } as const;
    expect(statusNotes({ ...running, attention: 'gateway_unavailable', retrying })).toEqual([
      expect.stringContaining('still polled'),
      'polling failed 2 times in a row: Cannot download: 502',
    ]);
  });

  test('says what a video waits for', () => {
    const wait = { kind: 'rate_limited', message: 'The admission has no slot free' } as const;
    const retrying = { step: 'admission', failure: { ...wait, billed: 'no' }, until } as const;
    expect(statusNotes({ ...running, phase: 'waiting', retrying })).toEqual([
      `waiting for a slot, next try by ${time}: The admission has no slot free`,
    ]);
  });

  test('says the place of a waiting video, when it is expected to start, and how fresh that is', () => {
    const [asOf, expectedStart] = ['2026-11-23T05:00:10Z', '2026-11-23T05:04:30Z'];
    const waiting = { place: 3, of: 12, asOf, expectedStart };
    const wait = { kind: 'rate_limited', message: 'All 2 slots are taken', billed: 'no' } as const;
    const retrying = { step: 'admission', failure: wait, until } as const;
    const local = (iso: string) => new Date(iso).toTimeString();
    const status: VideoSnapshot = { ...running, phase: 'waiting', waiting, retrying };
    const later = Date.parse(expectedStart) + 1;
    expect(statusNotes(status, later)[0]).toContain('waiting for a slot: 3rd of 12 (as of');
    expect(statusNotes(status, Date.parse(asOf))).toEqual([
      `waiting for a slot: 3rd of 12, expected to start at about ${local('2026-11-23T05:05Z').slice(0, 5)} on ${new Date(expectedStart).toLocaleDateString('sv')} (as of ${local(asOf).slice(0, 8)}, next try by ${time}): All 2 slots are taken`,
    ]);
  });

  test('names no date for an expected start of today', () => {
    const today = new Date();
    const waiting = { place: 1, of: 1, asOf: until, expectedStart: today.toISOString() };
    const wait = { kind: 'rate_limited', message: 'x', billed: 'no' } as const;
    const retrying = { step: 'admission', failure: wait } as const;
    const [note] = statusNotes({ ...running, waiting, retrying }, today.getTime());
    expect(note).toMatch(/at about \d\d:\d\d \(as of/);
  });

  test('reads a status of an older worker as that of a submit', () => {
    const [note] = statusNotes({ ...running, retrying: { failure, until } });
    expect(note).toMatch(/^submit not accepted/);
  });
});
