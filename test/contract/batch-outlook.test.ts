import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BatchCounts } from '../../src/contract/batch.ts';
import { noCounts } from '../../src/contract/batch-counts.ts';
import { endUnknownWords } from '../../src/contract/batch-end-words.ts';
import { batchOutlook, type BatchProgress } from '../../src/contract/batch-outlook.ts';
import { joinedPace, withEnd, type BatchPace } from '../../src/contract/batch-pace.ts';

const startMs = Date.UTC(2026, 10, 30, 12);
const minuteMs = 60_000;

function paceOf(ends: { atMs: number; tookMs: number }[]): BatchPace {
  return ends
    .toSorted((a, b) => a.atMs - b.atMs)
    .reduce(withEnd, { sinceMs: startMs, ended: 0, last: [] });
}

/** Rows that end one after the other, one a minute. */
function oneAMinute(ended: number): BatchPace {
  const ends = Array.from({ length: ended }, (_, index) => startMs + (index + 1) * minuteMs);
  return paceOf(ends.map((atMs) => ({ atMs, tookMs: minuteMs })));
}

const running: BatchProgress = {
  phase: 'running',
  window: 1,
  counts: { ...noCounts, stored: 6, running: 1, waiting: 3 },
  pace: oneAMinute(6),
};
const nowMs = startMs + 6 * minuteMs;
const counts = (more: Partial<BatchCounts>) => ({ ...running.counts, ...more });

describe('the expected end of a batch', () => {
  test('is as many distances of two ends away as rows are left', () => {
    const expectedEnd = new Date(nowMs + 4 * minuteMs).toISOString();
    expect(batchOutlook(running, nowMs)).toEqual({ expectedEnd });
  });

  test('does not move while the next row is on its way', () => {
    const later = [1, 30, 59].map((seconds) => batchOutlook(running, nowMs + seconds * 1_000));
    expect(new Set(later.map(({ expectedEnd }) => expectedEnd)).size).toBe(1);
  });

  test('moves away if no row ends for much longer than a row takes', () => {
    const { expectedEnd = '' } = batchOutlook(running, nowMs + 60 * minuteMs);
    expect(Date.parse(expectedEnd) - nowMs).toBeGreaterThan(70 * minuteMs);
  });

  test('never lies in the past, and is unknown with fewer than five ends', () => {
    const end = fc.record({ atMs: fc.nat(3_600_000), tookMs: fc.nat(3_600_000) });
    const given = fc.record({
      ends: fc.array(end, { maxLength: 60 }),
      laterMs: fc.nat(7_200_000),
      window: fc.integer({ min: 1, max: 100 }),
      inProgress: fc.nat(100),
      waiting: fc.nat(10_000),
      waitingForSlot: fc.nat(100),
    });
    fc.assert(
      fc.property(given, ({ ends, laterMs, window, inProgress, waiting, waitingForSlot }) => {
        const pace = paceOf(ends.map(({ atMs, tookMs }) => ({ atMs: startMs + atMs, tookMs })));
        const now = (pace.last.at(-1)?.[0] ?? startMs) + laterMs;
        const outlook = batchOutlook(
          {
            phase: 'running',
            window,
            counts: { ...noCounts, running: inProgress, waiting, stored: ends.length },
            pace,
            waitingForSlot: Math.min(waitingForSlot, inProgress),
          },
          now,
        );
        const isLeft = inProgress + waiting > 0;
        expect(Object.keys(outlook)).toHaveLength(isLeft ? 1 : 0);
        if (ends.length < 5) expect(outlook.expectedEnd).toBeUndefined();
        if (outlook.expectedEnd === undefined) return;
        expect(Date.parse(outlook.expectedEnd)).toBeGreaterThanOrEqual(now);
      }),
    );
  });

  test.each([
    ['paused', { phase: 'paused' }],
    ['unresolved', { counts: counts({ unresolved: 1 }) }],
    ['overdue', { counts: counts({ overdue: 2 }) }],
    ['few_ended', { pace: oneAMinute(4) }],
    ['few_ended', { pace: undefined }],
    ['cap', { pace: { ...oneAMinute(6), refusedAtMs: nowMs + 1 } }],
    ['no_slot', { pace: oneAMinute(4), waitingForSlot: 1 }],
  ] as const)('is not known, with the reason %s, for %j', (endUnknown, more) => {
    expect(batchOutlook({ ...running, ...more }, nowMs + 2)).toEqual({ endUnknown });
  });

  test('is known again when a row has ended after the last one that a cap refused', () => {
    const pace = { ...oneAMinute(6), refusedAtMs: nowMs - 1 };
    expect(batchOutlook({ ...running, pace }, nowMs)).toHaveProperty('expectedEnd');
  });

  test('is not known if no row ends any more and all of them wait for a slot', () => {
    const held = { ...running, waitingForSlot: 1 };
    expect(batchOutlook(held, nowMs)).toHaveProperty('expectedEnd');
    expect(batchOutlook(held, nowMs + 20 * minuteMs)).toEqual({ endUnknown: 'no_slot' });
  });

  test.each(['preparing', 'done', 'cancelled'] as const)('is not a question when %s', (phase) => {
    expect(batchOutlook({ ...running, phase }, nowMs)).toEqual({});
  });

  test('counts only the rows in progress if no more are started', () => {
    const expectedEnd = new Date(nowMs + minuteMs).toISOString();
    expect(batchOutlook({ ...running, phase: 'keeping' }, nowMs)).toEqual({ expectedEnd });
  });
});

/** Rows take the slots of a batch, and of the admission, in their order. Returns when each was started and ended. */
function played({ rows, window, slots, tookMs }: Scenario & { tookMs: (row: number) => number }) {
  const freeAt = { window: Array<number>(window).fill(0), slots: Array<number>(slots).fill(0) };
  return Array.from({ length: rows }, (_, row) => {
    for (const free of Object.values(freeAt)) free.sort((a, b) => a - b);
    const takenMs = freeAt.window[0] ?? 0;
    const endedMs = Math.max(takenMs, freeAt.slots[0] ?? 0) + tookMs(row);
    freeAt.window[0] = endedMs;
    freeAt.slots[0] = endedMs;
    return { takenMs, endedMs };
  });
}

interface Scenario {
  rows: number;
  window: number;
  slots: number;
}

describe('the expected end over the whole course of a batch', () => {
  test.each<Scenario>([
    { rows: 30, window: 20, slots: 2 },
    { rows: 100, window: 20, slots: 3 },
    { rows: 100, window: 20, slots: 50 },
    { rows: 1_000, window: 100, slots: 50 },
    { rows: 30, window: 5, slots: 50 },
  ])('is never off by more than 15 %% of the whole, for %j', (scenario) => {
    const { rows, window, slots } = scenario;
    const all = played({ ...scenario, tookMs: () => minuteMs });
    const wholeMs = Math.max(...all.map(({ endedMs }) => endedMs));
    let told = 0;
    for (let percent = 25; percent < 100; percent += 1) {
      const atMs = (wholeMs * percent) / 100;
      const ended = all.filter(({ endedMs }) => endedMs <= atMs);
      const begun = all.filter(({ takenMs }) => takenMs <= atMs).length;
      const inProgress = begun - ended.length;
      const pace = paceOf(
        ended.map(({ takenMs, endedMs }) => ({
          atMs: startMs + endedMs,
          tookMs: endedMs - takenMs,
        })),
      );
      const waitingForSlot = Math.max(0, inProgress - slots);
      const stored = ended.length;
      const seen = { ...noCounts, stored, running: inProgress, waiting: rows - begun };
      const progress = { phase: 'running', window, counts: seen, pace, waitingForSlot } as const;
      const { expectedEnd } = batchOutlook(progress, startMs + atMs);
      if (expectedEnd === undefined) continue;
      told += 1;
      const errorMs = Math.abs(Date.parse(expectedEnd) - startMs - wholeMs);
      expect(errorMs / wholeMs).toBeLessThan(0.15);
    }
    expect(told).toBeGreaterThan(60);
  });
});

describe('the pace of a batch', () => {
  test('of two partitions has the newest ends of both, in order, and all counts', () => {
    const joined = joinedPace(oneAMinute(30), { ...oneAMinute(3), refusedAtMs: 5 });
    expect(joined).toMatchObject({ sinceMs: startMs, ended: 33, refusedAtMs: 5 });
    const ends = joined?.last.map(([endedAtMs]) => endedAtMs) ?? [];
    expect(ends).toHaveLength(20);
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
    expect(ends.at(-1)).toBe(startMs + 30 * minuteMs);
  });

  test('of a partition of an older worker is not known', () => {
    expect(joinedPace(undefined, undefined)).toBeUndefined();
    expect(joinedPace(oneAMinute(3), undefined)).toEqual(oneAMinute(3));
  });
});

test('the words about an unknown end say how many rows wait, and what to do', () => {
  const about = { name: 'launch', counts: counts({ unresolved: 1, overdue: 2 }) };
  expect(endUnknownWords('unresolved', about)).toMatch(/1 row is unresolved.*onetake unresolved/);
  expect(endUnknownWords('overdue', about)).toMatch(/2 rows are overdue/);
  expect(endUnknownWords('paused', about)).toMatch(/onetake batch resume launch/);
});
