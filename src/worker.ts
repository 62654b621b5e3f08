import { Client } from '@temporalio/client';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { activityWorker, workflowPolls } from './worker/activity-worker.ts';
import { createCancelRun } from './activities/cancel-run.ts';
import { workerDataConverter } from './codec/worker-data-converter.ts';
import type { codecConfig } from './config/codec-config.ts';
import type { gatewayConfig } from './config/gateway-config.ts';
import type { hooksConfig } from './config/hooks-config.ts';
import type { storageConfig } from './config/storage-config.ts';
import type { temporalConfig } from './config/temporal-config.ts';
import type { webhooksConfig } from './config/webhooks-config.ts';
import type { workerConfig } from './config/worker-config.ts';
import { shutdownGraceMs } from './contract/submit-times.ts';
import { taskQueues } from './contract/task-queues.ts';
import type { Readiness } from './worker/health.ts';
import { noteModel } from './worker/metrics/model-label.ts';
import { createVideoServiceHandler } from './nexus/video-service-handler.ts';
import type { operateConfig } from './config/operate-config.ts';
import { ensureSearchAttributes } from './worker/search-attribute-setup.ts';
import { nativeProxy } from './egress/temporal-proxy.ts';
import { openHooks } from './worker/hooks/open-hooks.ts';
import { createStorage } from './storage/create-storage.ts';
import type { VideoStorage } from './storage/video-storage.ts';
import { storageIdOf } from './storage/storage-id.ts';
import { workerTracing } from './worker/tracing/worker-tracing.ts';
import {
  demandOwnClaims,
  packPastClaims,
  removeLeftovers,
  versioning,
  watch,
} from './worker/upkeep.ts';
import { createReadiness } from './worker/readiness.ts';
import { workflowCode, workflowModules } from './worker/workflow-code.ts';
import { createActivities, type WorkerActivities } from './worker/create-activities.ts';

/**
 * How long a workflow task waits for the worker that has the run in memory. The default of 10 s would delay every run
 * after a worker died, and replaying a history of this size takes milliseconds.
 */
const stickyQueueScheduleToStartTimeout = '2s';

export interface VideoWorkerOptions {
  temporal: ReturnType<typeof temporalConfig>;
  gateway: ReturnType<typeof gatewayConfig>;
  storage: ReturnType<typeof storageConfig>;
  worker: ReturnType<typeof workerConfig>;
  codec: ReturnType<typeof codecConfig>;
  operate: ReturnType<typeof operateConfig>;
  webhooks: ReturnType<typeof webhooksConfig>;
  /** Default: no port for callbacks of the gateway, and no submit asks for one. */
  hooks?: ReturnType<typeof hooksConfig>;
  /** Called for actions at startup: registered search attributes, deleted leftovers. */
  onProgress?: (line: string) => void;
}

export interface VideoWorker {
  /** Runs until `shutdown()` or SIGTERM, SIGINT; a running submit may finish first. */
  run(): Promise<void>;
  shutdown(): void;
  /** Not ready once a shutdown is requested. */
  readiness(): Promise<Readiness>;
}

/** Creates the workers of the configured task queues, with their gateway, storage and activities. */
export async function createVideoWorker(options: VideoWorkerOptions): Promise<VideoWorker> {
  const { temporal, onProgress = () => {} } = options;
  const storage = await createStorage(options.storage);
  const tracing = await workerTracing(options.operate.traces);
  await storage.check();
  const storageId = await storageIdOf(storage);
  const activities = createActivities(options, { storage, storageId, tracing });
  const connection = await NativeConnection.connect({
    ...temporal.connectionOptions,
    ...(temporal.proxy && { proxy: nativeProxy(temporal.proxy) }),
  });
  try {
    const { namespace } = temporal;
    const registered = await ensureSearchAttributes({ connection, namespace });
    if (registered.length > 0) onProgress(`registered search attributes ${registered.join(', ')}`);
    const dataConverter = workerDataConverter(options.codec.keys);
    const client = new Client({ connection, namespace, dataConverter });
    await demandOwnClaims(options, { client, storageId });
    const interceptors = {
      activity: [() => ({ inbound: noteModel }), ...tracing.activity],
      workflowModules: workflowModules(options),
    };
    const base = {
      connection,
      namespace,
      shutdownGraceTime: shutdownGraceMs,
      dataConverter,
      interceptors,
      sinks: tracing.sinks,
      ...versioning(options.operate),
    } as const;
    const workers = await Promise.all(
      workerOptions(activities, options).map((worker) => Worker.create({ ...base, ...worker })),
    );
    const stopBeside = await startBeside(options, { client, storage });
    return {
      run: async () => {
        await runAll(workers, stopBeside);
        await connection.close();
        await tracing.shutdown();
      },
      shutdown: () => workers.forEach((worker) => worker.shutdown()),
      readiness: createReadiness({ workers, connection, storage }),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function runAll(workers: readonly Worker[], stopBeside: () => Promise<void>): Promise<void> {
  try {
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    await stopBeside();
  }
}

/**
 * Starts what runs beside the Temporal workers: the port for callbacks, the gauges, the packs of claims, the removal of leftovers.
 *
 * @returns Stops it; callbacks that have arrived are answered first.
 * @throws {RangeError} The port for callbacks is not available.
 */
async function startBeside(
  options: VideoWorkerOptions,
  { client, storage }: { client: Client; storage: VideoStorage },
): Promise<() => Promise<void>> {
  const hooks = await openHooks(options, { client, storage });
  const { onProgress = () => {} } = options;
  void removeLeftovers(storage, onProgress);
  const stopPacking = packPastClaims(options, { storage, onProgress });
  const stopWatching = watch(options, { client, storage });
  return async () => {
    stopPacking();
    stopWatching();
    await hooks?.stop();
  };
}

function workerOptions(activities: WorkerActivities, options: VideoWorkerOptions): WorkerOptions[] {
  const { requestAdmission, submitVideo, closeUnsent } = activities;
  const { reconcileSubmit, recordAdopted, awaitVideoChange, storeVideo } = activities;
  const { leaveAdmission, checkHolders, countSpent, loadLimits, keepLimits } = activities;
  const { takeJob, checkLedger, batch, retention, announceEvent, deliverWebhook } = activities;
  const all = {
    workflows: {
      taskQueue: taskQueues.workflows,
      stickyQueueScheduleToStartTimeout,
      activities: {
        leaveAdmission,
        checkHolders,
        countSpent,
        loadLimits,
        keepLimits,
        cancelRun: createCancelRun(),
        announceEvent,
      },
      nexusServices: [createVideoServiceHandler()],
      ...workflowPolls(options.operate),
      ...workflowCode(options),
    },
    submit: activityWorker(
      'submit',
      { requestAdmission, submitVideo, closeUnsent },
      options.operate,
    ),
    poll: activityWorker(
      'poll',
      {
        awaitVideoChange,
        reconcileSubmit,
        takeJob,
        recordAdopted,
        checkLedger,
        ...batch,
        ...retention,
      },
      options.operate,
    ),
    download: activityWorker('download', { storeVideo }, options.operate),
    webhooks: activityWorker('webhooks', { deliverWebhook }, options.operate),
  } satisfies Record<keyof typeof taskQueues, WorkerOptions>;
  return options.worker.queues.map((queue) => all[queue]);
}
