import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { admissionId } from './admission-id.ts';
import { createAdmissionClient, createLeaveAdmission } from './activities/admission-client.ts';
import { createAdmittedSubmit } from './activities/admitted-submit.ts';
import { createAwaitVideoChange } from './activities/await-video-change.ts';
import { createBatchActivities } from './activities/batch-activities.ts';
import { createCheckSpace } from './activities/check-space.ts';
import { createCheckHolders, createRunEnds } from './activities/check-holders.ts';
import { createCountSpent } from './activities/count-spent.ts';
import { createEarlierRuns } from './activities/earlier-runs.ts';
import { createOtherVideos } from './activities/other-videos.ts';
import { createRecordAdopted } from './activities/record-adopted.ts';
import { createRemoveExpired } from './activities/remove-expired.ts';
import { createReconcileLedger } from './activities/reconcile-ledger.ts';
import { createReconcileSubmit } from './activities/reconcile-submit.ts';
import { createStoreVideo } from './activities/store-video.ts';
import { createSubmitVideo } from './activities/submit-video.ts';
import { createSweepStorage } from './activities/sweep-storage.ts';
import { workerDataConverter } from './codec/worker-data-converter.ts';
import {
  ConfigError,
  type codecConfig,
  type gatewayConfig,
  type storageConfig,
  type temporalConfig,
  type workerConfig,
} from './config.ts';
import type { VideoActivities } from './contract/activities.ts';
import type { AdmissionActivities } from './contract/admission.ts';
import type { BatchActivities } from './contract/batch.ts';
import type { LedgerActivities } from './contract/ledger-check.ts';
import { abandonedAfterMs, type RetentionActivities } from './contract/retention.ts';
import { taskQueues } from './contract/task-queues.ts';
import { createGateway } from './gateway/gateway.ts';
import type { Readiness } from './health.ts';
import { measuredGateway } from './metrics/measured-gateway.ts';
import { currentModel, noteModel } from './metrics/model-label.ts';
import { watchState } from './metrics/watch-state.ts';
import { createVideoServiceHandler } from './nexus/video-service-handler.ts';
import type { operateConfig } from './operate-config.ts';
import { ensureSearchAttributes } from './search-attribute-setup.ts';
import { createStorage } from './storage/create-storage.ts';
import { createStoredImages } from './storage/stored-images.ts';
import { createSubmitThrottle } from './storage/submit-throttle.ts';
import { createSubmitClaims } from './storage/submit-claims.ts';
import type { VideoStorage } from './storage/video-storage.ts';
import { createReadiness } from './worker-readiness.ts';

/** Above the HTTP limit of a submit (180 s): a deploy must not make a paid request's outcome unknown. */
const shutdownGraceTime = '190s';
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
  codec: ReturnType<typeof codecConfig>;
  operate: ReturnType<typeof operateConfig>;
  /** Told what the worker did by itself at its start: registered search attributes, removed what was left over. */
  onProgress?: (line: string) => void;
}

export interface VideoWorker {
  /** Runs until `shutdown()` or SIGTERM, SIGINT; a running submit may finish first. */
  run(): Promise<void>;
  shutdown(): void;
  /** Not ready from the moment on that a shutdown is asked for. */
  readiness(): Promise<Readiness>;
}

/** The worker of all four task queues: config → gateway, storage → activities → Temporal. */
export async function createVideoWorker(options: VideoWorkerOptions): Promise<VideoWorker> {
  const { temporal, onProgress = () => {} } = options;
  const storage = await createStorage(options.storage);
  const activities = createActivities(options, storage);
  await storage.check();
  const connection = await NativeConnection.connect(temporal.connectionOptions);
  try {
    const registered = await ensureSearchAttributes({ connection, namespace: temporal.namespace });
    if (registered.length > 0) onProgress(`registered search attributes ${registered.join(', ')}`);
    const dataConverter = workerDataConverter(options.codec.keys);
    const { namespace } = temporal;
    const interceptors = { activity: [() => ({ inbound: noteModel })] };
    const base = { connection, namespace, shutdownGraceTime, dataConverter, interceptors } as const;
    const workers = await Promise.all(
      workerOptions(activities, options).map((worker) => Worker.create({ ...base, ...worker })),
    );
    void removeLeftovers(storage, onProgress);
    const stopWatching = watchVideos(options, new Client({ connection, namespace, dataConverter }));
    return {
      run: async () => {
        await Promise.all(workers.map((worker) => worker.run())).finally(stopWatching);
        await connection.close();
      },
      shutdown: () => workers.forEach((worker) => worker.shutdown()),
      readiness: createReadiness({ workers, connection, storage }),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Where somebody reads the metrics, and by the workers that the admission lives on. */
function watchVideos({ gateway, operate, worker }: VideoWorkerOptions, client: Client): () => void {
  if (!operate.metrics || !worker.queues.includes('workflows')) return () => {};
  const { metricMeter: meter, logger } = Runtime.instance();
  const { origin } = new URL(gateway.baseUrl);
  const id = admissionId({ gateway: origin, key: gateway.apiKey });
  return watchState({ client, meter, logger, admissionId: id });
}

/** In the background: neither a large bucket nor a failure keeps videos waiting. */
async function removeLeftovers(
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

type Activities = VideoActivities &
  AdmissionActivities &
  LedgerActivities & { batch: BatchActivities; retention: RetentionActivities };

function createActivities(options: VideoWorkerOptions, storage: VideoStorage): Activities {
  const { speed, schedule, deadlineMs, maxBytes, checks, witness } = options.worker;
  const gateway = measuredGateway({
    gateway: createGateway(options.gateway),
    meter: Runtime.instance().metricMeter,
    model: currentModel,
  });
  const claims = createSubmitClaims({ storage });
  const images = createStoredImages({ storage });
  const key = options.gateway.apiKey;
  const throttle = createSubmitThrottle({ storage, gateway: gateway.origin, key });
  const others = createOtherVideos();
  const earlierRuns = createEarlierRuns();
  const account = admissionId({ gateway: gateway.origin, key });
  const admission = createAdmissionClient({ id: account });
  const checkSpace = createCheckSpace({ storage, maxBytes });
  const ports = { gateway, claims, images, throttle, earlierRuns, storage, checkSpace };
  const submitVideo = createSubmitVideo({ ...ports, witness, deadlineMs });
  return {
    submitVideo: createAdmittedSubmit({ ...options.worker, submitVideo, admission, claims }),
    leaveAdmission: createLeaveAdmission({ admission }),
    checkHolders: createCheckHolders({ runs: createRunEnds(), claims }),
    countSpent: createCountSpent({ claims }),
    checkLedger: createReconcileLedger({ gateway, storage, account, others }),
    reconcileSubmit: createReconcileSubmit({ gateway, claims, witness, others }),
    recordAdopted: createRecordAdopted({ gateway, claims }),
    awaitVideoChange: createAwaitVideoChange({ gateway, schedule, speed }),
    storeVideo: createStoreVideo({ gateway, storage, maxBytes, checks }),
    batch: createBatchActivities({ storage }),
    retention: {
      sweepStorage: createSweepStorage({ storage }),
      removeExpired: createRemoveExpired({ storage }),
    },
  };
}

function workerOptions(activities: Activities, options: VideoWorkerOptions): WorkerOptions[] {
  const { submitVideo, reconcileSubmit, recordAdopted, awaitVideoChange, storeVideo } = activities;
  const { leaveAdmission, checkHolders, countSpent, checkLedger, batch, retention } = activities;
  const { slots } = options.operate;
  const all = {
    workflows: {
      taskQueue: taskQueues.workflows,
      stickyQueueScheduleToStartTimeout,
      activities: { leaveAdmission, checkHolders, countSpent },
      nexusServices: [createVideoServiceHandler()],
      ...workflowCode(options),
    },
    submit: activityWorker(taskQueues.submit, { submitVideo }, slots.submit),
    poll: activityWorker(
      taskQueues.poll,
      { awaitVideoChange, reconcileSubmit, recordAdopted, checkLedger, ...batch, ...retention },
      slots.poll,
    ),
    download: activityWorker(taskQueues.download, { storeVideo }, slots.download),
  } satisfies Record<keyof typeof taskQueues, WorkerOptions>;
  return options.worker.queues.map((queue) => all[queue]);
}

/** A bundle that was made beforehand, or the sources, which the worker bundles at its start. */
function workflowCode({ worker, codec }: VideoWorkerOptions) {
  const encrypts = codec.keys.length > 0;
  const codePath = worker.workflowBundle ?? prebuiltBundle({ encrypts });
  if (codePath === undefined) {
    return { workflowsPath: fileURLToPath(new URL('./workflows', import.meta.url)) };
  }
  if (encrypts && !readFileSync(codePath, 'utf8').includes('workflows/failure-converter')) {
    throw new ConfigError(
      `WORKFLOW_BUNDLE "${codePath}" would write failures in the clear, but PAYLOAD_KEYS is set: use workflow-bundle-encrypting.js`,
    );
  }
  return { workflowBundle: { codePath } };
}

/** The build puts them beside this file (tools/build.ts); from source there are none. */
function prebuiltBundle({ encrypts }: { encrypts: boolean }): string | undefined {
  const name = encrypts ? 'workflow-bundle-encrypting.js' : 'workflow-bundle.js';
  const path = fileURLToPath(new URL(`./${name}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}

function activityWorker(
  taskQueue: string,
  activities: WorkerOptions['activities'] & object,
  maxConcurrentActivityTaskExecutions: number,
): WorkerOptions {
  return {
    taskQueue,
    activities,
    maxConcurrentActivityTaskExecutions,
    maxHeartbeatThrottleInterval: heartbeatThrottle,
  };
}
