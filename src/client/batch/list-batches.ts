import type { Client } from '@temporalio/client';
import { batchWorkflowTypes } from '../../contract/batch.ts';
import type { ListedBatch } from './batch-client.ts';
import { batchFromIndex } from './describe-batch.ts';

const defaultLimit = 50;

export async function listBatches(
  client: Client,
  { limit = defaultLimit }: { limit?: number } = {},
): Promise<ListedBatch[]> {
  const batches: ListedBatch[] = [];
  const query = `WorkflowType = '${batchWorkflowTypes.batch}'`;
  for await (const info of client.workflow.list({ query })) {
    batches.push(batchFromIndex(info));
    if (batches.length >= limit) break;
  }
  return batches;
}
