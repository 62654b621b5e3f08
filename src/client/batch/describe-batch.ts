import { WorkflowNotFoundError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import { batchIdPrefix, type VideoBatchInput } from '../../contract/batch.ts';
import { closedPhase } from '../../runs/run-index.ts';
import type { ListedBatch } from './batch-client.ts';
import { VideoClientError } from '../video-client-error.ts';

/** Callers may leave the prefix away. */
export function fullBatchId(name: string): string {
  return name.startsWith(batchIdPrefix) ? name : batchIdPrefix + name;
}

/** @throws {VideoClientError} `not_found` */
export async function describeBatch(client: Client, name: string) {
  const batchId = fullBatchId(name);
  try {
    return await client.workflow.getHandle(batchId).describe();
  } catch (cause) {
    if (!(cause instanceof WorkflowNotFoundError)) throw cause;
    const message = `There is no batch "${batchName(batchId)}"; \`onetake batch list\` shows all`;
    throw new VideoClientError('not_found', message, { cause });
  }
}

/** What it was started with, as its memo keeps it for whoever starts it again. */
export function inputOf(info: Pick<WorkflowExecutionInfo, 'memo'>): VideoBatchInput | undefined {
  return info.memo?.['batch'] as VideoBatchInput | undefined;
}

/** What the server's index knows of a run, without any worker. */
export function batchFromIndex(info: Omit<WorkflowExecutionInfo, 'raw'>): ListedBatch {
  const closed = closedPhase(info);
  return {
    name: batchName(info.workflowId),
    runId: info.runId,
    phase: closed === 'stored' ? 'done' : (closed ?? 'running'),
    startedAt: info.startTime.toISOString(),
    ...(info.closeTime && { closedAt: info.closeTime.toISOString() }),
  };
}

function batchName(batchId: string): string {
  return batchId.slice(batchIdPrefix.length);
}
