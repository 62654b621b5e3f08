/**
 * A separate process: runs the activity `storeVideo`, as a worker does, and reports its duration and its peak
 * memory above the start.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createStoreVideo } from '../../src/activities/deliver/store-video.ts';
import type { StoreVideoInput } from '../../src/contract/activities.ts';
import type { StoredVideo } from '../../src/contract/stored-video.ts';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { createStorage, type StorageConfig } from '../../src/storage/create-storage.ts';

export interface DownloadOrder {
  url: string;
  storage: StorageConfig;
  /** Videos that are downloaded at once. */
  count?: number;
}

export interface DownloadReport {
  seconds: number;
  sizeBytes: number;
  idleRssBytes: number;
  peakRssBytes: number;
}

process.once('message', (order: DownloadOrder) => {
  void download(order).then((report) => process.send?.(report, () => process.exit()));
});
process.send?.('ready');

async function download({ url, storage, count = 1 }: DownloadOrder): Promise<DownloadReport> {
  const origin = new URL(url).origin;
  const gateway = answered(createGateway({ baseUrl: origin, apiKey: 'sk-bench' }), url);
  const account = { gateway: origin, keyDigest: 'bench' };
  const options = { gateway, account, storage: await createStorage(storage) };
  const storeVideo = createStoreVideo({ ...options, maxBytes: 4 * 1024 ** 3 });
  const logger = new DefaultLogger('ERROR', () => {});
  const store = (index: number) => {
    const job = { format: 'generations', jobId: `task_${index}` } as const;
    const environment = new MockActivityEnvironment({ attempt: 1 }, { logger });
    const input = { job, videoId: `bench-${index}` };
    return environment.run<[StoreVideoInput], StoredVideo, typeof storeVideo>(storeVideo, input);
  };
  const idleRssBytes = process.memoryUsage.rss();
  forgetPeak();
  const begun = performance.now();
  const videos = await Promise.all(Array.from({ length: count }, (_, index) => store(index)));
  const sizeBytes = videos.reduce((sum, video) => sum + video.sizeBytes, 0);
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, sizeBytes, idleRssBytes, peakRssBytes: peakRss() };
}

/** A gateway without requests: the job has succeeded, and its video is at `url`. */
function answered(gateway: Gateway, url: string): Gateway {
  const status = { state: 'succeeded', noNews: false, reasonMissing: false } as const;
  return { ...gateway, status: () => Promise.resolve({ ...status, resultUrls: [url] }) };
}

/** @see man proc, /proc/pid/clear_refs: 5 resets the peak to the current use */
function forgetPeak(): void {
  writeFileSync('/proc/self/clear_refs', '5');
}

function peakRss(): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
