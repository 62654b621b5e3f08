import { Client } from '@temporalio/client';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { activityWorker, workflowPolls } from './activity-worker.ts';
import { admissionId, gatewayAccount } from './admission-id.ts';
import { createAdmissionClient, createLeaveAdmission } from './activities/admission-client.ts';
import { createAdmittedSubmit, createRequestAdmission } from './activities/admitted-submit.ts';
import { createCloseUnsent } from './activities/close-unsent.ts';
import { createAwaitVideoChange } from './activities/await-video-change.ts';
import { createBatchActivities } from './activities/batch-activities.ts';
import { createCheckModel } from './activities/check-model.ts';
import { createCheckSpace } from './activities/check-space.ts';
import { createCancelRun } from './activities/cancel-run.ts';
import { createCheckHolders, createRunEnds } from './activities/check-holders.ts';
import { createCountSpent } from './activities/count-spent.ts';
import { createEarlierRuns } from './activities/earlier-runs.ts';
import { createLimitActivities } from './activities/keep-limits.ts';
import { createKnownPrices } from './activities/known-prices.ts';
import { createOtherVideos } from './activities/other-videos.ts';
import { createRecordAdopted } from './activities/record-adopted.ts';
import { createRemoveExpired } from './activities/remove-expired.ts';
import { createReconcileLedger } from './activities/reconcile-ledger.ts';
import { createReconcileSubmit } from './activities/reconcile-submit.ts';
import { createKeyedSubmit } from './activities/keyed-submit.ts';
import { createStoreVideo } from './activities/store-video.ts';
import { createSubmitVideo } from './activities/submit-video.ts';
import { createTakeJob } from './activities/take-job.ts';
import { createSweepStorage } from './activities/sweep-storage.ts';
import { workerDataConverter } from './codec/worker-data-converter.ts';
import type { codecConfig } from './codec-config.ts';
import type { gatewayConfig, storageConfig, temporalConfig, workerConfig } from './config.ts';
import type { VideoActivities } from './contract/activities.ts';
import type { AdmissionActivities } from './contract/admission.ts';
import type { BatchActivities } from './contract/batch.ts';
import type { LedgerActivities } from './contract/ledger-check.ts';
import type { RetentionActivities } from './contract/retention.ts';
import { shutdownGraceMs } from './contract/submit-times.ts';
import { taskQueues } from './contract/task-queues.ts';
import { createGateway } from './gateway/create-gateway.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { Readiness } from './health.ts';
import { measuredGateway } from './metrics/measured-gateway.ts';
import { currentModel, noteModel } from './metrics/model-label.ts';
import { createVideoServiceHandler } from './nexus/video-service-handler.ts';
import type { operateConfig } from './operate-config.ts';
import { ensureSearchAttributes } from './search-attribute-setup.ts';
import { nativeProxy } from './egress/temporal-proxy.ts';
import { createStorage } from './storage/create-storage.ts';
import { storageIdOf } from './storage/storage-id.ts';
import { createJobOwners } from './storage/job-owners.ts';
import { createKeptLimits } from './storage/kept-limits.ts';
import { createStoredImages } from './storage/stored-images.ts';
import { createSubmitThrottle } from './storage/submit-throttle.ts';
import { createSubmitClaims } from './storage/submit-claims.ts';
import type { VideoStorage } from './storage/video-storage.ts';
import { workerTracing, type WorkerTracing } from './tracing/worker-tracing.ts';
import { demandOwnClaims, removeLeftovers, versioning, watch } from './worker-upkeep.ts';
import { createReadiness } from './worker-readiness.ts';
import { workflowCode, workflowModules } from './workflow-code.ts';

/**
 * How long a workflow task waits for the worker that holds the run in memory before any other takes it; the default of
 * 10 s is what a person would wait after a worker's death. Reading a history of this size again costs milliseconds.
 */
const stickyQueueScheduleToStartTimeout = '2s';

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
    void removeLeftovers(storage, onProgress);
    const stopWatching = watch(options, { client, storage });
    return {
      run: async () => {
        await Promise.all(workers.map((worker) => worker.run())).finally(stopWatching);
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

type Activities = VideoActivities &
  AdmissionActivities &
  LedgerActivities & { batch: BatchActivities; retention: RetentionActivities };

interface Resources {
  storage: VideoStorage;
  storageId: string;
  tracing: WorkerTracing;
}

function createActivities(
  options: VideoWorkerOptions,
  { storage, storageId, tracing }: Resources,
): Activities {
  const { speed, schedule, deadlineMs, maxBytes, checks, host } = options.worker;
  const gateway = openGateway(options, tracing);
  const claims = createSubmitClaims({ storage });
  const owners = createJobOwners({ storage, gateway: gateway.origin });
  const images = createStoredImages({ storage });
  const key = options.gateway.apiKey;
  const throttle = createSubmitThrottle({ storage, gateway: gateway.origin, key });
  const others = createOtherVideos();
  const earlierRuns = createEarlierRuns();
  const account = admissionId({ gateway: gateway.origin, key });
  const admission = createAdmissionClient({ id: account, storageId });
  const checkSpace = createCheckSpace({ storage, maxBytes });
  const payer = gatewayAccount({ gateway: gateway.origin, ...options.gateway });
  const shared = { gateway, account: payer, storage };
  const ports = { ...shared, claims, owners, images, throttle, earlierRuns, checkSpace };
  const checkModel = options.worker.checksModels && createCheckModel({ ...shared, claims });
  const own = options.worker.prices;
  const prices = createKnownPrices({ gateway, storage, account, own });
  const asked = { ...options.worker, admission, claims, prices };
  const asking = checkModel ? { ...asked, checkModel } : asked;
  const post = createSubmitVideo({ ...ports, deadlineMs, host });
  const submitVideo = createAdmittedSubmit({ ...asking, submitVideo: post });
  return {
    requestAdmission: createRequestAdmission(asking),
    submitVideo: createKeyedSubmit({ ...ports, submitVideo, deadlineMs, host }),
    closeUnsent: createCloseUnsent({ claims, storageId }),
    leaveAdmission: createLeaveAdmission(account),
    checkHolders: createCheckHolders({ runs: createRunEnds(), claims }),
    countSpent: createCountSpent({ claims }),
    ...createLimitActivities({ limits: createKeptLimits({ storage }) }),
    checkLedger: createReconcileLedger({ gateway, storage, account, others }),
    reconcileSubmit: createReconcileSubmit({ ...options.worker, gateway, claims, owners, others }),
    takeJob: createTakeJob({ owners }),
    recordAdopted: createRecordAdopted({ gateway, claims, owners }),
    awaitVideoChange: createAwaitVideoChange({ ...shared, claims, schedule, speed }),
    storeVideo: createStoreVideo({ ...shared, maxBytes, checks }),
    batch: createBatchActivities({ storage }),
    retention: {
      sweepStorage: createSweepStorage({ storage }),
      removeExpired: createRemoveExpired({ storage }),
    },
  };
}

function openGateway({ gateway }: VideoWorkerOptions, { exchange }: WorkerTracing): Gateway {
  const meter = Runtime.instance().metricMeter;
  const opened = createGateway(gateway);
  return measuredGateway({ gateway: opened, meter, model: currentModel, exchange });
}

function workerOptions(activities: Activities, options: VideoWorkerOptions): WorkerOptions[] {
  const { requestAdmission, submitVideo, closeUnsent } = activities;
  const { reconcileSubmit, recordAdopted, awaitVideoChange, storeVideo } = activities;
  const { leaveAdmission, checkHolders, countSpent, loadLimits, keepLimits } = activities;
  const { takeJob, checkLedger, batch, retention } = activities;
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
  } satisfies Record<keyof typeof taskQueues, WorkerOptions>;
  return options.worker.queues.map((queue) => all[queue]);
}
