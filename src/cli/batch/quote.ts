import type { QuoteTally } from '../../manifest/quote.ts';
import type { BatchQuote } from '../../manifest/quote-batch.ts';
import type { Colors } from '../output.ts';
import type { SourcedPrices } from '../models/price-source.ts';
import { sourceWords } from '../models/quote-words.ts';
import { field } from '../video/report-video.ts';

export function batchQuoteLines(asked: BatchQuote, colors: Colors) {
  const { all, byOrigin, byModel, billedBefore, conflicts } = asked;
  const { started, joined, cached } = byOrigin;
  const notMade = billedBefore + conflicts.length;
  return [
    field('rows', words({ ...all, rows: all.rows + notMade }), colors),
    field('to pay', colors.bold(priced(started)), colors),
    ...byModel.map(({ model, ...tally }) => field('', `${model}: ${priced(tally)}`, colors)),
    ...(joined.rows > 0
      ? [field('joined', `${words(joined)}: under way in another run`, colors)]
      : []),
    ...(cached.rows > 0 ? [field('cached', `${words(cached)}: already stored`, colors)] : []),
    ...(billedBefore > 0
      ? [
          field(
            'ended',
            `${billedBefore} rows were, or may have been, billed; not paid again`,
            colors,
          ),
        ]
      : []),
    ...conflictLines(conflicts, colors),
  ];
}

const conflictsShown = 10;

function conflictLines(conflicts: BatchQuote['conflicts'], colors: Colors): string[] {
  if (conflicts.length === 0) return [];
  const rest = conflicts.length - conflictsShown;
  return [
    field(
      'not made',
      `${conflicts.length} rows: their key was, or may have been, paid for another request`,
      colors,
    ),
    ...conflicts
      .slice(0, conflictsShown)
      .map(({ line, key }) => field('', `line ${line}, "${key}"`, colors)),
    ...(rest > 0 ? [field('', `and ${rest} more`, colors)] : []),
    field('to do', 'give these rows other keys, or the batch another --name', colors),
  ];
}

function words({ rows, seconds, rowsWithoutLength }: QuoteTally): string {
  const open = rowsWithoutLength === 0 ? '' : `, ${rowsWithoutLength} of unknown length`;
  return `${rows} ${rows === 1 ? 'video' : 'videos'}, ${seconds} s${open}`;
}

function priced(tally: QuoteTally): string {
  return tally.rows === 0 ? words(tally) : `${words(tally)}; ${tallyMoneyWords(tally)}`;
}

/** The maximum charge: for each row the highest possible price. */
export function tallyMoneyWords({ rows, money, rowsWithoutPrice }: QuoteTally): string {
  if (rowsWithoutPrice === rows) return 'the price is not known';
  const open = rowsWithoutPrice === 0 ? '' : ` and ${rowsWithoutPrice} whose price is not known`;
  return `at most ${money}${open}`;
}

/** Sources of the prices. Workers do not use the prices of the catalogue. */
export function priceLines(
  { byModel }: Pick<BatchQuote, 'byModel'>,
  { sourceOf }: Pick<SourcedPrices, 'sourceOf'>,
  colors: Colors,
): string[] {
  const priced = byModel.filter(({ rows, rowsWithoutPrice }) => rowsWithoutPrice < rows);
  const sources = priced.map(({ model }) => sourceOf(model));
  const words = [...new Set(sources.map(sourceWords))];
  if (words.length === 0) return [];
  const isRecorded = sources.some(({ from }) => from === 'catalogue');
  const more = isRecorded ? '; caps in money do not use recorded prices' : '';
  return [field('prices', `${words.join(' and ')}${more}`, colors)];
}
