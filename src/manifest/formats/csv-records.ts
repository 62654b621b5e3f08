import { parse } from 'csv-parse/sync';
import { maxRequestBytes } from '../../contract/video-request.ts';
import type { Delimiter } from './csv-delimiter.ts';
import { FieldError } from '../rows/field-error.ts';
import { tooManyRows, maxManifestRows } from '../limits.ts';
import type { Report } from '../manifest-error.ts';

/** Larger than any valid request. */
const maxRecordCharacters = 4 * maxRequestBytes;

export interface CsvRecord {
  /** Physical line of its start, from 1. */
  line: number;
  cells: string[];
}

/** Reads the non-empty records of a CSV text, up to the first record with invalid quotes. */
export function csvRecords(
  text: string,
  { delimiter, report }: { delimiter: Delimiter; report: Report },
): CsvRecord[] {
  const bytes = Buffer.from(text);
  const place = recordPlaces(bytes);
  const records: CsvRecord[] = [];
  let endOfLast = 0;
  try {
    parse(bytes, {
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: maxRecordCharacters,
      record_delimiter: ['\r\n', '\n', '\r'],
      on_record: (cells: string[], { bytes: end }) => {
        const line = place(endOfLast);
        endOfLast = end;
        if (cells.every((cell) => cell === '')) return null;
        // Header and defaults are also records; the rows alone are counted later.
        if (records.length > maxManifestRows * 2) throw new FieldError(tooManyRows);
        records.push({ line, cells });
        return null;
      },
    });
  } catch (error) {
    if (error instanceof FieldError) report({ message: error.message });
    else report({ line: place(endOfLast), message: explain(error as { code?: string }) });
  }
  return records;
}

/**
 * Returns a function from a byte offset to the line of the next record, skipping empty lines. Call it in file order. The
 * parser's own line count is wrong: it counts a CR LF inside quotes twice.
 */
function recordPlaces(bytes: Buffer): (offset: number) => number {
  let line = 1;
  let at = 0;
  const step = () => {
    const crLf = bytes[at] === cr && bytes[at + 1] === lf;
    if (bytes[at] === cr || bytes[at] === lf) line += 1;
    at += crLf ? 2 : 1;
  };
  return (offset) => {
    while (at < offset) step();
    while (bytes[at] === cr || bytes[at] === lf) step();
    return line;
  };
}

const cr = 0x0d;
const lf = 0x0a;

function explain({ code = '' }: { code?: string }): string {
  const reason = faults[code] ?? 'cannot be read as CSV';
  return `${reason}; the rest was not read. Put a text that contains quotes in quotes, and double each quote in it`;
}

const notClosed = 'a quote is opened here and never closed';
const faults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: notClosed,
  CSV_MAX_RECORD_SIZE: `the row has more than ${maxRecordCharacters} characters, or ${notClosed}`,
  CSV_INVALID_CLOSING_QUOTE: 'there is text after a closing quote',
  INVALID_OPENING_QUOTE: 'there is a quote in the middle of a cell',
};
