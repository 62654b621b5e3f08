import { Context } from '@temporalio/activity';
import { setTimeout } from 'node:timers/promises';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import pLimit from 'p-limit';
import {
  admissionIsBusy,
  admissionMessages,
  admissionWorkflowType,
  type AdmissionActivities,
  type AdmissionAnswer,
  type AdmissionRequest,
  type AdmissionRelease,
} from '../../contract/admission.ts';
import { taskQueues } from '../../contract/task-queues.ts';

/** A worker that is up answers in milliseconds; a waiting video asks again. At most this part of the activity's time. */
const answerTimeout = { mostMs: 10_000, share: 1 / 4 };
/** The server takes ten updates of a workflow at once, of all workers together; it asks the others to come again. */
const asksAtOnce = 4;
/** While a run of the admission ends; it has to have a moment in which nobody asks. Half of it to all, at random. */
const busyMs = 1_500;
const busyTries = 5;

/** The admission of the gateway account that this worker serves. */
export interface AdmissionClient {
  readonly id: string;
  /** Of the storage that holds the claims. */
  readonly storageId: string;
  ask(ask: AdmissionRequest): Promise<AdmissionAnswer>;
  release(release: AdmissionRelease): Promise<void>;
}

const workflows = () => Context.current().client.workflow;

/** Speaks to the workflow on the server that runs the activity, and starts it with the first ask. */
export function createAdmissionClient({
  id,
  storageId,
}: {
  id: string;
  /** Of the storage that holds the claims; an admission that knows another one refuses the request. */
  storageId: string;
}): AdmissionClient {
  const askOnce = (given: AdmissionRequest) =>
    workflows()
      .getHandle(id)
      .executeUpdate<AdmissionAnswer, [AdmissionRequest]>(admissionMessages.requestAdmission, {
        args: [{ ...given, storageId }],
      });
  const ask = async (given: AdmissionRequest): Promise<AdmissionAnswer> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await askOnce(given);
      } catch (error) {
        if (!isBusy(error) || tries === busyTries) throw error;
        await setTimeout(busyMs * (1 - Math.random() / 2), undefined, {
          signal: Context.current().cancellationSignal,
        });
      }
    }
  };
  const askOrStart = (given: AdmissionRequest) =>
    ask(given).catch(async (error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await workflows().start(admissionWorkflowType, {
        taskQueue: taskQueues.workflows,
        workflowId: id,
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: 'admits submits of one gateway account',
      });
      return ask(given);
    });
  const limited = pLimit(asksAtOnce);
  return {
    id,
    storageId,
    // Within its turn, too: a call that hangs must not keep the turns of the others.
    ask: (given) => inTime(() => limited(() => inTime(() => askOrStart(given)))),
    release: (release) => releaseAt(id, release),
  };
}

function isBusy(error: unknown): boolean {
  if (!(error instanceof Error && error.name === 'WorkflowUpdateFailedError')) return false;
  return error.cause instanceof ApplicationFailure && error.cause.type === admissionIsBusy;
}

/** Whatever held something is gone with its admission. */
async function releaseAt(id: string, release: AdmissionRelease): Promise<void> {
  try {
    await workflows().getHandle(id).signal(admissionMessages.releaseAdmission, release);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/**
 * The video that calls it has left the gateway, or never came there: `spent` says what is known of its cost. It leaves the admission that its submit
 * named: the worker that runs this may have another API key, or none.
 */
export function createLeaveAdmission(ownId: string): AdmissionActivities['leaveAdmission'] {
  return ({ admissionId = ownId, spent = 'yes', charged, ending } = {}) =>
    releaseAt(admissionId, {
      videoId: Context.current().info.workflowExecution?.workflowId ?? '',
      spent,
      ...(charged && { charged }),
      ...(ending && { ending }),
    });
}

/** What is answered later is forgotten: who asks again is the same ask. */
async function inTime<T>(ask: () => Promise<T>): Promise<T> {
  const { startToCloseTimeoutMs } = Context.current().info;
  const { mostMs, share } = answerTimeout;
  const timeoutMs = Math.min(mostMs, startToCloseTimeoutMs * share);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = globalThis.setTimeout(
      () => reject(new Error(`No answer in ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([ask(), late]);
  } finally {
    clearTimeout(timer);
  }
}
