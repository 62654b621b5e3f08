import type { Measure } from './measures.ts';

/** A measure of several runs. */
export interface Summary extends Omit<Measure, 'value'> {
  median: number;
  lowest: number;
  highest: number;
  values: number[];
  /** Whether the median meets the target; absent without one. */
  met?: boolean;
}

/** Ratios first, else in the order of the first run. */
export function summarize(runs: readonly (readonly Measure[])[]): Summary[] {
  const [first = []] = runs;
  const summaries = first.map(({ value: _value, ...measure }) => {
    const values = runs.flatMap((run) =>
      run.filter(({ what }) => what === measure.what).map(({ value }) => value),
    );
    return { ...measure, ...spread(values), ...verdict(measure, spread(values).median) };
  });
  return [
    ...summaries.filter(({ what }) => / over (?!idle)/.test(what)),
    ...summaries.filter(({ what }) => !/ over (?!idle)/.test(what)),
  ];
}

/** With an even number of values the mean of the two in the middle. */
function spread(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = NaN, high = NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  const [lowest = NaN, highest = NaN] = [sorted[0], sorted.at(-1)];
  return { median: (low + high) / 2, lowest, highest, values };
}

function verdict({ most, least }: Omit<Measure, 'value'>, median: number): { met?: boolean } {
  if (most === undefined && least === undefined) return {};
  return { met: median <= (most ?? Infinity) && median >= (least ?? -Infinity) };
}

/** One line per measure: median, range if there were several runs, and the target. */
export function summaryTable(summaries: readonly Summary[]): string {
  const width = Math.max(...summaries.map(({ what }) => what.length));
  return summaries
    .map(({ what, unit, most, least, met, ...spreads }) =>
      [
        what.padEnd(width),
        amount(spreads.median, unit).padStart(10),
        range(spreads, unit).padStart(24),
        target({ most, least }, unit).padStart(12),
        met === false ? 'missed' : '',
      ]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Both sides, and the first over the second. */
export function comparisonTable(ours: readonly Summary[], theirs: readonly Summary[]): string {
  const width = Math.max(...ours.map(({ what }) => what.length));
  const rows = ours.map((one) => {
    const other = theirs.find(({ what }) => what === one.what);
    const cells = [one, other].map((side) =>
      side ? `${amount(side.median, side.unit)} (${range(side, side.unit).trim()})` : 'none',
    );
    const ratio = other ? (one.median / other.median).toFixed(3) : '';
    return [one.what.padEnd(width), ratio.padStart(8), ...cells.map((cell) => cell.padStart(34))];
  });
  const head = [''.padEnd(width), 'ratio'.padStart(8), 'this'.padStart(34), 'other'.padStart(34)];
  return [head, ...rows].map((cells) => cells.join('  ')).join('\n');
}

function range(
  { values, lowest, highest }: Pick<Summary, 'values' | 'lowest' | 'highest'>,
  unit: string,
) {
  return values.length < 2 ? '' : `${amount(lowest, unit)} to ${amount(highest, unit)}`;
}

function target(
  { most, least }: { most?: number | undefined; least?: number | undefined },
  unit: string,
) {
  if (least !== undefined) return `≥ ${amount(least, unit)}`;
  return most === undefined ? '' : `≤ ${amount(most, unit)}`;
}

function amount(value: number, unit: string): string {
  return `${value.toFixed(2)}${unit && ` ${unit}`}`.trim();
}
