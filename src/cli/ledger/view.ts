import Table from 'cli-table3';
import type { Charge } from '../../contract/charge.ts';
import type { Billed } from '../../contract/failure.ts';
import type { LedgerEntry, LedgerGroup, LedgerTotal } from '../../contract/ledger.ts';
import type { VideoCost } from '../../contract/admission.ts';
import type { Colors } from '../output.ts';
import { shortId } from '../short-id.ts';
import { counted } from '../storage/words.ts';
import { plainTable } from '../table.ts';

/** All are in `--csv` and `--json`. */
const shownEntries = 50;

export interface LedgerView {
  entries: readonly LedgerEntry[];
  totals: readonly LedgerTotal[] | undefined;
  group: LedgerGroup | undefined;
  all: LedgerTotal;
}

/** A table of entries, newest last, or of sums, and one line for the total. */
export function ledgerLines({ entries, totals, group, all }: LedgerView, colors: Colors): string[] {
  if (entries.length === 0) return ['Nothing was paid in this period.'];
  const more = entries.length - shownEntries;
  return [
    totals ? totalTable(totals, group ?? '', colors) : entryTable(entries, colors),
    ...(!totals && more > 0 ? [colors.dim(`and ${more} older; --csv and --json have all`)] : []),
    '',
    sumLine(all, colors),
  ];
}

function entryTable(entries: readonly LedgerEntry[], colors: Colors): string {
  const names = [
    'when',
    'video',
    'model',
    'reserved',
    'settled',
    'charged',
    'billed',
    'state',
    'job',
  ];
  const table = new Table({ ...plainTable, head: names.map((name) => colors.dim(name)) });
  for (const entry of entries.slice(-shownEntries)) {
    const {
      at,
      videoId,
      model = '',
      reserved,
      settled,
      charged,
      billed,
      state,
      jobId = '',
    } = entry;
    const costs = [costWords(reserved), settled ? costWords(settled) : '?', chargeWords(charged)];
    const told = [billedWord(billed, colors), state];
    table.push([at.slice(0, 19), shortId(videoId), model, ...costs, ...told, jobId]);
  }
  return table.toString();
}

function totalTable(totals: readonly LedgerTotal[], group: string, colors: Colors): string {
  const names = [group, 'jobs', 'billed', 'maybe', 'reserved', 'settled', 'charged', ''];
  const table = new Table({ ...plainTable, head: names.map((name) => colors.dim(name)) });
  for (const { name, jobs, billed, reserved, settled, charged, untold } of totals) {
    const counts = [jobs, billed.yes, billed.maybe].map(String);
    const costs = [costWords(reserved), costWords(settled), sumWords(charged)];
    table.push([name, ...counts, ...costs, untoldWords({ charged, untold })]);
  }
  return table.toString();
}

function sumLine(all: LedgerTotal, colors: Colors): string {
  const { jobs, billed, reserved, settled, charged } = all;
  const maybe = billed.maybe === 0 ? '' : colors.yellow(`, ${billed.maybe} maybe`);
  const parts = [
    `${counted(jobs, 'job')}: ${billed.yes} billed${maybe}`,
    `reserved ${costWords(reserved)}`,
    `settled ${costWords(settled)}`,
    charged.jobs === 0 ? '' : `charged ${sumWords(charged)}`,
    untoldWords(all),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

/** `5 s, 0.44`; empty if nothing is known. */
function costWords({ seconds, money }: VideoCost): string {
  const parts = [
    ...(seconds === undefined ? [] : [`${seconds} s`]),
    ...(money === undefined || money === 0 ? [] : [String(money)]),
  ];
  return parts.join(', ');
}

/** In the gateway's currency. */
function chargeWords(charged: Charge | undefined): string {
  return charged ? String(charged.money) : '?';
}

/** `0.56 (4 jobs)` */
function sumWords({ jobs, money }: LedgerTotal['charged']): string {
  return jobs === 0 ? '' : `${money} (${counted(jobs, 'job')})`;
}

/** Counts what the sums lack. If no job has a price, missing prices are not mentioned; likewise for charges. */
function untoldWords({
  jobs,
  untold,
  charged,
}: Pick<LedgerTotal, 'untold' | 'charged'> & { jobs?: number }): string {
  const parts = [
    ...(untold.seconds > 0 ? [`${untold.seconds} of unknown length`] : []),
    ...(untold.money > 0 && untold.money !== jobs ? [`${untold.money} without a price`] : []),
    ...(untold.charge > 0 && charged.jobs > 0
      ? [`${untold.charge} without a reported charge`]
      : []),
  ];
  return parts.join(', ');
}

function billedWord(billed: Billed, colors: Colors): string {
  return billed === 'maybe' ? colors.yellow(billed) : billed;
}
