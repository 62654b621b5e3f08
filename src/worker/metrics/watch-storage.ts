import type { Logger, MetricMeter } from '@temporalio/common';
import { gauge } from '../../contract/metrics.ts';
import { isVideoKey, videoPrefix } from '../../identity/object-key.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { repeat } from './repeat.ts';

/** Rare, because each update lists the storage, and in a bucket every thousand objects cost one request. */
const everyMs = 15 * 60_000;

export interface StorageWatchOptions {
  storage: Pick<VideoStorage, 'list' | 'leftovers' | 'space'>;
  meter: MetricMeter;
  logger: Logger;
}

/**
 * Updates the gauges of the storage. Every worker of `video-download` exports the same values for a shared storage, so
 * read them with `max`.
 *
 * @returns A function that ends it.
 */
export function watchStorage(options: StorageWatchOptions): () => void {
  return repeat(() => readStorage(options), {
    everyMs,
    onError: (error) => options.logger.warn('Cannot update the gauges of the storage', { error }),
  });
}

/** Lists names and sizes only, without reading sidecars. @throws {StorageError} */
export async function readStorage({
  storage,
  meter,
}: Omit<StorageWatchOptions, 'logger'>): Promise<void> {
  const space = await storage.space();
  if (space) gauge(meter, 'onetake_storage_free_bytes', { value: space.freeBytes });
  const videos = await totalVideos(storage);
  const totals = Object.entries({ videos, unfinished: await storage.leftovers() });
  for (const [of, { count, sizeBytes }] of totals) {
    gauge(meter, 'onetake_storage_files', { of, value: count });
    gauge(meter, 'onetake_storage_bytes', { of, value: sizeBytes });
  }
}

async function totalVideos(storage: Pick<VideoStorage, 'list'>) {
  const total = { count: 0, sizeBytes: 0 };
  for await (const { key, sizeBytes } of storage.list(videoPrefix)) {
    if (!isVideoKey(key)) continue;
    total.count += 1;
    total.sizeBytes += sizeBytes;
  }
  return total;
}
