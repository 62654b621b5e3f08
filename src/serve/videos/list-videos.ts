import type { WorkflowExecutionInfo } from '@temporalio/client';
import { VideoClientError } from '../../client/video-client-error.ts';
import { readRequestMemo } from '../../contract/request-memo.ts';
import { workflowTypes } from '../../contract/task-queues.ts';
import { tenantPrefix } from '../../identity/tenant-video.ts';
import { quoted } from '../../runs/quoted.ts';
import { fromIndex } from '../../runs/run-index.ts';
import { cursorOf, findRunsByStart, type RunCursor } from '../../runs/runs-by-start.ts';
import type { ServePorts } from '../ports.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { isDeleted } from './deleted-videos.ts';
import { fromRun, notFound, workflowIdOf } from './find-video.ts';
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

/** The first window of start times. It grows or shrinks until it has about one page. */
const firstWindowMs = 86_400_000;
/** More runs than this in one window are read only if the window cannot be smaller. */
const mostAtOnce = 1_000;

/**
 * Lists a tenant's videos by start time.
 *
 * @throws {ApiError} 404 for an unknown `after`
 */
export async function listVideos(
  ports: ServePorts,
  tenant: Tenant,
  { after, limit, order }: ListOptions,
): Promise<VideoPage> {
  const { runs } = await findRunsByStart(ports.temporal, {
    where: [
      `WorkflowId STARTS_WITH ${quoted(tenantPrefix(tenant.name))}`,
      `WorkflowType = ${quoted(workflowTypes.generate)}`,
    ],
    order,
    from: after === undefined ? null : await cursorAfter(ports, tenant, after),
    wanted: limit + 1,
    firstWindowMs,
    mostAtOnce,
    keep: (some, wanted) => kept(ports, some, wanted),
    now: ports.now(),
  });
  const rows = await Promise.all(runs.slice(0, limit).map((run) => rowOf(ports, run)));
  return { videos: rows.filter((row) => row !== null), hasMore: runs.length > limit };
}

async function cursorAfter(ports: ServePorts, tenant: Tenant, id: string): Promise<RunCursor> {
  const videoId = workflowIdOf(tenant, id);
  // A video that was deleted since the page before is still a cursor.
  const { found } = await ports.read(videoId, { isDetailed: false }).catch((error: unknown) => {
    if (error instanceof VideoClientError && error.kind === 'not_found') throw notFound(id);
    throw error;
  });
  return cursorOf(found);
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
    memo: readRequestMemo(memo),
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
