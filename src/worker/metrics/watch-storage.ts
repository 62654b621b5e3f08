import type { Logger, MetricMeter } from '@temporalio/common';
import { gauge } from '../../contract/metrics.ts';
import { isVideoKey, videoPrefix } from '../../identity/object-key.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { repeat } from './repeat.ts';

/** Storage grows by hours; each look lists it, and of a bucket every thousand objects are a request that costs. */
const everyMs = 15 * 60_000;

export interface StorageWatchOptions {
  storage: Pick<VideoStorage, 'list' | 'leftovers' | 'space'>;
  meter: MetricMeter;
  logger: Logger;
}

/**
 * Keeps the gauges of the storage up to date. Every worker of `video-download` says the same of a storage that all
 * share, so read them with `max`.
 *
 * Gives what ends it.
 */
export function watchStorage(options: StorageWatchOptions): () => void {
  return repeat(() => readStorage(options), {
    everyMs,
    onError: (error) =>
      options.logger.warn('The gauges of the storage could not be brought up to date', { error }),
  });
}

/** One look: names and sizes alone, no sidecar is read. @throws {StorageError} */
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
