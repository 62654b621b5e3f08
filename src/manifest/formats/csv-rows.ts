import { cellValue } from './csv-cell.ts';
import { csvDelimiter, type Delimiter } from './csv-delimiter.ts';
import { csvRecords, type CsvRecord } from './csv-records.ts';
import { FieldError, shownCell } from '../rows/field-error.ts';
import type { Problem, Report } from '../manifest-error.ts';
import { columnFault, knownColumn } from '../rows/row-fields.ts';
import { unreadable, type RawManifest, type RawRow, type RowReading } from './raw-manifest.ts';

/**
 * Reads the rows of a CSV text: `#column=value` lines with defaults, then the header, then one record per row.
 *
 * Spreadsheets keep such lines (and append the delimiters of the other columns). A `#` line without `=` is a comment.
 */
export function csvRows(given: string, { report, isNote }: RowReading): RawManifest {
  const { delimiter, text } = csvDelimiter(given);
  const records = csvRecords(text, { delimiter, report });
  const top = records.findIndex(({ cells }) => !cells[0]?.startsWith('#'));
  const [header, ...body] = top === -1 ? [] : records.slice(top);
  const notes = top === -1 ? records : records.slice(0, top);
  const defaults = notes.flatMap((note) => readDefault(note, report));
  if (!header || !isHeader(header, report)) return { defaults, rows: [] };
  const columns = columnsOf(header);
  const wanted = columns.filter((column) => !isNote(column));
  const known = wanted.filter((column) => isKnown(column, { line: header.line, report }));
  const rows = body.flatMap((record) => readRecord(record, { columns, known, delimiter, report }));
  return { defaults, rows };
}

function readDefault({ line, cells: [first = '', ...rest] }: CsvRecord, report: Report): RawRow[] {
  const [, written, value = ''] = /^#\s*([\w.]+)\s*=\s*(.*)$/s.exec(first) ?? [];
  if (written === undefined) return [];
  const column = knownColumn(written) ?? written;
  if (rest.some((cell) => cell !== '')) {
    const message = 'its value contains a separator: put the whole cell, # included, in quotes';
    report({ line, field: column, message });
    return [];
  }
  return [{ line, fields: readCells([[column, value]], { line, report }) }];
}

function columnsOf({ cells }: CsvRecord): string[] {
  return cells.map((cell) => knownColumn(cell) ?? cell.trim());
}

function isHeader(header: CsvRecord, report: Report): boolean {
  const { line, cells } = header;
  if (cells.length === 1 && cells[0]?.includes('|')) {
    const message = 'the columns seem to be separated by "|": save it with commas';
    report({ line, message });
    return false;
  }
  const names = columnsOf(header).filter((name) => name !== '');
  const seen = new Set<string>();
  const twice = names.filter((name) => seen.size === seen.add(name).size);
  for (const field of new Set(twice)) {
    report({ line, field, message: 'duplicate column' });
  }
  return twice.length === 0;
}

/** Reports an unknown column once, not per row. A column without a name is an error only if it has a value. */
function isKnown(field: string, { line, report }: { line: number; report: Report }): boolean {
  const message = field === '' ? undefined : columnFault(field);
  if (message !== undefined) report({ line, field, message });
  return field !== '' && message === undefined;
}

interface Header {
  columns: readonly string[];
  known: readonly string[];
  delimiter: Delimiter;
  report: Report;
}

function readRecord(
  { line, cells }: CsvRecord,
  { columns, known, delimiter, report }: Header,
): RawManifest['rows'] {
  const fault = raggedness(cells, { columns, delimiter });
  if (fault) {
    report({ line, ...fault });
    return [];
  }
  const named = columns.map((column, index): [string, string] => [column, cells[index] ?? '']);
  const used = named.filter(([column]) => known.includes(column));
  return [{ line, fields: readCells(used, { line, report }) }];
}

/** The cells of a record of the wrong length may belong to other columns, so its values are not checked. */
function raggedness(
  cells: readonly string[],
  { columns, delimiter }: Pick<Header, 'columns' | 'delimiter'>,
): Problem | undefined {
  const surplus = cells.slice(columns.length).some((cell) => cell !== '');
  if (cells.length < columns.length || surplus) {
    const counts = `has ${cells.length} cells where the header has ${columns.length}`;
    return {
      message: `the row ${counts}: a text that contains ${marks[delimiter]} must be in quotes`,
    };
  }
  const nameless = cells.findIndex((cell, index) => cell !== '' && columns[index] === '');
  if (nameless === -1) return undefined;
  return { message: `${shownCell(cells[nameless])} is in a column without a name` };
}

const marks = { ',': 'a comma', ';': 'a semicolon', '\t': 'a tab' } as const;

function readCells(
  cells: [string, string][],
  { line, report }: { line: number; report: Report },
): Record<string, unknown> {
  const fields: [string, unknown][] = [];
  for (const [field, cell] of cells) {
    if (cell === '') continue;
    try {
      fields.push([field, cellValue(field, cell)]);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      // The value exists, so it must not be reported as missing.
      fields.push([field, unreadable]);
      report({ line, field, message: error.message });
    }
  }
  return Object.fromEntries(fields);
}
