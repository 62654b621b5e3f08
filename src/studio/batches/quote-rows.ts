import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BatchRow } from '../../contract/batch.ts';
import type { PriceSource } from '../../contract/price/price-book.ts';
import { quoteRequest, type RequestQuote } from '../../contract/quote-request.ts';
import { quoteBatch, type BatchQuote } from '../../manifest/quote-batch.ts';
import { expandDate } from '../../manifest/rows/expand-date.ts';
import { createStoredImages } from '../../storage/records/stored-images.ts';
import type { StudioPorts } from '../ports.ts';

/** The server answers other requests in between. */
const rowsPerTurn = 200;

/** What a start of the rows would do and make. */
export interface RowsQuote extends BatchQuote {
  /** Rows that make the same, most rows first. */
  makes: { count: number; each: RequestQuote }[];
  /** Where the prices of the rows to pay come from. */
  sources: PriceSource[];
}

type Ports = Pick<StudioPorts, 'videos' | 'storage' | 'prices' | 'host'>;

/** Quotes the rows of a batch. Starts nothing. */
export async function quoteRows(
  rows: readonly BatchRow[],
  { videos, storage, prices, host }: Ports,
  { name, date }: { name: string; date: string },
): Promise<RowsQuote> {
  const { priceOf, sourceOf } = prices;
  const quote = await quoteBatch(rows, {
    lookUp: (identities) => videos.batches.lookUp(identities),
    name,
    date,
    prices: {
      of: priceOf,
      currencyOf: (model) => (sourceOf(model).from === 'gateway' ? 'gateway' : undefined),
    },
    readText: createStoredImages({ storage }).getText,
  });
  const priced = quote.byModel.filter((tally) => tally.rowsWithoutPrice < tally.rows);
  const sources = new Map(
    priced.map(({ model }) => [JSON.stringify(sourceOf(model)), sourceOf(model)]),
  );
  return {
    ...quote,
    makes: await makesOf(rows, {
      date,
      quote: (row) => quoteRequest(row.request, { host, book: prices }),
    }),
    sources: [...sources.values()],
  };
}

async function makesOf(
  rows: readonly BatchRow[],
  { date, quote }: { date: string; quote: (row: BatchRow) => RequestQuote },
): Promise<RowsQuote['makes']> {
  const groups = new Map<string, RowsQuote['makes'][number]>();
  for (const [index, row] of rows.entries()) {
    if (index % rowsPerTurn === rowsPerTurn - 1) await nextTurn();
    const each = quote(expandDate(row, date));
    const { model, makes, cost } = each;
    const { seconds, resolution, ratio, audio } = makes;
    const name = JSON.stringify([model, seconds, resolution, ratio, audio, cost.money]);
    const group = groups.get(name) ?? { count: 0, each };
    group.count += 1;
    groups.set(name, group);
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count);
}
