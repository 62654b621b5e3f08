import pLimit from 'p-limit';
import type { BatchClient, BatchSnapshot, ListedBatch } from '../../client/batch/batch-client.ts';

/** A batch of the list, with its status if it was read. */
export interface SeenBatch extends ListedBatch {
  status: BatchSnapshot | null;
}

const mostListed = 100;
/** Each status of an ended batch makes a worker read its history, so only those of the newest are read, once. */
const mostEndedRead = 20;
const mostKept = 200;
const atOnce = 5;

/** Lists batches with their status, running ones first. Ended batches do not change, so their status is kept. */
export function createBatchList(batches: Pick<BatchClient, 'list' | 'status'>) {
  const ended = new Map<string, BatchSnapshot>();
  const limit = pLimit(atOnce);
  const read = async ({ name, runId, closedAt }: ListedBatch): Promise<BatchSnapshot | null> => {
    const kept = ended.get(runId);
    if (kept) return kept;
    // A batch may end, or its server may not answer, while the list is read.
    const status = await limit(() => batches.status(name)).catch(() => null);
    const isFinal = closedAt !== undefined && status?.runId === runId && status.counts;
    if (isFinal) keep(ended, runId, status);
    return status?.runId === runId ? status : null;
  };
  return async (): Promise<SeenBatch[]> => {
    const listed = await batches.list({ limit: mostListed });
    const running = listed.filter(({ closedAt }) => closedAt === undefined);
    const closed = listed.filter(({ closedAt }) => closedAt !== undefined);
    const seen = [...running, ...closed].map(async (batch, index) => {
      const isRead = index < running.length + mostEndedRead || ended.has(batch.runId);
      return { ...batch, status: isRead ? await read(batch) : null };
    });
    return Promise.all(seen);
  };
}

function keep(ended: Map<string, BatchSnapshot>, runId: string, status: BatchSnapshot): void {
  ended.set(runId, status);
  const [oldest] = ended.keys();
  if (ended.size > mostKept && oldest !== undefined) ended.delete(oldest);
}
