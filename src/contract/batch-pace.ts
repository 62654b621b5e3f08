/** Ends of rows, for the expected end of a batch. Times are milliseconds since the epoch. */
export interface BatchPace {
  /** When its first row was started, or when a pause ended. */
  sinceMs: number;
  /** The number of rows that have ended since. */
  ended: number;
  /** The newest of them, by their end: when each ended, and how long it took. */
  last: [endedAtMs: number, tookMs: number][];
  /** When a row was last refused because of a cap. */
  refusedAtMs?: number;
}

/** What has a pace: a partition; and a batch, of its partitions that have ended. Older workers do not set it. */
export interface Paced {
  pace?: BatchPace;
}

/**
 * Why the end of a batch cannot be expected. `few_ended`: too few rows have ended. `no_slot`: no row ends, and all rows in
 * progress wait for a slot of the admission. `cap`: a cap refuses the rows. `unresolved`, `overdue`: there are such rows.
 */
export type EndUnknown = 'few_ended' | 'paused' | 'no_slot' | 'cap' | 'unresolved' | 'overdue';

/** What is known about the end of a batch: one of the two while rows are left, else neither. */
export interface BatchOutlook {
  /** ISO 8601, UTC. */
  expectedEnd?: string;
  endUnknown?: EndUnknown;
}

/** The newest ends are kept, so that the expectation follows a change of the pace. About 400 bytes in each report. */
const mostKeptEnds = 20;
/** The pace after one more end; cached rows do not count, because they took no time. */
export function withEnd(pace: BatchPace, end: { atMs: number; tookMs: number }): BatchPace {
  const last: BatchPace['last'] = [...pace.last, [end.atMs, end.tookMs]];
  return { ...pace, ended: pace.ended + 1, last: newest(last) };
}

/** The pace of two sets of rows together. */
export function joinedPace(left?: BatchPace, right?: BatchPace): BatchPace | undefined {
  if (!left || !right) return left ?? right;
  const refusedAtMs = Math.max(left.refusedAtMs ?? 0, right.refusedAtMs ?? 0);
  return {
    sinceMs: Math.min(left.sinceMs, right.sinceMs),
    ended: left.ended + right.ended,
    last: newest([...left.last, ...right.last]),
    ...(refusedAtMs > 0 && { refusedAtMs }),
  };
}

function newest(last: BatchPace['last']): BatchPace['last'] {
  return last.toSorted(([a], [b]) => a - b).slice(-mostKeptEnds);
}
