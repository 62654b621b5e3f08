import { stringify } from 'csv-stringify/sync';
import type { BatchRowResult } from '../contract/batch.ts';

/** The results manifest as JSONL: one {@link BatchRowResult} per line. */
export function resultsJsonl(results: readonly BatchRowResult[]): string {
  return results.map((result) => `${JSON.stringify(result)}\n`).join('');
}

/** The results manifest as CSV: the fields of {@link BatchRowResult} by their dotted names. */
export function resultsCsv(results: readonly BatchRowResult[]): string {
  return csvText(results, columnsOfResults);
}

/**
 * CSV with a header line, of the named fields; `video.key` is the field of a field.
 *
 * A cell that a spreadsheet would run as a formula gets an apostrophe before it: words of others stand in them.
 */
export function csvText(rows: readonly object[], names: readonly string[]): string {
  const columns = names.map((key) => ({ key }));
  return stringify([...rows], { header: true, columns, escape_formulas: true });
}

const columnsOfResults = [
  'line',
  'key',
  'state',
  'origin',
  'billed',
  'videoId',
  'jobId',
  'output',
  'video.key',
  'video.uri',
  'video.sha256',
  'video.sizeBytes',
  'video.durationSeconds',
  'failure.kind',
  'failure.message',
];
