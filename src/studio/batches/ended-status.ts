import type { BatchClient, BatchSnapshot } from '../../client/batch/batch-client.ts';

/** An ended batch may be started again, from elsewhere too. */
const keptMs = 30_000;
const mostKept = 100;

/**
 * Reads statuses for pages that follow batches. The status of an ended batch is kept for half a minute, because each read
 * makes a worker replay its history.
 */
export function createStatusReader(
  batches: Pick<BatchClient, 'status'>,
  now: () => number,
): (name: string, options: { isFollowing: boolean }) => Promise<BatchSnapshot> {
  const ended = new Map<string, { status: BatchSnapshot; readAtMs: number }>();
  return async (name, { isFollowing }) => {
    const kept = ended.get(name);
    // A page that is opened is never old: it may show what an action did.
    if (isFollowing && kept && now() - kept.readAtMs < keptMs) return kept.status;
    ended.delete(name);
    const status = await batches.status(name);
    if (status.closedAt !== undefined) ended.set(name, { status, readAtMs: now() });
    const [oldest] = ended.keys();
    if (ended.size > mostKept && oldest !== undefined) ended.delete(oldest);
    return status;
  };
}
