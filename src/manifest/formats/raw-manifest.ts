import type { Report } from '../manifest-error.ts';

/** What stood in one row, by column and not checked yet; an empty cell does not stand there. */
export interface RawRow {
  /** Where it begins, from 1; absent for what does not come from the file. */
  line?: number;
  fields: Record<string, unknown>;
}

/** A manifest as its file format gives it. */
export interface RawManifest {
  /** What holds for all rows that do not say otherwise. */
  defaults: RawRow[];
  rows: (RawRow & { line: number })[];
}

/** What the reader of a file format is given besides its text. */
export interface RowReading {
  report: Report;
  /** Columns that people keep for themselves: they say nothing to us. */
  isNote: (column: string) => boolean;
}

/** Stands for a value that was there and was refused already. */
export const unreadable = Symbol('unreadable');
