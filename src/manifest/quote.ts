import type { VideoCost } from '../contract/admission.ts';
import type { BatchRow, BatchRowOrigin } from '../contract/batch.ts';
import type { Prices } from '../contract/price/price-of.ts';
import { costOf } from '../contract/price/video-cost.ts';

/** Number of videos and their total length, as far as the requests set it. */
export interface QuoteTally {
  rows: number;
  seconds: number;
  /** Rows without a length: the model chooses the length and thus the price. */
  rowsWithoutLength: number;
  /** Maximum cost of the rows with a known price. */
  money: number;
  rowsWithoutPrice: number;
}

/** The size and maximum cost of a batch, before anything is sent. */
export interface Quote {
  all: QuoteTally;
  /** Only `started` rows are paid. `cached` rows are already stored, `joined` rows are made by another run. */
  byOrigin: Record<BatchRowOrigin, QuoteTally>;
  /** The rows to be paid, by model, most rows first. */
  byModel: ({ model: string } & QuoteTally)[];
}

interface QuoteOptions {
  /** The origin a row would have if the batch started now. */
  originOf: (row: BatchRow) => BatchRowOrigin;
  prices: Prices;
}

/** Counts the rows and their maximum cost. */
export function quote(rows: readonly BatchRow[], { originOf, prices }: QuoteOptions): Quote {
  const all = emptyTally();
  const byOrigin = { started: emptyTally(), joined: emptyTally(), cached: emptyTally() };
  const byModel = new Map<string, QuoteTally>();
  for (const row of rows) {
    const origin = originOf(row);
    const { model } = row.request.body;
    const cost = costOf(row.request, { prices });
    count(all, cost);
    count(byOrigin[origin], cost);
    if (origin !== 'started') continue;
    const tally = byModel.get(model) ?? emptyTally();
    byModel.set(model, tally);
    count(tally, cost);
  }
  const models = [...byModel].map(([model, tally]) => ({ model, ...tally }));
  return { all, byOrigin, byModel: models.toSorted((a, b) => b.rows - a.rows) };
}

function emptyTally(): QuoteTally {
  return { rows: 0, seconds: 0, rowsWithoutLength: 0, money: 0, rowsWithoutPrice: 0 };
}

function count(tally: QuoteTally, { seconds, money }: VideoCost): void {
  tally.rows += 1;
  if (money === undefined) tally.rowsWithoutPrice += 1;
  else tally.money = Math.round((tally.money + money) * 1e6) / 1e6;
  if (seconds === undefined) tally.rowsWithoutLength += 1;
  else tally.seconds += seconds;
}
