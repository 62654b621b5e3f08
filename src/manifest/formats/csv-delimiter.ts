import { knownColumn } from '../rows/row-fields.ts';

export type Delimiter = ',' | ';' | '\t';

const delimiters: readonly Delimiter[] = [',', ';', '\t'];

/**
 * What stands between the cells of a CSV text. Spreadsheets take `;` where a comma stands in numbers, and tabs on a
 * clipboard; some say so in a first line `sep=;`. Else the header tells: by the most columns that we know.
 *
 * @returns `text` without the line `sep=`, its lines counted as before.
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
  // Where none is known, all names are wrong, and the most cells show what was meant.
  if (best === 0) return mostCells(header);
  return delimiters[counts.indexOf(best)] ?? ',';
}

function mostCells(header: string): Delimiter {
  const counts = delimiters.map((delimiter) => header.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}
