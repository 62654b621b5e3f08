import type { BatchOrigins, BatchRowOrigin, BatchRowResult } from './batch.ts';

/** Workers before 1.0 wrote `hit` for `cached`. Recorded reports and stored results still contain it. */
type FormerOrigin = BatchRowOrigin | 'hit';

export const noOrigins: BatchOrigins = { started: 0, joined: 0, cached: 0 };

/** Reads the counts of a report or result, in the current or former form. */
export function readOrigins(origins: Partial<Record<FormerOrigin, number>>): BatchOrigins {
  const { hit = 0, ...others } = origins;
  const known = { ...noOrigins, ...others };
  return { ...known, cached: known.cached + hit };
}

/** Reads a line of a results manifest, in the current or former form. */
export function readRowResult(line: string): BatchRowResult {
  const result = JSON.parse(line) as Omit<BatchRowResult, 'origin'> & { origin: FormerOrigin };
  return { ...result, origin: result.origin === 'hit' ? 'cached' : result.origin };
}
