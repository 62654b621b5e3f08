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

/** Stands for a value that was there and was refused already. */
export const unreadable = Symbol('unreadable');
