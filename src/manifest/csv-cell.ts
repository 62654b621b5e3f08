import { FieldError, shown } from './field-error.ts';

/**
 * What a cell says. Under `metadata.` it is read as JSON where it is JSON (`5`, `true`, `["a"]`), so that numbers stay
 * numbers; `"5"` with its quotes is a text. All other columns are texts here.
 *
 * @throws {FieldError} A formula that was saved instead of its value, or its error.
 */
export function cellValue(column: string, cell: string): unknown {
  if (formulaErrors.has(cell)) {
    throw new FieldError(
      `${shown(cell)} is the error of a spreadsheet formula: put the value there`,
    );
  }
  if (/^=|^[+\-@][A-Za-z][A-Za-z0-9.]*\(/.test(cell)) {
    throw new FieldError(
      `${shown(cell)} looks like a spreadsheet formula: put its value there, or begin the text with another character`,
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

function jsonOrText(cell: string): unknown {
  try {
    const value: unknown = JSON.parse(cell);
    // A long id would lose its last digits.
    return typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER ? cell : value;
  } catch {
    return cell;
  }
}
