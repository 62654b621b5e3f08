import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import { createAwaitVideoChange } from './activities/await-video-change.ts';
import { createEarlierRuns } from './activities/earlier-runs.ts';
import { createOtherVideos } from './activities/other-videos.ts';
import { createReconcileSubmit } from './activities/reconcile-submit.ts';
import { createStoreVideo } from './activities/store-video.ts';
import { createSubmitVideo } from './activities/submit-video.ts';
import type { gatewayConfig, storageConfig, temporalConfig, workerConfig } from './config.ts';
import type { VideoActivities } from './contract/activities.ts';
import { taskQueues } from './contract/task-queues.ts';
import { createGateway } from './gateway/gateway.ts';
import { ensureSearchAttributes } from './search-attribute-setup.ts';
import { createFileStorage } from './storage/file-storage.ts';
import { createStoredImages } from './storage/stored-images.ts';
import { createSubmitThrottle } from './storage/submit-throttle.ts';
import { createSubmitClaims } from './storage/submit-claims.ts';

/** Above the HTTP limit of a submit (180 s): a deploy must not make a paid request's outcome unknown. */
const shutdownGraceTime = '190s';
/** How many of each run at once in this process: polls only wait for HTTP, downloads share disk and network. */
const slots = { submit: 20, poll: 100, download: 4 };
/**
 * How long a workflow task waits for the worker that holds the run in memory before any other takes it; the default of
 * 10 s is what a person would wait after a worker's death. Reading a history of this size again costs milliseconds.
 */
const stickyQueueScheduleToStartTimeout = '2s';
/** The default, 80 % of the heartbeat timeout, would let a cancelled download run on for most of a minute. */
const heartbeatThrottle = '5s';

export interface VideoWorkerOptions {
  temporal: ReturnType<typeof temporalConfig>;
  gateway: ReturnType<typeof gatewayConfig>;
  storage: ReturnType<typeof storageConfig>;
  worker: ReturnType<typeof workerConfig>;
  /** Told once, when the worker is ready or has registered search attributes. */
  onProgress?: (line: string) => void;
}

export interface VideoWorker {
  /** Runs until `shutdown()` or SIGTERM, SIGINT; a running submit may finish first. */
  run(): Promise<void>;
  shutdown(): void;
}

/** The worker of all four task queues: config → gateway, storage → activities → Temporal. */
export async function createVideoWorker(options: VideoWorkerOptions): Promise<VideoWorker> {
  const { temporal, onProgress = () => {} } = options;
  const activities = createActivities(options);
  const storage = createFileStorage(options.storage);
  await storage.check();
  const connection = await NativeConnection.connect(temporal.connectionOptions);
  try {
    const registered = await ensureSearchAttributes({ connection, namespace: temporal.namespace });
    if (registered.length > 0) onProgress(`registered search attributes ${registered.join(', ')}`);
    const base = { connection, namespace: temporal.namespace, shutdownGraceTime } as const;
    const workers = await Promise.all(
      workerOptions(activities, options).map((worker) => Worker.create({ ...base, ...worker })),
    );
    return {
      run: () => Promise.all(workers.map((worker) => worker.run())).then(() => connection.close()),
      shutdown: () => workers.forEach((worker) => worker.shutdown()),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function createActivities(options: VideoWorkerOptions): VideoActivities {
  const { speed, schedule, deadlineMs, maxBytes, witness } = options.worker;
  const gateway = createGateway(options.gateway);
  const storage = createFileStorage(options.storage);
  const claims = createSubmitClaims({ storage });
  const images = createStoredImages({ storage });
  const key = options.gateway.apiKey;
  const throttle = createSubmitThrottle({ storage, gateway: gateway.origin, key });
  const others = createOtherVideos();
  return {
    submitVideo: createSubmitVideo({
      gateway,
      claims,
      images,
      throttle,
      earlierRuns: createEarlierRuns(),
      witness,
      deadlineMs,
    }),
    reconcileSubmit: createReconcileSubmit({ gateway, claims, witness, others }),
    awaitVideoChange: createAwaitVideoChange({ gateway, schedule, speed }),
    storeVideo: createStoreVideo({ gateway, storage, maxBytes }),
  };
}

function workerOptions(
  { submitVideo, reconcileSubmit, awaitVideoChange, storeVideo }: VideoActivities,
  { worker }: VideoWorkerOptions,
): WorkerOptions[] {
  const codePath = worker.workflowBundle ?? prebuiltBundle();
  const workflows = codePath
    ? { workflowBundle: { codePath } }
    : { workflowsPath: fileURLToPath(new URL('./workflows', import.meta.url)) };
  const all = {
    workflows: { taskQueue: taskQueues.workflows, stickyQueueScheduleToStartTimeout, ...workflows },
    submit: activityWorker(taskQueues.submit, { submitVideo }, slots.submit),
    poll: activityWorker(taskQueues.poll, { awaitVideoChange, reconcileSubmit }, slots.poll),
    download: activityWorker(taskQueues.download, { storeVideo }, slots.download),
  } satisfies Record<keyof typeof taskQueues, WorkerOptions>;
  return worker.queues.map((queue) => all[queue]);
}

/** The build puts it beside this file; from source there is none, and the worker bundles at its start. */
function prebuiltBundle(): string | undefined {
  const path = fileURLToPath(new URL('./workflow-bundle.js', import.meta.url));
  return existsSync(path) ? path : undefined;
}

function activityWorker(
  taskQueue: string,
  activities: Partial<VideoActivities>,
  maxConcurrentActivityTaskExecutions: number,
): WorkerOptions {
  return {
    taskQueue,
    activities,
    maxConcurrentActivityTaskExecutions,
    maxHeartbeatThrottleInterval: heartbeatThrottle,
  };
}
