import { Runtime } from '@temporalio/worker';
import { admissionId, gatewayAccount } from '../identity/admission-id.ts';
import { openAdmission, createLeaveAdmission } from '../activities/admission/admission-client.ts';
import {
  createAdmittedSubmit,
  createRequestAdmission,
} from '../activities/admission/request-admission.ts';
import { createAddressMemory } from '../activities/deliver/address-memory.ts';
import { createCloseUnsent } from '../activities/submit/close-unsent.ts';
import { createAwaitVideoChange } from '../activities/watch/await-video-change.ts';
import { createPollPlans } from '../activities/watch/poll-plans.ts';
import { createBatchActivities } from '../activities/batch/batch-activities.ts';
import { createCheckModel } from '../activities/submit/check-model.ts';
import { createCheckSpace } from '../activities/submit/check-space.ts';
import { createCheckHolders, createRunEnds } from '../activities/admission/check-holders.ts';
import { createCountSpent } from '../activities/admission/count-spent.ts';
import { createEarlierRuns } from '../activities/submit/earlier-runs.ts';
import { createLimitActivities } from '../activities/admission/keep-limits.ts';
import { createKnownPrices } from '../activities/admission/known-prices.ts';
import { createOtherVideos } from '../activities/resolve/other-videos.ts';
import { createRecordAdopted } from '../activities/resolve/record-adopted.ts';
import { createRemoveExpired } from '../activities/upkeep/remove-expired.ts';
import { createReconcileLedger } from '../activities/upkeep/reconcile-ledger.ts';
import { createReconcileSubmit } from '../activities/resolve/reconcile-submit.ts';
import { createOwnCallback } from '../activities/submit/own-callback.ts';
import { createKeyedSubmit } from '../activities/submit/keyed-submit.ts';
import { withExpectedTime } from '../activities/submit/expect-time.ts';
import { createStoreVideo } from '../activities/deliver/store-video.ts';
import { createSubmitVideo } from '../activities/submit/submit-video.ts';
import { createTakeJob } from '../activities/resolve/take-job.ts';
import { createSweepStorage } from '../activities/upkeep/sweep-storage.ts';
import type { gatewayConfig } from '../config/gateway-config.ts';
import type { webhooksConfig } from '../config/webhooks-config.ts';
import type { hooksConfig } from '../config/hooks-config.ts';
import type { workerConfig } from '../config/worker-config.ts';
import type { VideoActivities } from '../contract/activities.ts';
import type { AdmissionActivities } from '../contract/admission.ts';
import type { BatchActivities } from '../contract/batch.ts';
import type { LedgerActivities } from '../contract/ledger-check.ts';
import type { RetentionActivities } from '../contract/retention.ts';
import type { WebhookActivities } from '../contract/webhook.ts';
import { createGateway } from '../gateway/create-gateway.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { gatewayHookPath } from './hooks/receiver.ts';
import { measuredGateway } from './metrics/measured-gateway.ts';
import { currentModel } from './metrics/model-label.ts';
import { createCheckCallback } from '../storage/records/check-callback.ts';
import { createJobOwners } from '../storage/claims/job-owners.ts';
import { createJobTimings } from '../storage/records/job-timings.ts';
import { createKeptLimits } from '../storage/records/kept-limits.ts';
import { createWebhookEvents } from '../storage/records/webhook-events.ts';
import { createStoredImages } from '../storage/records/stored-images.ts';
import { createSubmitThrottle } from '../storage/records/submit-throttle.ts';
import { createSubmitClaims } from '../storage/claims/submit-claims.ts';
import type { VideoStorage } from '../storage/video-storage.ts';
import { openEndpoints, withWebhooks } from './webhook-activities.ts';
import type { WorkerTracing } from './tracing/worker-tracing.ts';

export type WorkerActivities = VideoActivities &
  AdmissionActivities &
  LedgerActivities &
  WebhookActivities & { batch: BatchActivities; retention: RetentionActivities };

export interface ActivitySettings {
  gateway: ReturnType<typeof gatewayConfig>;
  worker: ReturnType<typeof workerConfig>;
  webhooks: ReturnType<typeof webhooksConfig>;
  operate: { slots: { webhooks: number } };
  hooks?: ReturnType<typeof hooksConfig> | undefined;
}

interface Resources {
  storage: VideoStorage;
  storageId: string;
  tracing: WorkerTracing;
}

/** Creates the ports from settings, and the activities of all queues from the ports. */
export function createActivities(
  options: ActivitySettings,
  { storage, storageId, tracing }: Resources,
): WorkerActivities {
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
  const { admission, releases } = openAdmission({ id: account, storageId });
  const checkSpace = createCheckSpace({ storage, maxBytes });
  const payer = gatewayAccount({ gateway: gateway.origin, ...options.gateway });
  const shared = { gateway, account: payer, storage, addresses: createAddressMemory() };
  const ports = { ...shared, claims, owners, images, throttle, earlierRuns, checkSpace };
  const checkModel = options.worker.checksModels && createCheckModel({ ...shared, claims });
  const prices = createKnownPrices({ gateway, storage, account, own: options.worker.prices });
  const { checkCallback, callback } = openCallbacks(options, storage);
  const asked = { ...options.worker, admission, claims, prices, checkCallback };
  const asking = checkModel ? { ...asked, checkModel } : asked;
  const post = createSubmitVideo({ ...ports, checkCallback, callback, deadlineMs });
  const submitVideo = createAdmittedSubmit({ ...asking, submitVideo: post });
  const keyed = createKeyedSubmit({ ...ports, submitVideo, deadlineMs, host });
  const timings = createJobTimings({ storage, account });
  const plans = createPollPlans({ timings, speed });
  const leave = createLeaveAdmission(account, releases);
  return {
    requestAdmission: createRequestAdmission(asking),
    closeUnsent: createCloseUnsent({ claims, storageId }),
    leaveAdmission: leave,
    checkHolders: createCheckHolders({ runs: createRunEnds(), claims }),
    countSpent: createCountSpent({ claims }),
    ...createLimitActivities({ limits: createKeptLimits({ storage }) }),
    checkLedger: createReconcileLedger({ gateway, storage, account, others }),
    reconcileSubmit: createReconcileSubmit({ ...options.worker, gateway, claims, owners, others }),
    takeJob: createTakeJob({ owners }),
    recordAdopted: createRecordAdopted({ gateway, claims, owners }),
    awaitVideoChange: createAwaitVideoChange({ ...shared, claims, schedule, plans, speed, leave }),
    ...withWebhooks(options, storage, {
      submitVideo: withExpectedTime({ submitVideo: keyed, plans, host }),
      storeVideo: createStoreVideo({ ...shared, timings, maxBytes, checks }),
    }),
    batch: createBatchActivities({ storage }),
    retention: createRetention(storage),
  };
}

function createRetention(storage: VideoStorage): RetentionActivities {
  const events = createWebhookEvents({ storage });
  return {
    sweepStorage: createSweepStorage({ storage, events }),
    removeExpired: createRemoveExpired({ storage }),
  };
}

/** The callbacks of callers, which onetake makes, and its own, which the gateway makes. */
function openCallbacks(
  { webhooks, hooks, worker: { host } }: ActivitySettings,
  storage: VideoStorage,
) {
  const url = hooks?.publicUrl === undefined ? undefined : `${hooks.publicUrl}${gatewayHookPath}`;
  const endpoints = openEndpoints(storage);
  return {
    checkCallback: createCheckCallback({ endpoints, ...webhooks }),
    callback: createOwnCallback({ url, host }),
  };
}

function openGateway({ gateway }: ActivitySettings, { exchange }: WorkerTracing): Gateway {
  const meter = Runtime.instance().metricMeter;
  const opened = createGateway(gateway);
  return measuredGateway({ gateway: opened, meter, model: currentModel, exchange });
}
