import { ApplicationFailure, WorkflowFailedError, type Client } from '@temporalio/client';
import {
  batchMessages,
  batchRowsFailed,
  type BatchStatus,
  type PartitionTally,
  type VideoBatchResult,
} from '../../contract/batch.ts';
import { batchOutlook } from '../../contract/batch-outlook.ts';
import { joinedPace } from '../../contract/batch-pace.ts';
import { minus, plus } from '../../contract/batch-counts.ts';
import { readOrigins } from '../../contract/batch-origins.ts';
import { videoPhases } from '../../contract/messages.ts';
import { workflowTypes } from '../../contract/task-queues.ts';
import { askRun } from '../ask-run.ts';
import type { BatchSnapshot } from './batch-client.ts';
import { batchFromIndex, describeBatch, fullBatchId, inputOf } from './describe-batch.ts';

/** A running worker answers a query at once. Without one, the caller should not wait long for the index's answer. */
const queryTimeoutMs = 3_000;
/** Limits the queries: many partitions may be open that only wait for a person. Their last report is used. */
const mostAsked = 20;

/** Implements `BatchClient.status`: the live status, else what history and index contain. */
export async function readBatch(client: Client, name: string): Promise<BatchSnapshot> {
  const found = await describeBatch(client, name);
  const { phase, ...index } = batchFromIndex(found);
  const manifest = inputOf(found)?.manifest.key;
  const snapshot = {
    ...index,
    batchId: found.workflowId,
    runId: found.runId,
    ...(manifest !== undefined && { manifest }),
  };
  const live = await query<BatchStatus>(client, found.workflowId);
  if (found.closeTime === undefined) {
    if (!live) return { ...snapshot, phase: 'running', live: false };
    const videos = await countByPhase(client, found.workflowId);
    const status = await withPartitions(client, live);
    const outlook = batchOutlook({ ...status, waitingForSlot: videos.waiting }, Date.now());
    return { ...withoutOutlook(status), ...outlook, ...snapshot, live: true, videos };
  }
  const end = await readEnd(client, name);
  const closed = phase === 'cancelled' ? phase : 'done';
  const last = live ? withoutOutlook(live) : {};
  return { ...last, ...end, ...snapshot, phase: closed, live: live !== null };
}

/**
 * The expectation of the workflow is as old as its last report, and that of a closed run means nothing. What it is computed
 * from is internal.
 */
function withoutOutlook({
  expectedEnd: _end,
  endUnknown: _why,
  pace: _pace,
  ...status
}: BatchStatus) {
  return status;
}

/** Replaces the last reports of open partitions with their current state. */
async function withPartitions(client: Client, status: BatchStatus): Promise<BatchStatus> {
  const asked = status.open.slice(0, mostAsked).map(async ({ workflowId, report }) => {
    const now = await query<PartitionTally>(client, workflowId);
    return { report, now: now ?? report };
  });
  let merged = status;
  for (const { report } of status.open.slice(mostAsked)) merged = withPace(merged, report);
  for (const { report, now } of await Promise.all(asked)) {
    merged = {
      ...withPace(merged, now),
      counts: plus(minus(merged.counts, report.counts), now.counts),
      origins: plus(minus(merged.origins, readOrigins(report.origins)), now.origins),
      retryable: merged.retryable - report.retryable + now.retryable,
      failures: [
        ...now.failures,
        ...merged.failures.filter(({ key }) => now.failures.every((newer) => newer.key !== key)),
      ],
    };
  }
  return merged;
}

function withPace(status: BatchStatus, { pace: added }: PartitionTally): BatchStatus {
  const pace = joinedPace(status.pace, added);
  return { ...status, ...(pace && { pace }) };
}

/** Reads the result of an ended run. A cancelled or terminated batch has none. */
async function readEnd(client: Client, name: string): Promise<Partial<BatchSnapshot>> {
  try {
    return summaryOf(
      (await client.workflow.getHandle(fullBatchId(name)).result()) as VideoBatchResult,
    );
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (!(cause instanceof ApplicationFailure)) {
      return cause?.name === 'CancelledFailure'
        ? {}
        : { failure: { message: cause?.message ?? error.message } };
    }
    const [details] = cause.details ?? [];
    const summary = cause.type === batchRowsFailed ? summaryOf(details as VideoBatchResult) : {};
    return { ...summary, failure: { message: cause.message } };
  }
}

function summaryOf({ rows, counts, origins, retryable, results }: VideoBatchResult) {
  const folder = results.jsonl.replace(/\/[^/]+$/, '');
  return { rows, counts, origins: readOrigins(origins), retryable, folder };
}

async function countByPhase(
  client: Client,
  batchId: string,
): Promise<NonNullable<BatchSnapshot['videos']>> {
  const ofThis = `RootWorkflowId = '${batchId}' AND WorkflowType = '${workflowTypes.generate}'`;
  const counts = await Promise.all(
    videoPhases.map(async (phase) => {
      const isOpen = `ExecutionStatus = 'Running' AND VideoPhase = '${phase}'`;
      const { count } = await client.workflow.count(`${ofThis} AND ${isOpen}`);
      return [phase, count] as const;
    }),
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

async function query<T extends Pick<PartitionTally, 'origins'>>(
  client: Client,
  workflowId: string,
): Promise<T | null> {
  try {
    const status = await client.withDeadline(Date.now() + queryTimeoutMs, () =>
      askRun<T>(client, workflowId, batchMessages.batchStatus),
    );
    return { ...status, origins: readOrigins(status.origins) };
  } catch {
    return null;
  }
}
