import type { Client, WorkflowExecutionInfo } from '@temporalio/client';

/** Clocks of servers differ. */
const skewMs = 86_400_000;
const oldestMs = Date.UTC(2024, 0, 1);
/** A window that has too many runs, or none, is so many times narrower or wider the next time. */
const stepFactor = 8;

/** The place of a run in the order of start times. */
export interface RunCursor {
  startedAt: number;
  videoId: string;
}

/** Which runs are wanted. */
export interface RunSearch {
  /** Conditions of the query; all must hold. */
  where: readonly string[];
  order: 'asc' | 'desc';
  /** The last run of the page before. */
  from: RunCursor | null;
  wanted: number;
  /** The first window of start times. Default: all of them. */
  firstWindowMs?: number;
  /** More runs than this in one window are read only if the window cannot be smaller. */
  mostAtOnce: number;
  /** The search stops after so many runs. Default: never. */
  mostRead?: number;
  /** The first `wanted` of some runs that belong to the result, in the same order. */
  keep(runs: WorkflowExecutionInfo[], wanted: number): Promise<WorkflowExecutionInfo[]>;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Runs in order. */
export interface FoundRuns {
  runs: WorkflowExecutionInfo[];
  /** Where the search stopped because it had read `mostRead` runs; it can continue from there. */
  stoppedAt?: RunCursor;
  /** A good `firstWindowMs` for the same search a moment later. */
  goodWindowMs: number;
}

/**
 * Finds runs by start time. Temporal's index may not support ORDER BY (it does not on SQLite), so a window of start times
 * is found by counting, listed whole and sorted here. Of several runs of a video in one window only the newest counts.
 */
export async function findRunsByStart(client: Client, search: RunSearch): Promise<FoundRuns> {
  const { order, from, wanted, mostAtOnce, mostRead = Number.POSITIVE_INFINITY } = search;
  const newest = search.now + skewMs;
  const end = order === 'desc' ? oldestMs : newest;
  const runs: WorkflowExecutionInfo[] = [];
  let edge = from?.startedAt ?? (order === 'desc' ? newest : oldestMs);
  let widthMs = search.firstWindowMs ?? newest - oldestMs + 1;
  let read = 0;
  let goodWindowMs: number | undefined;
  // The first window is of the past, and of the time ahead besides.
  let aheadMs = order === 'desc' && !from ? skewMs : 0;
  while (runs.length < wanted && (order === 'desc' ? edge >= end : edge <= end)) {
    const window = windowAt({ edge, widthMs: widthMs + aheadMs, order, end });
    const query = queryOf(search, window);
    const { count } = await client.workflow.count(query);
    if (count > mostAtOnce && widthMs > 1) {
      widthMs = Math.max(1, Math.floor(widthMs / stepFactor));
      continue;
    }
    if (count > 0) {
      const inWindow = await readWindow(client, search, query);
      runs.push(...(await search.keep(inWindow, wanted - runs.length)));
      read += inWindow.length;
    }
    // A window that was not enough is wider the next time.
    goodWindowMs ??= runs.length < wanted ? widthMs * stepFactor : widthMs;
    aheadMs = 0;
    edge = order === 'desc' ? window.startMs - 1 : window.endMs + 1;
    widthMs *= stepFactor;
    if (read >= mostRead && runs.length < wanted) {
      return { runs, stoppedAt: cursorAt(order, window), goodWindowMs };
    }
  }
  return { runs, goodWindowMs: goodWindowMs ?? widthMs };
}

/** All that started in the window are before it. */
function cursorAt(order: RunSearch['order'], { startMs, endMs }: Window): RunCursor {
  return order === 'desc'
    ? { startedAt: startMs, videoId: '' }
    : { startedAt: endMs + 1, videoId: '' };
}

interface Window {
  startMs: number;
  endMs: number;
}

function windowAt(at: { edge: number; widthMs: number; order: string; end: number }): Window {
  const { edge, widthMs, order, end } = at;
  return order === 'desc'
    ? { startMs: Math.max(end, edge - widthMs + 1), endMs: edge }
    : { startMs: edge, endMs: Math.min(end, edge + widthMs - 1) };
}

async function readWindow(
  client: Client,
  { order, from }: RunSearch,
  query: string,
): Promise<WorkflowExecutionInfo[]> {
  const byId = new Map<string, WorkflowExecutionInfo>();
  for await (const run of client.workflow.list({ query })) {
    const other = byId.get(run.workflowId);
    if (!other || other.startTime < run.startTime) byId.set(run.workflowId, run);
  }
  const sign = order === 'desc' ? -1 : 1;
  const compare = (a: RunCursor, b: RunCursor) =>
    sign *
    (a.startedAt - b.startedAt || (a.videoId < b.videoId ? -1 : a.videoId > b.videoId ? 1 : 0));
  return [...byId.values()]
    .toSorted((a, b) => compare(cursorOf(a), cursorOf(b)))
    .filter((run) => !from || compare(cursorOf(run), from) > 0);
}

/** The place of a run. */
export function cursorOf({
  workflowId,
  startTime,
}: Pick<WorkflowExecutionInfo, 'workflowId' | 'startTime'>): RunCursor {
  return { startedAt: startTime.getTime(), videoId: workflowId };
}

function queryOf({ where }: RunSearch, { startMs, endMs }: Window): string {
  return [
    ...where,
    `ExecutionStatus != 'ContinuedAsNew'`,
    `StartTime >= '${new Date(startMs).toISOString()}'`,
    `StartTime < '${new Date(endMs + 1).toISOString()}'`,
  ].join(' AND ');
}
