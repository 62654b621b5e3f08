import type { BatchCounts } from './batch.ts';

export const noCounts: BatchCounts = {
  waiting: 0,
  running: 0,
  joined: 0,
  overdue: 0,
  unresolved: 0,
  stored: 0,
  failed: 0,
  cancelled: 0,
};

/** Adds two tables of numbers, field by field. */
export function plus<T extends Record<keyof T, number>>(left: T, right: T): T {
  return combine(left, right, (a, b) => a + b);
}

/** Subtracts the second table of numbers from the first, field by field. */
export function minus<T extends Record<keyof T, number>>(left: T, right: T): T {
  return combine(left, right, (a, b) => a - b);
}

/** The number of rows that have ended. */
export function finished({ stored, failed, cancelled }: BatchCounts): number {
  return stored + failed + cancelled;
}

/** How a count is shown to people: `waiting` alone would also say that a video waits for a slot. */
export function countName(state: string): string {
  return state === 'waiting' ? 'to start' : state;
}

function combine<T extends Record<keyof T, number>>(
  left: T,
  right: T,
  join: (a: number, b: number) => number,
): T {
  const keys = Object.keys(left) as (keyof T)[];
  return Object.fromEntries(keys.map((key) => [key, join(left[key], right[key])])) as T;
}
