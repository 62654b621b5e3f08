import { FieldError, shownCell } from '../rows/field-error.ts';

/**
 * What a cell says. Under `metadata.` it is read as JSON where it is JSON (`5`, `true`, `["a"]`), so that numbers stay
 * numbers; `"5"` with its quotes is a text. `TRUE` is what a spreadsheet makes of `true`. All other columns are texts here.
 *
 * @throws {FieldError} A formula that was saved instead of its value, or its error.
 */
export function cellValue(column: string, cell: string): unknown {
  if (formulaErrors.has(cell)) {
    throw new FieldError(
      `${shownCell(cell)} is the error of a spreadsheet formula: put the value there`,
    );
  }
  if (/^=|^[+\-@][A-Za-z][A-Za-z0-9.]*\(/.test(cell)) {
    throw new FieldError(
      `${shownCell(cell)} looks like a spreadsheet formula: put its value there, or begin the text with another character`,
    );
  }
  return column.startsWith('metadata.') ? jsonOrText(cell) : cell;
}

const formulaErrors = new Set([
  '#N/A',
  '#NAME?',
  '#REF!',
  '#VALUE!',
  '#DIV/0!',
  '#NUM!',
  '#NULL!',
  '#SPILL!',
]);

/** As spreadsheets show them, each in the language of its user. A text is meant by `"TRUE"` with its quotes. */
const yes =
  'TRUE WAHR VRAI VERDADERO VERDADEIRO VERO WAAR PRAWDA SANT SAND SANN TOSI ИСТИНА DOĞRU PRAVDA IGAZ ADEVĂRAT';
const no =
  'FALSE FALSCH FAUX FALSO ONWAAR FAŁSZ FALSKT FALSK USANN EPÄTOSI ЛОЖЬ YANLIŞ NEPRAVDA HAMIS FALS';
const booleans = new Map([
  ...yes.split(' ').map((word): [string, boolean] => [word, true]),
  ...no.split(' ').map((word): [string, boolean] => [word, false]),
]);

function jsonOrText(cell: string): unknown {
  const boolean = booleans.get(cell.trim());
  if (boolean !== undefined) return boolean;
  try {
    const value: unknown = JSON.parse(cell);
    // A long id would lose its last digits.
    return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER ? cell : value;
  } catch {
    return cell;
  }
}
