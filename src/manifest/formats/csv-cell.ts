import { FieldError, shownCell } from '../rows/field-error.ts';

/**
 * Reads the value of a cell. In `metadata.` columns, valid JSON (`5`, `true`, `["a"]`) is parsed, so that numbers stay
 * numbers; `"5"` with quotes is text. `TRUE` counts as `true`, because spreadsheets save it so. Other columns are text.
 *
 * @throws {FieldError} The cell contains a formula or a formula error instead of a value.
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

/** Booleans as spreadsheets localise them. `"TRUE"` with quotes is text. */
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
    // Keep a long id as text; as a number it would lose digits.
    return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER ? cell : value;
  } catch {
    return cell;
  }
}
