import type { BatchRow } from '../contract/batch.ts';
import type { Prices } from '../contract/price/price-of.ts';
import type { RowIdentity, RowProspect } from '../contract/row-prospect.ts';
import { workflowIdPrefix } from '../contract/task-queues.ts';
import { requestDigest } from '../identity/request-digest.ts';
import { redigest, type ReadText } from '../identity/stored-data-uris.ts';
import { quote, type Quote } from './quote.ts';
import { expandDate } from './rows/expand-date.ts';

/** What a batch would submit now. */
export interface BatchQuote extends Quote {
  /** Rows that ended and were, or may have been, billed; not paid again. */
  billedBefore: number;
  /** Rows whose key belongs to another request that is under way or may have been paid; they end as key_conflict. */
  conflicts: Pick<BatchRow, 'line' | 'key'>[];
}

interface QuoteOptions {
  /** As `batches.lookUp` of the client. */
  lookUp: (rows: readonly RowIdentity[]) => Promise<RowProspect[]>;
  /** Name of the batch. */
  name: string;
  /** Day of the run, `YYYY-MM-DD`. */
  date: string;
  prices: Prices;
  /** Reads the data URIs of the rows. */
  readText: ReadText;
}

/** Looks up each row, and counts what would be paid. */
export async function quoteBatch(
  rows: readonly BatchRow[],
  { lookUp, name, date, prices, readText }: QuoteOptions,
): Promise<BatchQuote> {
  const dated = await Promise.all(rows.map((row) => datedRow(row, { date, readText })));
  const prospects = await lookUp(
    dated.map(({ key, request }) => ({
      videoId: `${workflowIdPrefix}${name}/${key}`,
      requestDigest: requestDigest(request),
    })),
  );
  const standing = dated.map((row, index) => ({ row, prospect: prospects[index] ?? 'started' }));
  const known = new Map(standing.map(({ row, prospect }) => [row, prospect]));
  const are = (wanted: RowProspect) =>
    standing.filter(({ prospect }) => prospect === wanted).map(({ row }) => row);
  const left = new Set([...are('billed'), ...are('conflict')]);
  return {
    ...quote(
      dated.filter((row) => !left.has(row)),
      { originOf: (row) => originOf(known.get(row)), prices },
    ),
    billedBefore: are('billed').length,
    conflicts: are('conflict').map(({ line, key }) => ({ line, key })),
  };
}

async function datedRow(
  row: BatchRow,
  { date, readText }: Pick<QuoteOptions, 'date' | 'readText'>,
): Promise<BatchRow> {
  const dated = expandDate(row, date);
  return { ...dated, request: await redigest(dated.request, readText) };
}

function originOf(prospect: RowProspect | undefined) {
  return prospect === 'joined' || prospect === 'cached' ? prospect : 'started';
}
