import {
  isGrpcDeadlineError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import {
  admissionMessages,
  admissionWorkflowType,
  type AdmissionLimits,
  type AdmissionStatus,
  type LimitsChange,
} from '../contract/admission.ts';
import { taskQueues } from '../contract/task-queues.ts';
import { askRun } from './ask-run.ts';
import { VideoClientError } from './video-client-error.ts';

/** The admission of a gateway account: slots and caps. Its id is `admissionId({ gateway, key })`. */
export interface LimitsClient {
  /**
   * Null before the first submit on the key, while nothing is held, counted or set.
   *
   * @throws {VideoClientError} `no_answer` when no worker is up to say
   */
  status(admissionId: string): Promise<AdmissionStatus | null>;
  /**
   * Changes limits at run time, for submits to come: what is absent stays, null takes a limit away. Answers with all
   * limits.
   *
   * @throws {VideoClientError} `invalid_request`; `no_answer` when no worker is up: it may be set later all the same
   */
  set(admissionId: string, change: LimitsChange): Promise<AdmissionLimits>;
}

/** A worker that is up answers at once; a new admission counts the claims in the background. */
const answerTimeoutMs = 10_000;

export function createLimitsClient(client: Client): LimitsClient {
  return {
    status: (admissionId) =>
      inTime(client, admissionId, async () => {
        try {
          return await askRun<AdmissionStatus>(
            client,
            admissionId,
            admissionMessages.admissionStatus,
          );
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return null;
          throw error;
        }
      }),
    set: (admissionId, change) => setLimits(client, admissionId, change),
  };
}

async function setLimits(
  client: Client,
  admissionId: string,
  change: LimitsChange,
): Promise<AdmissionLimits> {
  try {
    return await inTime(client, admissionId, async (admission) => {
      await client.workflow.start(admissionWorkflowType, {
        taskQueue: taskQueues.workflows,
        workflowId: admissionId,
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: 'admits submits of one gateway account',
      });
      return admission.executeUpdate<AdmissionLimits, [LimitsChange]>(admissionMessages.setLimits, {
        args: [change],
      });
    });
  } catch (cause) {
    if (!(cause instanceof WorkflowUpdateFailedError)) throw cause;
    const message = cause.cause?.message ?? cause.message;
    throw new VideoClientError('invalid_request', message, { cause });
  }
}

async function inTime<T>(
  client: Client,
  admissionId: string,
  ask: (admission: WorkflowHandle) => Promise<T>,
): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + answerTimeoutMs, () =>
      ask(client.workflow.getHandle(admissionId)),
    );
  } catch (cause) {
    if (!isUnanswered(cause)) throw cause;
    const message = `No worker answers for "${admissionId}": start one with \`onetake worker\`, then ask again`;
    throw new VideoClientError('no_answer', message, { cause });
  }
}

function isUnanswered(error: unknown): boolean {
  return isGrpcDeadlineError(error) || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
}
