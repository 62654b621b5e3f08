import { knownColumn } from '../rows/row-fields.ts';

export type Delimiter = ',' | ';' | '\t';

const delimiters: readonly Delimiter[] = [',', ';', '\t'];

/**
 * Detects the delimiter of a CSV text. Spreadsheets use `;` in locales with a decimal comma, and tabs on the clipboard.
 * Some declare it in a first line `sep=;`. Otherwise the delimiter that gives the most known columns in the header wins.
 *
 * @returns `text` without the content of the `sep=` line, so that line numbers do not change.
 */
export function csvDelimiter(text: string): { delimiter: Delimiter; text: string } {
  const said = /^"?sep=([,;\t])"?(?=\r|\n|$)/i.exec(text);
  const rest = said ? text.slice(said[0].length) : text;
  const named = delimiters.find((delimiter) => delimiter === said?.[1]);
  return { delimiter: named ?? ofHeader(rest), text: rest };
}

function ofHeader(text: string): Delimiter {
  const header = text.split(/[\r\n]+/).find((line) => line !== '' && !/^"?#/.test(line)) ?? '';
  const known = (delimiter: Delimiter) =>
    header.split(delimiter).filter((cell) => knownColumn(cell.replaceAll('"', '')) !== undefined);
  const counts = delimiters.map((delimiter) => known(delimiter).length);
  const best = Math.max(...counts);
  // If no column is known, the delimiter that gives the most cells is the most likely one.
  if (best === 0) return mostCells(header);
  return delimiters[counts.indexOf(best)] ?? ',';
}

function mostCells(header: string): Delimiter {
  const counts = delimiters.map((delimiter) => header.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}
