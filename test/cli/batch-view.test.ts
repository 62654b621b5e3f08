import { expect, test } from 'vitest';
import { batchLine } from '../../src/cli/batch/view.ts';
import type { BatchSnapshot } from '../../src/client.ts';
import { noCounts } from '../../src/contract/batch-counts.ts';
import { noOrigins } from '../../src/contract/batch-origins.ts';

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

test('the line of a batch says how far it is, and how long the rest takes at this pace', () => {
  expect(batchLine(status, minutesLater(5))).toBe(
    'running 20/40 ██████████░░░░░░░░░░ 50 % 5:00, about 10:00 to go · waiting 12 · stored 18 · failed 2 · running 8',
  );
});

test('rows that were there already make no pace', () => {
  const counts = { ...noCounts, waiting: 30, stored: 10 };
  const origins = { ...noOrigins, cached: 10 };
  expect(batchLine({ ...status, counts, origins }, minutesLater(1))).not.toContain('to go');
});

test('the line of a batch shows the phases of its videos where they are known', () => {
  const line = batchLine({ ...status, videos: { queued: 3, delivering: 5 } }, minutesLater(5));
  expect(line).toMatch(/queued 3 · delivering 5$/);
});

test('a batch whose manifest is still read has no numbers', () => {
  const { rows: _rows, counts: _counts, ...reading } = status;
  expect(batchLine({ ...reading, phase: 'preparing' }, minutesLater(1))).toBe('preparing…');
});
