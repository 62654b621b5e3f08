import type { BatchRow } from '../../contract/batch.ts';
import { expandDate } from './expand-date.ts';
import { shownCell } from './field-error.ts';
import type { Problem } from '../manifest-error.ts';
import { defaultKey } from './row-names.ts';

/**
 * Rows that would be the same video, or be copied to the same file, on a day.
 *
 * @param date As `YYYY-MM-DD`: two keys may become one only on that day.
 */
export function duplicates(rows: readonly BatchRow[], date: string): Problem[] {
  const keys = new Map<string, number>();
  const outputs = new Map<string, number>();
  return rows.flatMap((row) => {
    const { line, key, output } = expandDate(row, date);
    const sameKey = firstLine(keys, { word: key, line });
    // Many file systems do not tell upper from lower case.
    const sameOutput = output && firstLine(outputs, { word: output.toLowerCase(), line });
    const problems: Problem[] = [];
    if (sameKey)
      problems.push({ line, field: 'key', message: keyMessage(row, { key, first: sameKey }) });
    if (sameOutput) {
      const message = `${shownCell(output)} is the file of line ${sameOutput} too: each row needs its own`;
      problems.push({ line, field: 'output', message });
    }
    return problems;
  });
}

/** The line that had the word before; none, when this is the first. */
function firstLine(seen: Map<string, number>, { word, line }: { word: string; line: number }) {
  const first = seen.get(word);
  if (first === undefined) seen.set(word, line);
  return first;
}

function keyMessage(row: BatchRow, { key, first }: { key: string; first: number }): string {
  return row.key === defaultKey(row.request)
    ? `the row asks for the same video as line ${first}: remove it, or give it a key of its own`
    : `${shownCell(key)} is the key of line ${first} too: each row needs its own`;
}
