import type { Colors } from '../output.ts';
import type { QuoteTotals, RowQuote } from './quote-manifest.ts';
import { moneyWords, quoteWords, sourceWords } from '../models/quote-words.ts';
import { field, warningWords } from '../video/report-video.ts';
import { counted } from '../storage/words.ts';

/** `--json` has all. */
const shown = 20;

/** One line for all rows with the same result, and one for all with the same finding. */
export function manifestLines(
  rows: readonly RowQuote[],
  totals: QuoteTotals,
  colors: Colors,
): string[] {
  const made = rows.filter(({ refusals }) => refusals.length === 0);
  const groups = groupBy(made, quoteWords);
  return [
    ...cut(
      [...groups].map(([words, { length }]) => `${length} × ${words}${length > 1 ? ' each' : ''}`),
    ),
    ...findings(rows, colors),
    field('videos', videoWords(totals), colors),
    field('cost', costWords(made, totals), colors),
  ];
}

function findings(rows: readonly RowQuote[], colors: Colors): string[] {
  const said = rows.flatMap(({ line, refusals, warnings }) => [
    ...refusals.map((each) => ({ ...each, line, effect: 'refused' })),
    ...warnings.map((each) => ({ ...each, line })),
  ]);
  const groups = groupBy(said, (each) => JSON.stringify([each.effect, each.field, each.message]));
  return cut(
    [...groups.values()]
      .toSorted(([a], [b]) => Number(b?.effect === 'refused') - Number(a?.effect === 'refused'))
      .flatMap((group) => {
        const [first] = group;
        if (!first) return [];
        const lines = [...new Set(group.map(({ line }) => line))];
        const where = lines.length === 1 ? `line ${lines[0]}` : `${lines.length} rows`;
        return [field(first.effect, `${where}, ${warningWords(first)}`, colors)];
      }),
  );
}

function cut(lines: string[]): string[] {
  const rest = lines.length - shown;
  return rest > 0 ? [...lines.slice(0, shown), `  and ${rest} more; --json has all`] : lines;
}

function groupBy<T>(values: readonly T[], nameOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const name = nameOf(value);
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(value);
  }
  return groups;
}

function videoWords({ rows, refused, seconds, rowsWithoutLength }: QuoteTotals): string {
  const open = rowsWithoutLength === 0 ? '' : `, ${rowsWithoutLength} without a known length`;
  const no = refused === 0 ? '' : `; ${counted(refused, 'row')} refused`;
  return `${rows - refused}, ${seconds} s${open}${no}`;
}

function costWords(made: readonly RowQuote[], { money, rowsWithoutPrice }: QuoteTotals): string {
  if (money === null) return 'not known: no price is known';
  const sources = new Set(
    made.flatMap(({ cost: { prices } }) => (prices ? sourceWords(prices) : [])),
  );
  const open =
    rowsWithoutPrice === 0 ? '' : `; ${counted(rowsWithoutPrice, 'video')} without a known price`;
  return `${moneyWords(money)} at most, by ${[...sources].join(' and ')}${open}`;
}
