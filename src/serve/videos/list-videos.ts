import type { WorkflowExecutionInfo } from '@temporalio/client';
import { VideoClientError } from '../../client/video-client-error.ts';
import { workflowTypes } from '../../contract/task-queues.ts';
import { tenantPrefix } from '../../identity/tenant-video.ts';
import { fromIndex } from '../../runs/run-index.ts';
import type { ServePorts } from '../ports.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { isDeleted } from './deleted-videos.ts';
import { fromRun, notFound, workflowIdOf } from './find-video.ts';
import { readHttpMemo } from './http-memo.ts';
import type { TenantVideo } from './video-object.ts';

/** Parameters of a list, validated. */
export interface ListOptions {
  /** Id of the last video of the page before. */
  after?: string;
  limit: number;
  order: 'asc' | 'desc';
}

/** A page of a tenant's videos. */
export interface VideoPage {
  videos: TenantVideo[];
  hasMore: boolean;
}

const dayMs = 86_400_000;
/** The first window of start times. It grows or shrinks until it has about one page. */
const firstWindowMs = dayMs;
const oldestMs = Date.UTC(2024, 0, 1);
/** More runs than this in one window are read only if the window cannot be smaller. */
const mostRead = 1_000;

/**
 * Lists a tenant's videos by start time. Temporal's index may not support ORDER BY (it does not on SQLite), so a window
 * of start times is found by counting, listed whole and sorted here.
 *
 * @throws {ApiError} 404 for an unknown `after`
 */
export async function listVideos(
  ports: ServePorts,
  tenant: Tenant,
  { after, limit, order }: ListOptions,
): Promise<VideoPage> {
  const from = after === undefined ? null : await cursorOf(ports, tenant, after);
  const found = await collect(ports, { tenant, limit, order, from });
  const shown = found.slice(0, limit);
  const rows = await Promise.all(shown.map((run) => rowOf(ports, run)));
  return { videos: rows.filter((row) => row !== null), hasMore: found.length > limit };
}

interface Cursor {
  startedAt: number;
  videoId: string;
}

interface Search {
  tenant: Tenant;
  limit: number;
  order: 'asc' | 'desc';
  from: Cursor | null;
}

async function cursorOf(ports: ServePorts, tenant: Tenant, id: string): Promise<Cursor> {
  const videoId = workflowIdOf(tenant, id);
  // A video that was deleted since the page before is still a cursor.
  const { found } = await ports.read(videoId, { isDetailed: false }).catch((error: unknown) => {
    if (error instanceof VideoClientError && error.kind === 'not_found') throw notFound(id);
    throw error;
  });
  return { startedAt: found.startTime.getTime(), videoId };
}

/** At least `limit + 1` runs after the cursor, if there are as many, in order. */
async function collect(ports: ServePorts, search: Search): Promise<WorkflowExecutionInfo[]> {
  const { limit, order, from } = search;
  const newest = ports.now() + dayMs;
  let edge = from?.startedAt ?? (order === 'desc' ? newest : oldestMs);
  const end = order === 'desc' ? oldestMs : newest;
  const found: WorkflowExecutionInfo[] = [];
  let widthMs = firstWindowMs;
  while (found.length <= limit && (order === 'desc' ? edge >= end : edge <= end)) {
    const window = windowAt({ edge, widthMs, order, end });
    const count = await countIn(ports, search, window);
    if (count > mostRead && widthMs > 1) {
      widthMs = Math.max(1, Math.floor(widthMs / 8));
      continue;
    }
    if (count > 0) {
      const runs = await readWindow(ports, search, window);
      found.push(...(await kept(ports, runs, limit + 1 - found.length)));
    }
    edge = order === 'desc' ? window.startMs - 1 : window.endMs + 1;
    widthMs *= 8;
  }
  return found;
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

/** Only the newest run of a video counts, and each run of a video that was started again was free of charge. */
async function readWindow(
  { temporal }: ServePorts,
  { tenant, order, from }: Search,
  window: Window,
): Promise<WorkflowExecutionInfo[]> {
  const byId = new Map<string, WorkflowExecutionInfo>();
  for await (const run of temporal.workflow.list({ query: queryOf(tenant, window) })) {
    const other = byId.get(run.workflowId);
    if (!other || other.startTime < run.startTime) byId.set(run.workflowId, run);
  }
  const sign = order === 'desc' ? -1 : 1;
  const compare = (a: Cursor, b: Cursor) =>
    sign *
    (a.startedAt - b.startedAt || (a.videoId < b.videoId ? -1 : a.videoId > b.videoId ? 1 : 0));
  return [...byId.values()]
    .toSorted((a, b) => compare(keyOf(a), keyOf(b)))
    .filter((run) => !from || compare(keyOf(run), from) > 0);
}

/** The first `wanted` videos that were not deleted. Only ended ones can be. */
async function kept(
  { storage }: ServePorts,
  runs: WorkflowExecutionInfo[],
  wanted: number,
): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for (let at = 0; at < runs.length && found.length < wanted; at += wanted) {
    const some = runs.slice(at, at + wanted);
    const areGone = await Promise.all(
      some.map(async ({ closeTime, workflowId: videoId, runId }) =>
        closeTime === undefined ? false : isDeleted(storage, { videoId, runId }),
      ),
    );
    found.push(...some.filter((_, index) => !areGone[index]));
  }
  return found;
}

function keyOf({ workflowId, startTime }: WorkflowExecutionInfo): Cursor {
  return { startedAt: startTime.getTime(), videoId: workflowId };
}

async function countIn(ports: ServePorts, { tenant }: Search, window: Window): Promise<number> {
  const { count } = await ports.temporal.workflow.count(queryOf(tenant, window));
  return count;
}

function queryOf({ name }: Tenant, { startMs, endMs }: Window): string {
  return [
    `WorkflowId STARTS_WITH '${tenantPrefix(name)}'`,
    `WorkflowType = '${workflowTypes.generate}'`,
    `ExecutionStatus != 'ContinuedAsNew'`,
    `StartTime >= '${new Date(startMs).toISOString()}'`,
    `StartTime < '${new Date(endMs + 1).toISOString()}'`,
  ].join(' AND ');
}

/**
 * A row of the page. The index has no failures, and has runs of videos that were started again after a free failure: such
 * a run is no row, because the newest one is on this page or another.
 */
async function rowOf(ports: ServePorts, run: WorkflowExecutionInfo): Promise<TenantVideo | null> {
  const isFailed = run.closeTime !== undefined && run.status.name !== 'COMPLETED';
  if (!isFailed) return fromListing(run);
  const newest = await ports.read(run.workflowId, { isDetailed: false });
  return newest.found.runId === run.runId ? fromRun(newest) : null;
}

function fromListing(run: WorkflowExecutionInfo): TenantVideo {
  const { startTime, closeTime, memo } = run;
  const index = fromIndex(run);
  return {
    status: { ...index, live: false },
    memo: readHttpMemo(memo),
    createdAt: Math.floor(startTime.getTime() / 1_000),
    completedAt:
      index.phase === 'stored' && closeTime ? Math.floor(closeTime.getTime() / 1_000) : null,
  };
}

/** OpenAI's list object. */
export function listObject<T extends { id: string }>(data: T[], hasMore: boolean) {
  return {
    object: 'list' as const,
    data,
    has_more: hasMore,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}
