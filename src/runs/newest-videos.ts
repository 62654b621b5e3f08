import { WorkflowNotFoundError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import type { VideoPhase } from '../contract/messages.ts';
import { readRequestMemo, type RequestMemo } from '../contract/request-memo.ts';
import { workflowTypes } from '../contract/task-queues.ts';
import { tenantOf, tenantPrefix } from '../identity/tenant-video.ts';
import { isInvalidArgument } from './invalid-argument.ts';
import { quoted } from './quoted.ts';
import { fromIndex, type ListedVideo } from './run-index.ts';
import { cursorOf, findRunsByStart, type FoundRuns, type RunCursor } from './runs-by-start.ts';

/** A page of an operator's list shows tens of videos, and each run may have a prompt of 4 KiB. */
const mostAtOnce = 200;
/** A tag is only in the memo, so a rare one is searched for among so many runs at a time. */
const mostRead = 2_000;

/** Which videos are listed. */
export interface NewestFilter {
  /** Any of these. */
  phases?: readonly VideoPhase[];
  model?: string;
  tenant?: string;
  tag?: string;
  limit: number;
  /** `before` of the page before. */
  before?: string;
}

/** A video in a list of the operator. */
export interface NewestVideo extends ListedVideo, Omit<RequestMemo, 'model'> {
  runId: string;
  /** Absent unless the HTTP API has started it. */
  tenant?: string;
}

/** A page of videos, newest first. */
export interface NewestVideos {
  videos: NewestVideo[];
  /** Where the next page begins; absent if there are no older videos. */
  before?: string;
  /** ISO 8601. Set if the search for a tag stopped before the page was full: it has reached this time. */
  searchedBackTo?: string;
}

/** What a list depends on. */
export interface NewestOptions {
  /** Milliseconds since the epoch. */
  now: number;
  /** Whether a video that has ended is not shown, for example because it was deleted. */
  isHidden?: (run: { videoId: string; runId: string }) => Promise<boolean>;
  /** For lists that are read again and again: keeps the window of start times that a filter needed, by the filter. */
  windows?: Map<string, number>;
}

/** Lists the videos of the whole namespace, those of batches and tenants too, newest first. The index lags by about a second. */
export async function listNewestVideos(
  client: Client,
  filter: NewestFilter,
  { now, isHidden, windows }: NewestOptions,
): Promise<NewestVideos> {
  const { limit, tag, phases, before } = filter;
  const matches = (run: WorkflowExecutionInfo) =>
    (phases === undefined || phases.includes(fromIndex(run).phase)) &&
    (tag === undefined || readRequestMemo(run.memo).tags.includes(tag));
  const isShown = async (run: WorkflowExecutionInfo) => {
    if (run.closeTime === undefined) return true;
    const { workflowId: videoId, runId } = run;
    if ((await isHidden?.({ videoId, runId })) === true) return false;
    return run.status.name === 'COMPLETED' || isNewestRun(client, run);
  };
  const where = conditionsOf(filter);
  const name = JSON.stringify([where, tag, limit, before]);
  const firstWindowMs = windows?.get(name);
  const { runs, stoppedAt, goodWindowMs } = await foundOrNone(() =>
    findRunsByStart(client, {
      where,
      ...(firstWindowMs !== undefined && { firstWindowMs }),
      order: 'desc',
      from: before === undefined ? null : readCursor(before),
      wanted: limit + 1,
      mostAtOnce,
      mostRead,
      keep: (some, wanted) => firstOf(some.filter(matches), wanted, isShown),
      now,
    }),
  );
  if (windows) keepWindow(windows, name, goodWindowMs);
  const shown = runs.slice(0, limit);
  const last = shown.at(-1);
  const next = runs.length > limit && last ? cursorOf(last) : stoppedAt;
  return {
    videos: shown.map(rowOf),
    ...(next && { before: cursorText(next) }),
    ...(stoppedAt && { searchedBackTo: new Date(stoppedAt.startedAt).toISOString() }),
  };
}

/** Filters that were used last. */
const mostWindows = 500;

function keepWindow(windows: Map<string, number>, name: string, widthMs: number | undefined): void {
  windows.delete(name);
  if (widthMs !== undefined) windows.set(name, widthMs);
  const [oldest] = windows.keys();
  if (windows.size > mostWindows && oldest !== undefined) windows.delete(oldest);
}

/** Before the first worker has registered the search attributes, no video has a phase or a model. */
async function foundOrNone(
  find: () => Promise<FoundRuns>,
): Promise<Omit<FoundRuns, 'goodWindowMs'> & Partial<FoundRuns>> {
  try {
    return await find();
  } catch (error) {
    if (isInvalidArgument(error)) return { runs: [] };
    throw error;
  }
}

function rowOf(run: WorkflowExecutionInfo): NewestVideo {
  const index = fromIndex(run);
  const { model: asked, ...memo } = readRequestMemo(run.memo);
  const model = index.model ?? (asked === '' ? undefined : asked);
  const tenant = tenantOf(run.workflowId);
  return {
    ...index,
    ...memo,
    runId: run.runId,
    ...(model !== undefined && { model }),
    ...(tenant !== null && { tenant }),
  };
}

/** The first `wanted` runs that pass, checked in parallel. */
async function firstOf(
  runs: WorkflowExecutionInfo[],
  wanted: number,
  passes: (run: WorkflowExecutionInfo) => Promise<boolean>,
): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for (let at = 0; at < runs.length && found.length < wanted; at += wanted) {
    const some = runs.slice(at, at + wanted);
    const passed = await Promise.all(some.map(passes));
    found.push(...some.filter((_, index) => passed[index]));
  }
  return found.slice(0, wanted);
}

/** A failed run of a video that was started again is no video of its own. */
async function isNewestRun(client: Client, run: WorkflowExecutionInfo): Promise<boolean> {
  try {
    const { runId } = await client.workflow.getHandle(run.workflowId).describe();
    return runId === run.runId;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

function conditionsOf({ phases, model, tenant }: NewestFilter): string[] {
  const types = Object.values(workflowTypes).map(quoted).join(', ');
  return [
    `WorkflowType IN (${types})`,
    ...(phases === undefined ? [] : [phaseCondition(phases)]),
    ...(model === undefined ? [] : [`VideoModel = ${quoted(model)}`]),
    ...(tenant === undefined ? [] : [`WorkflowId STARTS_WITH ${quoted(tenantPrefix(tenant))}`]),
  ];
}

const endings: Partial<Record<VideoPhase, readonly string[]>> = {
  stored: ['Completed'],
  cancelled: ['Canceled'],
  failed: ['Failed', 'Terminated', 'TimedOut'],
};

/** Wider than the phases: a terminated run wrote no last phase, and a new one no first phase yet. */
function phaseCondition(phases: readonly VideoPhase[]): string {
  const open = phases.filter((phase) => endings[phase] === undefined);
  const statuses = [
    ...phases.flatMap((phase) => endings[phase] ?? []),
    ...(open.length > 0 ? ['Running'] : []),
  ];
  const status = `ExecutionStatus IN (${statuses.map(quoted).join(', ')})`;
  const isOpenOnly = open.length === phases.length && !open.includes('submitting');
  return isOpenOnly ? `${status} AND VideoPhase IN (${open.map(quoted).join(', ')})` : status;
}

function cursorText({ startedAt, videoId }: RunCursor): string {
  return `${startedAt}~${videoId}`;
}

/** Null for anything else, which lists from the newest on. */
function readCursor(text: string): RunCursor | null {
  const [, startedAt, videoId = ''] = /^(\d{1,14})~(.*)$/s.exec(text) ?? [];
  return startedAt === undefined ? null : { startedAt: Number(startedAt), videoId };
}
