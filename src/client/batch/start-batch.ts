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

/** @param batchId Of a firing of a schedule that runs again: it has the name of the schedule, and an id of its own. */
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
    `Batch "${batch.name}" is under way with another manifest: wait for it or cancel it, or give this one another name`,
  );
}

/** What a run of a batch is started with, by a person or by a schedule. */
export function batchStartOptions(batch: VideoBatchInput) {
  return {
    taskQueue: taskQueues.workflows,
    args: [batch] as [VideoBatchInput],
    memo: { batch },
    staticSummary: `batch ${batch.name}`,
  };
}

/** The name is part of object keys and of workflow ids, where neither case nor other characters are safe. */
export function checkedBatchName(name: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,79}$/.test(name)) return name;
  throw new VideoClientError(
    'invalid_request',
    `Cannot use the name "${name}": it must be up to 80 lower-case letters, digits, ".", "_" and "-"`,
  );
}
