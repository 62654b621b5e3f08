import type { BatchCounts, BatchPhase } from './batch.ts';
import type { BatchOutlook, BatchPace } from './batch-pace.ts';

/** Fewer ends say little about the pace. */
const leastEnded = 5;
/** With no end for so many times the usual distance of two ends, rows that wait for a slot are the reason. */
const stalledFactor = 5;

export interface BatchProgress {
  phase: BatchPhase;
  window: number;
  counts: BatchCounts;
  pace?: BatchPace | undefined;
  /** How many of the rows in progress wait for a slot of the admission, if that is known. */
  waitingForSlot?: number | undefined;
}

/** When a batch is expected to end at the pace of its last rows, or why that is not known. */
export function batchOutlook(progress: BatchProgress, nowMs: number): BatchOutlook {
  const { phase, counts, pace } = progress;
  const inProgress = counts.running + counts.joined;
  const left = inProgress + (phase === 'keeping' ? 0 : counts.waiting);
  if (phase === 'preparing' || phase === 'done' || phase === 'cancelled') return {};
  if (counts.unresolved > 0) return { endUnknown: 'unresolved' };
  if (counts.overdue > 0) return { endUnknown: 'overdue' };
  if (left === 0) return {};
  if (phase === 'paused') return { endUnknown: 'paused' };
  if ((pace?.refusedAtMs ?? 0) > (pace?.last.at(-1)?.[0] ?? 0)) return { endUnknown: 'cap' };
  const { waitingForSlot = 0 } = progress;
  const isHeld = waitingForSlot > 0 && waitingForSlot >= inProgress;
  // The first of the rows that were started together say nothing about the pace until most of them have ended.
  const enough = Math.max(leastEnded, inProgress - waitingForSlot);
  if (!pace || pace.ended < enough) return { endUnknown: isHeld ? 'no_slot' : 'few_ended' };
  const atOnce = Math.max(1, Math.min(progress.window, pace.ended + left));
  const perRow = (atMs: number) =>
    msPerRow(pace, { atOnce, isQueued: waitingForSlot > 0, nowMs: atMs });
  const [lastEndMs] = pace.last.at(-1) ?? [nowMs];
  const isStalled = nowMs - lastEndMs > stalledFactor * perRow(lastEndMs);
  if (isHeld && isStalled) return { endUnknown: 'no_slot' };
  const perRowMs = perRow(nowMs);
  const endMs = meanOf(pace.last, 0) + (left + (pace.last.length - 1) / 2) * perRowMs;
  return { expectedEnd: new Date(Math.round(Math.max(endMs, nowMs + perRowMs))).toISOString() };
}

/**
 * The distance between two ends. Rows that were started together end together, so it is at least how long a row takes
 * divided by how many may be in progress at once. In the first rounds of rows that wait for slots, the first rows have
 * waited less than the later ones will: there the distance counts from the start. It grows if no row ends for longer than
 * a row takes.
 */
function msPerRow(
  { sinceMs, ended, last }: BatchPace,
  { atOnce, isQueued, nowMs }: { atOnce: number; isQueued: boolean; nowMs: number },
): number {
  const tookMs = meanOf(last, 1);
  const [firstMs, lastMs] = [last[0]?.[0] ?? nowMs, last.at(-1)?.[0] ?? nowMs];
  const isEarly = isQueued && ended < 2 * atOnce;
  const [beginMs, ends] = isEarly ? [sinceMs, ended] : [firstMs, last.length - 1];
  return Math.max(
    (lastMs - beginMs) / Math.max(1, ends),
    (nowMs - tookMs - beginMs) / (ends + 1),
    tookMs / atOnce,
    1,
  );
}

function meanOf(last: BatchPace['last'], part: 0 | 1): number {
  return last.reduce((sum, entry) => sum + entry[part], 0) / Math.max(1, last.length);
}
