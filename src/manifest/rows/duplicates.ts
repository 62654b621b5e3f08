import type { BatchRow } from '../../contract/batch.ts';
import { expandDate } from './expand-date.ts';
import { shownCell } from './field-error.ts';
import type { Problem } from '../manifest-error.ts';
import { defaultKey } from './row-names.ts';

/**
 * Finds rows that would be the same video or have the same output file on a given day.
 *
 * @param date `YYYY-MM-DD`. Two keys with `{{date}}` may be equal only on that day.
 */
export function duplicates(rows: readonly BatchRow[], date: string): Problem[] {
  const keys = new Map<string, number>();
  const outputs = new Map<string, number>();
  return rows.flatMap((row) => {
    const { line, key, output } = expandDate(row, date);
    const sameKey = firstLine(keys, { word: key, line });
    // Many file systems are case-insensitive.
    const sameOutput = output && firstLine(outputs, { word: output.toLowerCase(), line });
    const problems: Problem[] = [];
    if (sameKey)
      problems.push({ line, field: 'key', message: keyMessage(row, { key, first: sameKey }) });
    if (sameOutput) {
      const message = `${shownCell(output)} is also the output of line ${sameOutput}: each row needs its own`;
      problems.push({ line, field: 'output', message });
    }
    return problems;
  });
}

/** The earlier line with the same word. Undefined for the first one. */
function firstLine(seen: Map<string, number>, { word, line }: { word: string; line: number }) {
  const first = seen.get(word);
  if (first === undefined) seen.set(word, line);
  return first;
}

function keyMessage(row: BatchRow, { key, first }: { key: string; first: number }): string {
  return row.key === defaultKey(row.request)
    ? `the row requests the same video as line ${first}: remove it, or give it its own key`
    : `${shownCell(key)} is also the key of line ${first}: each row needs its own`;
}
