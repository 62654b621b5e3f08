import type { Report } from '../manifest-error.ts';

/** The unchecked values of one row by column, without empty cells. */
export interface RawRow {
  /** First line, from 1. Absent for values that are not from the file. */
  line?: number;
  fields: Record<string, unknown>;
}

/** A parsed but unchecked manifest. */
export interface RawManifest {
  /** Values for all rows that do not override them. */
  defaults: RawRow[];
  rows: (RawRow & { line: number })[];
}

/** Options of a file format's reader. */
export interface RowReading {
  report: Report;
  /** True for a note column, which is ignored. */
  isNote: (column: string) => boolean;
}

/** Marks a value that was present but already rejected. */
export const unreadable = Symbol('unreadable');
