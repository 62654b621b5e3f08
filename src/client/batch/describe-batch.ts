import { WorkflowNotFoundError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import { batchIdPrefix, type VideoBatchInput } from '../../contract/batch.ts';
import { closedPhase } from '../../runs/run-index.ts';
import type { ListedBatch } from './batch-client.ts';
import { VideoClientError } from '../video-client-error.ts';

/** Adds the prefix of batch ids if it is missing. */
export function fullBatchId(name: string): string {
  return name.startsWith(batchIdPrefix) ? name : batchIdPrefix + name;
}

/** Describes the newest run of a batch. @throws {VideoClientError} `not_found` */
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

/** The input of a batch, from its memo; undefined if it was started without one. */
export function inputOf(info: Pick<WorkflowExecutionInfo, 'memo'>): VideoBatchInput | undefined {
  return info.memo?.['batch'] as VideoBatchInput | undefined;
}

/** Reads a batch from the server's index. Needs no worker. */
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
