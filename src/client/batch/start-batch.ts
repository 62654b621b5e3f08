import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
} from '@temporalio/client';
import { batchWorkflowTypes, type VideoBatchInput } from '../../contract/batch.ts';
import { taskQueues } from '../../contract/task-queues.ts';
import type { StartedBatch } from './batch-client.ts';
import { describeBatch, fullBatchId, inputOf } from './describe-batch.ts';
import { VideoClientError } from '../video-client-error.ts';

/**
 * Implements `BatchClient.start`.
 *
 * @param batchId Workflow id. Differs from the name if a batch is started again that a schedule had started.
 */
export async function startBatch(
  client: Client,
  batch: VideoBatchInput,
  { batchId = fullBatchId(checkedBatchName(batch.name)) }: { batchId?: string } = {},
): Promise<StartedBatch> {
  try {
    const handle = await client.workflow.start(batchWorkflowTypes.batch, {
      workflowId: batchId,
      ...batchStartOptions(batch),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    });
    return { batchId, runId: handle.firstExecutionRunId, outcome: 'started' };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  const found = await describeBatch(client, batchId);
  if (inputOf(found)?.manifest.key === batch.manifest.key) {
    return { batchId, runId: found.runId, outcome: 'joined' };
  }
  throw new VideoClientError(
    'key_conflict',
    `Batch "${batch.name}" is under way with another manifest: wait for it, cancel it, or use another name`,
  );
}

/** Start options that clients and schedules share. */
export function batchStartOptions(batch: VideoBatchInput) {
  return {
    taskQueue: taskQueues.workflows,
    args: [batch] as [VideoBatchInput],
    memo: { batch },
    staticSummary: `batch ${batch.name}`,
  };
}

/** Validates a name, which is part of object keys and workflow ids. @throws {VideoClientError} `invalid_request` */
export function checkedBatchName(name: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,79}$/.test(name)) return name;
  throw new VideoClientError(
    'invalid_request',
    `Cannot use the name "${name}": it must be up to 80 lower-case letters, digits, ".", "_" and "-"`,
  );
}
