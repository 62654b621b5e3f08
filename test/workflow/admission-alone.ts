import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import {
  admissionMessages,
  admissionWorkflowType,
  type AdmissionActivities,
  type AdmissionAnswer,
  type AdmissionEntryAnswer,
  type AdmissionRelease,
  type AdmissionRequest,
  type AdmissionStatus,
  type LimitsChange,
} from '../../src/contract/admission.ts';
import { taskQueues } from '../../src/contract/task-queues.ts';
import { bundledWorkflows } from '../support/workflow-bundle.ts';

const activities: AdmissionActivities = {
  leaveAdmission: async () => {},
  checkHolders: async () => ({ ended: [] }),
  countSpent: async () => ({}),
  loadLimits: async () => null,
  keepLimits: async () => {},
};

/** @param knowsLists False: as a worker of the build before lists. */
export async function workerOf(
  env: TestWorkflowEnvironment,
  { knowsLists = true, maxCachedWorkflows = 10 } = {},
) {
  return Worker.create({
    connection: env.nativeConnection,
    taskQueue: taskQueues.workflows,
    ...(await bundledWorkflows()),
    activities,
    maxCachedWorkflows,
    patchActivationCallback: ({ patchId }) => knowsLists || patchId !== 'admission-lists',
  });
}

let count = 0;
/** A new one for each test. */
export async function startAdmission(env: TestWorkflowEnvironment): Promise<WorkflowHandle> {
  count += 1;
  return env.client.workflow.start(admissionWorkflowType, {
    taskQueue: taskQueues.workflows,
    workflowId: `admission/${String(count).padStart(16, '0')}`,
  });
}

/** The messages of videos and people. */
export function crowdOf(handle: WorkflowHandle) {
  const { requestAdmission, requestAdmissions, releaseAdmission, releaseAdmissions } =
    admissionMessages;
  return {
    ask: (ask: AdmissionRequest) =>
      handle.executeUpdate<AdmissionAnswer, [AdmissionRequest]>(requestAdmission, { args: [ask] }),
    askAll: (asks: AdmissionRequest[]) =>
      handle.executeUpdate<AdmissionEntryAnswer[], [AdmissionRequest[]]>(requestAdmissions, {
        args: [asks],
      }),
    release: (release: AdmissionRelease) => handle.signal(releaseAdmission, release),
    releaseAll: (releases: AdmissionRelease[]) => handle.signal(releaseAdmissions, releases),
    setLimits: (change: LimitsChange) =>
      handle.executeUpdate<unknown, [LimitsChange]>(admissionMessages.setLimits, {
        args: [change],
      }),
    status: () => handle.query<AdmissionStatus>(admissionMessages.admissionStatus),
    memo: async () => (await handle.describe()).memo ?? {},
    countEvents: async (field: 'timerStarted' | 'timerCanceled') => {
      const { events = [] } = await handle.fetchHistory();
      return events?.filter((event) => event[`${field}EventAttributes`]).length;
    },
  };
}
