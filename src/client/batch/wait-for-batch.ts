import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { BatchOutcome, WaitForBatchOptions } from './batch-client.ts';
import { readBatch } from './read-batch.ts';

const defaultIntervalMs = 1_000;

export async function waitForBatch(
  client: Client,
  name: string,
  { timeoutMs, onStatus, intervalMs = defaultIntervalMs, signal }: WaitForBatchOptions = {},
): Promise<BatchOutcome> {
  const until = timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeoutMs;
  for (;;) {
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
