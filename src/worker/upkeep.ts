import type { Client } from '@temporalio/client';
import { Runtime, type WorkerDeploymentOptions } from '@temporalio/worker';
import { admissionId } from '../identity/admission-id.ts';
import { demandClaimsStorage } from './claims-storage.ts';
import type { gatewayConfig } from '../config/gateway-config.ts';
import type { storageConfig } from '../config/storage-config.ts';
import type { workerConfig } from '../config/worker-config.ts';
import { abandonedAfterMs } from '../contract/retention.ts';
import { repeat } from './metrics/repeat.ts';
import { watchState } from './metrics/watch-state.ts';
import { watchStorage } from './metrics/watch-storage.ts';
import type { operateConfig } from '../config/operate-config.ts';
import { packClaims } from '../storage/claims/pack-claims.ts';
import { storagePlace } from '../storage/create-storage.ts';
import { removeOldTimings } from '../storage/records/job-timings.ts';
import { createWebhookEvents } from '../storage/records/webhook-events.ts';
import type { VideoStorage } from '../storage/video-storage.ts';

/** A turn packs one day at most, and lists the packs. */
const packEveryMs = 3_600_000;

/** The worker deployment of `WORKER_BUILD_ID`; workers of all queues belong to it. */
const deploymentName = 'onetake';

export interface Watched {
  gateway: ReturnType<typeof gatewayConfig>;
  operate: ReturnType<typeof operateConfig>;
  worker: ReturnType<typeof workerConfig>;
}

/** With metrics enabled: on workers of workflows for all videos, on workers of downloads for the storage. */
export function watch(
  { gateway, operate, worker }: Watched,
  { client, storage }: { client: Client; storage: VideoStorage },
): () => void {
  if (!operate.metrics) return () => {};
  const { metricMeter: meter, logger } = Runtime.instance();
  const id = accountOf(gateway);
  const stops: (() => void)[] = [];
  if (worker.queues.includes('workflows')) {
    stops.push(watchState({ client, meter, logger, admissionId: id }));
  }
  if (worker.queues.includes('download')) stops.push(watchStorage({ storage, meter, logger }));
  return () => stops.forEach((stop) => stop());
}

/**
 * Checked for all queues, because all of them read or write claims, owners of jobs, limits, counts or videos. With
 * other claims, paid videos would be paid again. A worker with another API key has another admission, which may not exist.
 *
 * @throws {OtherStorage}
 */
export async function demandOwnClaims(
  { gateway, storage }: Pick<Watched, 'gateway'> & { storage: ReturnType<typeof storageConfig> },
  { client, storageId }: { client: Client; storageId: string },
): Promise<void> {
  const account = accountOf(gateway);
  await demandClaimsStorage(client, { account, storageId, place: storagePlace(storage) });
}

/** Workflow id of the admission. */
function accountOf({ baseUrl, apiKey: key }: Watched['gateway']): string {
  return admissionId({ gateway: new URL(baseUrl).origin, key });
}

/** On workers of workflows, which count the claims of a new admission. Returns a function that ends it. */
export function packPastClaims(
  { worker }: Pick<Watched, 'worker'>,
  { storage, onProgress }: { storage: VideoStorage; onProgress: (line: string) => void },
): () => void {
  if (!worker.queues.includes('workflows')) return () => {};
  const onError = (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    onProgress(`cannot pack the claims of past days: ${reason}`);
  };
  return repeat(async () => void (await packClaims({ storage, nowMs: Date.now() })), {
    everyMs: packEveryMs,
    onError,
  });
}

/** Runs in the background, so that a large bucket or a failure does not delay videos. */
export async function removeLeftovers(
  storage: VideoStorage,
  onProgress: (line: string) => void,
): Promise<void> {
  try {
    await createWebhookEvents({ storage }).removeOld();
    await removeOldTimings({ storage });
    const { count, sizeBytes } = await storage.sweep({ untouchedMs: abandonedAfterMs });
    if (count > 0) onProgress(`deleted ${count} abandoned unfinished files, ${sizeBytes} bytes`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onProgress(`cannot delete abandoned unfinished files: ${reason}`);
  }
}

/**
 * On all queues: an activity goes to the build of its run if that build polls the queue, otherwise to the current
 * build. Workflows are pinned by default (docs/decisions/0009-versions.md).
 */
export function versioning({ buildId }: Watched['operate']) {
  if (buildId === undefined) return {};
  const workerDeploymentOptions: WorkerDeploymentOptions = {
    version: { deploymentName, buildId },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'PINNED',
  };
  return { workerDeploymentOptions };
}
