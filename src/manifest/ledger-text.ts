import type { LedgerEntry, LedgerTotal } from '../contract/ledger.ts';
import { csvText } from './results-text.ts';

/** One line for each entry; all tags share one cell, and so do all ratios. */
export function entriesCsv(entries: readonly LedgerEntry[]): string {
  const rows = entries.map((entry) => ({
    ...entry,
    tags: entry.tags.join(' '),
    chargedRatios: ratioWords(entry),
  }));
  return csvText(rows, entryColumns);
}

/** `seconds=8 size=1` */
function ratioWords({ chargedRatios = {} }: LedgerEntry): string {
  return Object.entries(chargedRatios)
    .map(([name, ratio]) => `${name}=${ratio}`)
    .join(' ');
}

const entryColumns = [
  'at',
  'videoId',
  'jobId',
  'model',
  'tags',
  'batch',
  'reserved.seconds',
  'reserved.money',
  'settled.seconds',
  'settled.money',
  'charged.quota',
  'charged.money',
  'chargedRatios',
  'billed',
  'state',
  'gateway',
];

/** One line for each sum. */
export function totalsCsv(totals: readonly LedgerTotal[]): string {
  return csvText(totals, totalColumns);
}

const totalColumns = [
  'name',
  'jobs',
  'billed.yes',
  'billed.maybe',
  'billed.no',
  'reserved.seconds',
  'reserved.money',
  'settled.seconds',
  'settled.money',
  'charged.jobs',
  'charged.money',
  'untold.seconds',
  'untold.money',
  'untold.charge',
];
