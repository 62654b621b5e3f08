import { spendingPrefix } from '../../identity/object-key.ts';
import { StorageError } from '../../storage/storage-error.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';

/** Quotes and reservations count for a day at most. */
const keptMs = 3 * 86_400_000;
const betweenMs = 3_600_000;

/** Removes quotes and reservations that no longer count, at most once an hour. Never fails: it is only tidying. */
export function expiredOffers(
  storage: Pick<VideoStorage, 'list' | 'remove'>,
  now: () => number,
): () => Promise<void> {
  let lastAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (now() - lastAt < betweenMs) return;
    lastAt = now();
    try {
      for await (const { key, modifiedAt } of storage.list(spendingPrefix)) {
        if (modifiedAt < now() - keptMs) await storage.remove(key);
      }
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
    }
  };
}
