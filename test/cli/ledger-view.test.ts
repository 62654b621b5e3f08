import { parse } from 'csv-parse/sync';
import picocolors from 'picocolors';
import { expect, test } from 'vitest';
import { ledgerLines } from '../../src/cli/ledger/view.ts';
import { ledgerTotal, totalsBy, type LedgerEntry } from '../../src/contract/ledger.ts';
import { entriesCsv, totalsCsv } from '../../src/manifest/ledger-text.ts';

const colors = picocolors.createColors(false);
const entries: LedgerEntry[] = [
  {
    at: '2026-11-22T10:00:00.000Z',
    videoId: 'video/a',
    jobId: 'task_1',
    model: '=HYPERLINK("https://evil.example")',
    tags: ['x', 'y'],
    reserved: { seconds: 5, money: 0.4 },
    settled: { seconds: 5, money: 0.4 },
    chargedRatios: { seconds: 5, size: 1.5 },
    billed: 'yes',
    state: 'stored',
  },
  {
    at: '2026-11-23T10:00:00.000Z',
    videoId: 'video/b',
    model: 'kling-v1',
    tags: [],
    reserved: { seconds: 10 },
    billed: 'maybe',
    state: 'unknown',
  },
];

test('the CSV has what the entries say, with nothing that a spreadsheet would run', () => {
  const [first, second] = parse<Record<string, string>>(entriesCsv(entries), { columns: true });
  expect(first).toMatchObject({
    videoId: 'video/a',
    model: `'=HYPERLINK("https://evil.example")`,
    tags: 'x y',
    'settled.money': '0.4',
    chargedRatios: 'seconds=5 size=1.5',
    billed: 'yes',
  });
  expect(second).toMatchObject({
    'settled.seconds': '',
    'settled.money': '',
    chargedRatios: '',
    billed: 'maybe',
  });
});

test('the CSV of sums defuses names, too', () => {
  const [first] = parse<Record<string, string>>(totalsCsv(totalsBy(entries, 'model')), {
    columns: true,
  });
  expect(first).toMatchObject({ name: `'=HYPERLINK("https://evil.example")`, jobs: '1' });
});

test('the last line says what is surely settled, what may be billed, and what has no price', () => {
  const all = ledgerTotal('all', entries);
  const lines = ledgerLines({ entries, totals: undefined, group: undefined, all }, colors);
  expect(lines.at(-1)).toBe(
    '2 jobs: 1 billed, 1 maybe; reserved 15 s, 0.4; settled 5 s, 0.4; 1 without a price',
  );
  expect(lines[0]).toContain('?');
});

test('the last line counts jobs without a reported charge if the gateway reports charges', () => {
  const refunded = {
    ...entries[0],
    billed: 'no',
    charged: { quota: 0, money: 0 },
  } as LedgerEntry;
  const all = ledgerTotal('all', [refunded, ...entries]);
  const lines = ledgerLines(
    { entries: [refunded, ...entries], totals: undefined, group: undefined, all },
    colors,
  );
  expect(lines.at(-1)).toContain(
    'charged 0 (1 job); 1 without a price, 2 without a reported charge',
  );
});
