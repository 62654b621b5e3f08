import type { Client } from '@temporalio/client';
import { Runtime } from '@temporalio/worker';
import { admissionId } from './admission-id.ts';
import type { gatewayConfig, workerConfig } from './config.ts';
import { abandonedAfterMs } from './contract/retention.ts';
import { watchState } from './metrics/watch-state.ts';
import { watchStorage } from './metrics/watch-storage.ts';
import type { operateConfig } from './operate-config.ts';
import type { VideoStorage } from './storage/video-storage.ts';

export interface Watched {
  gateway: ReturnType<typeof gatewayConfig>;
  operate: ReturnType<typeof operateConfig>;
  worker: ReturnType<typeof workerConfig>;
}

/** Where somebody reads the metrics: by the workers that the admission lives on, and by those that write the storage. */
export function watch(
  { gateway, operate, worker }: Watched,
  { client, storage }: { client: Client; storage: VideoStorage },
): () => void {
  if (!operate.metrics) return () => {};
  const { metricMeter: meter, logger } = Runtime.instance();
  const { origin } = new URL(gateway.baseUrl);
  const id = admissionId({ gateway: origin, key: gateway.apiKey });
  const stops: (() => void)[] = [];
  if (worker.queues.includes('workflows')) {
    stops.push(watchState({ client, meter, logger, admissionId: id }));
  }
  if (worker.queues.includes('download')) stops.push(watchStorage({ storage, meter, logger }));
  return () => stops.forEach((stop) => stop());
}

/** In the background: neither a large bucket nor a failure keeps videos waiting. */
export async function removeLeftovers(
  storage: VideoStorage,
  onProgress: (line: string) => void,
): Promise<void> {
  try {
    const { count, sizeBytes } = await storage.sweep({ untouchedMs: abandonedAfterMs });
    if (count > 0) onProgress(`removed ${count} abandoned unfinished files, ${sizeBytes} bytes`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onProgress(`abandoned unfinished files could not be removed: ${reason}`);
  }
}
