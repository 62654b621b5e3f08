import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { actOnBatch, cancelBatch, retryBatch } from './act-on-batch.ts';
import type {
  BatchClient,
  ListedBatch,
  BatchOutcome,
  WaitForBatchOptions,
} from './batch-client.ts';
import { lookUpRows } from './look-up-rows.ts';
import { readBatch } from './read-batch.ts';
import { startBatch } from './start-batch.ts';
import { batchWorkflowTypes } from '../../contract/batch.ts';
import { batchFromIndex, describeBatch } from './describe-batch.ts';

/** Implements {@link BatchClient} on Temporal's client. */
export function createBatchClient(client: Client): BatchClient {
  return {
    start: (batch) => startBatch(client, batch),
    lookUp: (rows) => lookUpRows(client, rows),
    status: (name) => readBatch(client, name),
    wait: (name, options) => waitForBatch(client, name, options),
    pause: (name) => actOnBatch(client, name, 'pauseBatch'),
    resume: (name) => actOnBatch(client, name, 'resumeBatch'),
    retryFailed: (name) => retryBatch(client, name),
    keep: (name) => actOnBatch(client, name, 'keepBatch'),
    cancel: (name) => cancelBatch(client, name),
    list: (filter) => listBatches(client, filter),
  };
}

const defaultLimit = 50;

async function listBatches(
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

const defaultIntervalMs = 1_000;

async function waitForBatch(
  client: Client,
  name: string,
  { timeoutMs, onStatus, intervalMs = defaultIntervalMs, signal }: WaitForBatchOptions = {},
): Promise<BatchOutcome> {
  const until = timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeoutMs;
  for (;;) {
    // Only a closed batch, or a caller that shows the status, needs a query of the run.
    const isOpen = (await describeBatch(client, name)).closeTime === undefined;
    const isLast = Date.now() >= until;
    if (isOpen && !onStatus && !isLast) {
      await sleep(Math.min(intervalMs, until - Date.now()), undefined, {
        ...(signal && { signal }),
      });
      continue;
    }
    const status = await readBatch(client, name);
    onStatus?.(status);
    if (status.closedAt !== undefined) {
      if (status.phase === 'cancelled') return { outcome: 'cancelled', status };
      return { outcome: status.failure ? 'failed' : 'done', status };
    }
    const leftMs = until - Date.now();
    if (leftMs <= 0) return { outcome: 'pending', status };
    await sleep(Math.min(intervalMs, leftMs), undefined, { ...(signal && { signal }) });
  }
}
