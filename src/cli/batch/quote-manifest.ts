import { expandDate } from '../../manifest/rows/expand-date.ts';
import { ManifestError } from '../../manifest/manifest-error.ts';
import { readManifestFile, type Manifest } from '../../manifest/read-manifest.ts';
import { mediaReference } from '../../storage/records/stored-images.ts';
import { noteWarnings, referToFile, reportManifestError, today } from './manifest.ts';
import { parseIgnored } from './options.ts';
import type { CliContext } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { manifestLines } from './quote-manifest-words.ts';
import { quoteGiven, quoteValue } from '../models/quote-given.ts';
import type { QuoteOptions, RequestQuote } from '../../contract/quote-request.ts';

export interface RowQuote extends RequestQuote {
  key: string;
  line: number;
}

/** Totals of the rows that are not refused. */
export interface QuoteTotals {
  rows: number;
  refused: number;
  seconds: number;
  /** Rows of unknown length; not in `seconds`. */
  rowsWithoutLength: number;
  /** Null if no row has a price. */
  money: number | null;
  /** Rows without a known price; not in `money`. */
  rowsWithoutPrice: number;
}

interface Flags {
  timezone?: string;
  ignoreColumns?: string;
}

/** Quotes each row of a manifest. Reads its image files, and stores nothing. */
export async function quoteManifest(
  file: string,
  { flags, ...options }: QuoteOptions & { flags: Flags },
  context: CliContext,
): Promise<Exit> {
  const date = today(flags.timezone ?? 'UTC');
  const manifest = await readOrReport(file, { date, flags }, context);
  if (manifest === null) return 'badInput';
  const ofFile = manifest.warnings.filter(({ effect }) => effect === undefined);
  noteWarnings({ warnings: ofFile }, context);
  const rows = manifest.rows.map((row): RowQuote => {
    const { key, line, request } = expandDate(row, date);
    return { key, line, ...quoteGiven(request, options) };
  });
  const totals = totalsOf(rows);
  const values = rows.map((row) => ({ key: row.key, line: row.line, ...quoteValue(row) }));
  context.output.result((colors) => manifestLines(rows, totals, colors), {
    rows: values,
    totals,
  });
  return totals.refused > 0 ? 'failed' : 'ok';
}

async function readOrReport(
  file: string,
  { date, flags }: { date: string; flags: Flags },
  context: CliContext,
): Promise<Manifest | null> {
  try {
    return await readManifestFile(file, {
      date,
      ignoreColumns: parseIgnored(flags),
      sendAnyway: true,
      referToImage: (path, kind) => referToFile(path, async (bytes) => mediaReference(bytes, kind)),
      storeText: async () => {},
    });
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    reportManifestError(error, context);
    return null;
  }
}

function totalsOf(all: readonly RowQuote[]): QuoteTotals {
  const rows = all.filter(({ refusals }) => refusals.length === 0);
  const lengths = rows.flatMap(({ cost: { seconds } }) => seconds ?? []);
  const prices = rows.flatMap(({ cost: { money } }) => money ?? []);
  return {
    rows: all.length,
    refused: all.length - rows.length,
    seconds: sum(lengths),
    rowsWithoutLength: rows.length - lengths.length,
    money: prices.length === 0 ? null : sum(prices),
    rowsWithoutPrice: rows.length - prices.length,
  };
}

/** Without the noise of binary fractions. */
function sum(values: readonly number[]): number {
  return Math.round(values.reduce((total, value) => total + value, 0) * 1e6) / 1e6;
}
