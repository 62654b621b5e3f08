import { withEnd, type BatchPace } from '../../contract/batch-pace.ts';
import type { BookedRow } from './booked-row.ts';
import type { RowEnd } from './row.ts';

export function newPace(): BatchPace {
  return { sinceMs: Date.now(), ended: 0, last: [] };
}

/** A row that waited for a verdict or a person, and one that a cap refused, say nothing about how long rows take. */
export function paceAfter(
  pace: BatchPace = newPace(),
  { takenAtMs, state }: Pick<BookedRow, 'takenAtMs' | 'state'>,
  end: RowEnd,
): BatchPace {
  const atMs = Date.now();
  if (end.failure?.kind === 'cap_exceeded') return { ...pace, refusedAtMs: atMs };
  if (end.origin === 'cached' || state === 'overdue' || state === 'unresolved') return pace;
  return withEnd(pace, { atMs, tookMs: atMs - (takenAtMs ?? atMs) });
}
