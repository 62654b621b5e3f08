import picocolors from 'picocolors';
import { expect, test } from 'vitest';
import { heldWords } from '../../src/cli/batch/end-words.ts';
import { batchLines } from '../../src/cli/batch/report-batch.ts';
import { batchLine } from '../../src/cli/batch/view.ts';
import type { BatchSnapshot } from '../../src/client.ts';
import { noCounts } from '../../src/contract/batch-counts.ts';
import { noOrigins } from '../../src/contract/batch-origins.ts';

const colors = picocolors.createColors(false);
const startedAt = '2026-11-23T10:00:00.000Z';
const minutesLater = (minutes: number) => Date.parse(startedAt) + minutes * 60_000;
const status: BatchSnapshot = {
  name: 'launch',
  batchId: 'batch/launch',
  runId: 'run-1',
  live: true,
  phase: 'running',
  startedAt,
  rows: 40,
  counts: { ...noCounts, waiting: 12, running: 8, stored: 18, failed: 2 },
  origins: { ...noOrigins, started: 16, cached: 10 },
};

test('the line of a batch says how far it is, how long the rest takes, and when it ends', () => {
  const ending = { ...status, expectedEnd: '2026-11-23T10:15:20.000Z' };
  const end = new Date(ending.expectedEnd);
  const time = `${end.toTimeString().slice(0, 5)} on ${end.toLocaleDateString('sv')}`;
  expect(batchLine(ending, minutesLater(5))).toBe(
    `running 20/40 ██████████░░░░░░░░░░ 50 % 5:00, about 10:20 left, until ${time} · to start 12 · stored 18 · failed 2 · running 8`,
  );
});

test('the line of a batch that is expected to end now names no time', () => {
  const ending = { ...status, expectedEnd: '2026-11-23T10:05:00.500Z' };
  for (const minutes of [5, 6]) {
    expect(batchLine(ending, minutesLater(minutes))).toContain(`${minutes}:00, any moment ·`);
  }
});

test('the line of a batch without a known end names no time', () => {
  expect(batchLine({ ...status, endUnknown: 'few_ended' }, minutesLater(5))).not.toContain('left');
});

test('the status of a batch says why its end is not known, and what to do', () => {
  const paused = { ...status, phase: 'paused', endUnknown: 'paused' } as const;
  expect(batchLines(paused, colors)).toContain(
    '  end       not known: paused, `onetake batch resume launch` continues it',
  );
  expect(heldWords(paused)).toBe(
    'end not known: paused, `onetake batch resume launch` continues it',
  );
  const few = { ...status, endUnknown: 'few_ended' } as const;
  expect(batchLines(few, colors)).toContain('  end       not known yet: too few rows have ended');
  expect(heldWords(few)).toBeUndefined();
});

test('the line of a batch shows the phases of its videos where they are known', () => {
  const line = batchLine({ ...status, videos: { queued: 3, delivering: 5 } }, minutesLater(5));
  expect(line).toMatch(/queued 3 · delivering 5$/);
});

test('a batch whose manifest is still read has no numbers', () => {
  const { rows: _rows, counts: _counts, ...reading } = status;
  expect(batchLine({ ...reading, phase: 'preparing' }, minutesLater(1))).toBe('preparing…');
});
