import { spendingPrefix } from '../../identity/object-key.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

/** Quotes and reservations count for a day at most. */
const keptMs = 3 * 86_400_000;
const betweenMs = 3_600_000;
const failedMs = 60_000;

/** Of one run. The next quote begins the next run. */
const maxRemoved = 1_000;

/**
 * Removes quotes and reservations that no longer count, at most once an hour. It runs beside the request that caused it,
 * and never fails: it is only tidying.
 */
export function expiredOffers(
  storage: Pick<VideoStorage, 'list' | 'remove'>,
  now: () => number,
): () => void {
  let isRunning = false;
  let nextAt = Number.NEGATIVE_INFINITY;
  const run = async () => {
    let left = maxRemoved;
    for await (const { key, modifiedAt } of storage.list(spendingPrefix)) {
      if (modifiedAt >= now() - keptMs) continue;
      if (left === 0) return;
      left -= 1;
      await storage.remove(key);
    }
    nextAt = now() + betweenMs;
  };
  return () => {
    if (isRunning || now() < nextAt) return;
    isRunning = true;
    void run()
      .catch(() => {
        nextAt = now() + failedMs;
      })
      .finally(() => {
        isRunning = false;
      });
  };
}
