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

/**
 * A running worker answers in milliseconds, and a waiting video requests again. The limit is this share of the
 * activity's time, at most `mostMs`.
 */
const answerTimeout = { mostMs: 10_000, share: 1 / 4 };
/**
 * The server accepts ten concurrent updates of a workflow from all workers together and rejects the others with a
 * retryable error.
 */
const asksAtOnce = 4;
/**
 * Delay before the next request while a run of the admission ends: the run can end only at a moment without requests.
 * Half of it is fixed, half random.
 */
const busyMs = 1_500;
const busyTries = 5;

/** The admission of the gateway account that this worker serves. */
export interface AdmissionClient {
  readonly id: string;
  /** Id of the storage that holds the claims. */
  readonly storageId: string;
  ask(ask: AdmissionRequest): Promise<AdmissionAnswer>;
  release(release: AdmissionRelease): Promise<void>;
}

const workflows = () => Context.current().client.workflow;

/** Talks to the workflow on the server that runs the activity. The first request starts the workflow. */
export function createAdmissionClient({
  id,
  storageId,
}: {
  id: string;
  /** Id of the storage that holds the claims; an admission of another storage refuses the request. */
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
    // The time limit also applies inside the concurrency limit: a call that hangs must not block the other calls.
    ask: (given) => inTime(() => limited(() => inTime(() => askOrStart(given)))),
    release: (release) => releaseAt(id, release),
  };
}

function isBusy(error: unknown): boolean {
  if (!(error instanceof Error && error.name === 'WorkflowUpdateFailedError')) return false;
  return error.cause instanceof ApplicationFailure && error.cause.type === admissionIsBusy;
}

/** If the admission is gone, so is everything that it held. */
async function releaseAt(id: string, release: AdmissionRelease): Promise<void> {
  try {
    await workflows().getHandle(id).signal(admissionMessages.releaseAdmission, release);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/**
 * Tells the admission that the calling video has left the gateway, or never reached it; `spent` says whether it has
 * cost anything, as far as that is known. The admission is the one that its submit named, because the worker that runs
 * this activity may have another API key, or none.
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

/** Late answers are dropped; retries are idempotent. */
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
