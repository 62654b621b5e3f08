import type { Client } from '@temporalio/client';
import { actOnBatch, cancelBatch, retryBatch } from './act-on-batch.ts';
import type { BatchClient } from './batch-client.ts';
import { listBatches } from './list-batches.ts';
import { lookUpRows } from './look-up-rows.ts';
import { readBatch } from './read-batch.ts';
import { startBatch } from './start-batch.ts';
import { waitForBatch } from './wait-for-batch.ts';

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
