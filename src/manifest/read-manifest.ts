import { extname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BatchRow } from '../contract/batch.ts';
import type { HostGeneration } from '../contract/models/evaluate-request.ts';
import type { RequestWarning } from '../contract/video-request.ts';
import type { StoreText } from '../identity/stored-data-uris.ts';
import { csvRows } from './formats/csv-rows.ts';
import { decodeText, workbookAdvice } from './formats/decode-text.ts';
import { duplicates } from './rows/duplicates.ts';
import { imageReferences, type ReferToImage } from './rows/image-references.ts';
import { jsonlRows } from './formats/jsonl-rows.ts';
import { maxManifestRows, tooManyRows } from './limits.ts';
import { ManifestError, type Problem, type Report } from './manifest-error.ts';
import type { RawManifest, RawRow, RowReading } from './formats/raw-manifest.ts';
import { neededFields, readRow, type NeededField, type ParsedRow } from './rows/read-row.ts';
import { readSource, readSourceFile, type ManifestSource } from './read-source.ts';
import { namesMedia, overlay, readFields, says } from './rows/row-fields.ts';
import { yamlRows } from './formats/yaml-rows.ts';

export interface ManifestOptions {
  /** Day of the run as `YYYY-MM-DD`. Keys must be unique on that day. The rows keep their `{{date}}`. */
  date: string;
  /** Default fields by column. They override the defaults of the file, and rows override both. */
  defaults?: Record<string, unknown>;
  /** Note columns to ignore. Columns that begin with `_` are always ignored. */
  ignoreColumns?: readonly string[];
  referToImage: ReferToImage;
  /** Stores data URIs that are too long for a workflow history. Without it they stay in the rows. */
  storeText?: StoreText;
  /** Report what the gateway would reject as warnings instead of problems. */
  sendAnyway?: true | undefined;
  /** The gateway's version of request rules. */
  host?: HostGeneration;
}

export interface Manifest {
  rows: BatchRow[];
  /** What the gateway will change without an error, with the lines of the affected rows. */
  warnings: (RequestWarning & { lines: number[] })[];
}

/**
 * Reads and validates a manifest with one request per row. The file extension selects CSV, JSONL or YAML.
 *
 * @param name Path of the file, for messages and for relative image paths.
 * @throws {ManifestError} Lists all problems at once.
 */
export async function readManifest(
  source: ManifestSource,
  { name, ...options }: ManifestOptions & { name: string },
): Promise<Manifest> {
  const readRows = formats[extname(name).toLowerCase()];
  if (!readRows) {
    const known = Object.keys(formats).join(', ');
    const isWorkbook = /\.(xlsx?|xlsm|ods|numbers)$/i.test(name);
    const message = isWorkbook ? workbookAdvice : `its name must end in one of ${known}`;
    throw new ManifestError(name, [{ message }]);
  }
  const text = decodeText(await readSource(source, name), name);
  if (text.trim() === '') throw new ManifestError(name, [{ message: 'it is empty' }]);
  const problems: Problem[] = [];
  const report: Report = (problem) => problems.push(problem);
  const isNote = noteColumns(options.ignoreColumns);
  const raw = withoutNotes(readRows(text, { report, isNote }), isNote);
  if (raw.rows.length === 0 && problems.length === 0) report({ message: 'it has no rows' });
  if (raw.rows.length > maxManifestRows) throw new ManifestError(name, [{ message: tooManyRows }]);
  const read = await checkRows(raw, { name, report, ...options });
  problems.push(
    ...duplicates(
      read.map(({ row }) => row),
      options.date,
    ),
  );
  if (problems.length > 0) throw new ManifestError(name, problems, { given: valuesOf(raw) });
  return { rows: read.map(({ row }) => row), warnings: gatherWarnings(read) };
}

/** The values of rows by line and field. */
function valuesOf({ rows }: RawManifest): (line: number, field: string) => unknown {
  const byLine = new Map(rows.map(({ line, fields }) => [line, fields]));
  return (line, field) => byLine.get(line)?.[field];
}

/** True if the file extension is that of a manifest. */
export function isManifestName(name: string): boolean {
  return Object.hasOwn(formats, extname(name).toLowerCase());
}

/** As {@link readManifest}, for a file. Rejects a file over the size limit without reading it. @throws {ManifestError} */
export async function readManifestFile(path: string, options: ManifestOptions): Promise<Manifest> {
  return readManifest(await readSourceFile(path), { name: path, ...options });
}

function noteColumns(ignored: readonly string[] = []): (column: string) => boolean {
  const names = new Set(ignored.map((name) => name.trim().toLowerCase()));
  return (column) => column.startsWith('_') || names.has(column.trim().toLowerCase());
}

function withoutNotes(
  { defaults, rows }: RawManifest,
  isNote: (column: string) => boolean,
): RawManifest {
  const wanted = <Row extends RawRow>(row: Row): Row => ({
    ...row,
    fields: Object.fromEntries(Object.entries(row.fields).filter(([column]) => !isNote(column))),
  });
  return { defaults: defaults.map(wanted), rows: rows.map(wanted) };
}

const formats: Readonly<Record<string, (text: string, reading: RowReading) => RawManifest>> = {
  '.csv': csvRows,
  '.jsonl': (text, { report }) => jsonlRows(text, report),
  '.ndjson': (text, { report }) => jsonlRows(text, report),
  '.yaml': (text, { report }) => yamlRows(text, report),
  '.yml': (text, { report }) => yamlRows(text, report),
};

/** A server that checks an upload answers other requests in between. */
const rowsPerTurn = 200;

interface Checking extends ManifestOptions {
  name: string;
  report: Report;
}

async function checkRows(raw: RawManifest, checking: Checking): Promise<ParsedRow[]> {
  const { name, referToImage, defaults: given = {}, report } = checking;
  const { storeText, sendAnyway, host } = checking;
  const layers = [...raw.defaults, { fields: given }];
  const defaults = layers.map((layer) => readDefaults(layer, report)).reduce(overlay, {});
  const needed = neededOfRows(raw, { layers, report });
  const referToImages = imageReferences(name, referToImage);
  const read: ParsedRow[] = [];
  for (const [index, row] of raw.rows.entries()) {
    if (index % rowsPerTurn === rowsPerTurn - 1) await nextTurn();
    const reading = { defaults, needed, referToImages, report, storeText, sendAnyway, host };
    const found = await readRow(row, reading);
    if (found) read.push(found);
  }
  return read;
}

/** Required fields that the defaults do not set. A field missing in all rows is reported here, once. */
function neededOfRows(
  { rows }: RawManifest,
  { layers, report }: { layers: RawManifest['defaults']; report: Report },
): NeededField[] {
  const [first, ...others] = rows;
  const fields: NeededField[] = ['model', 'prompt'];
  return fields.filter((field) => {
    if (layers.some((layer) => says(layer.fields, field))) return false;
    const isSaid = rows.some((row) => says(row.fields, field));
    const isLeft = field === 'prompt' && [...rows, ...layers].some((row) => namesMedia(row.fields));
    if (!first || others.length === 0 || isSaid || isLeft) return true;
    report({ line: first.line, field, message: `${neededFields[field]} (in all rows)` });
    return false;
  });
}

/** `key` and `output` must be unique per row, so they cannot be defaults. */
function readDefaults(layer: RawManifest['defaults'][number], report: Report) {
  const { key, output, ...fields } = readFields(layer, report);
  for (const [field, value] of Object.entries({ key, output })) {
    if (value === undefined) continue;
    const line = layer.line === undefined ? {} : { line: layer.line };
    report({ ...line, field, message: 'cannot be a default: each row needs its own' });
  }
  return fields;
}

function gatherWarnings(read: readonly ParsedRow[]): Manifest['warnings'] {
  const groups = new Map<string, Manifest['warnings'][number]>();
  for (const { row, warnings } of read) {
    for (const warning of warnings) {
      const name = JSON.stringify([warning.field, warning.message]);
      const group = groups.get(name) ?? { ...warning, lines: [] };
      groups.set(name, group);
      if (group.lines.at(-1) !== row.line) group.lines.push(row.line);
    }
  }
  return [...groups.values()];
}
