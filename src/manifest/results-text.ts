import { stringify } from 'csv-stringify/sync';
import type { BatchRowResult } from '../contract/batch.ts';

/** Formats results as JSONL: one {@link BatchRowResult} per line. */
export function resultsJsonl(results: readonly BatchRowResult[]): string {
  return results.map((result) => `${JSON.stringify(result)}\n`).join('');
}

/** Formats results as CSV: the fields of {@link BatchRowResult} by dotted name. */
export function resultsCsv(results: readonly BatchRowResult[]): string {
  return csvText(results, columnsOfResults);
}

/**
 * Formats the named fields as CSV with a header line. A dotted name such as `video.key` is a nested field.
 *
 * Cells that a spreadsheet would run as a formula are prefixed with an apostrophe, because they may contain foreign text.
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
