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

/**
 * The admission of a gateway account: slots and spend caps. Its id is `admissionId({ gateway, key })`, with the origin
 * of the gateway and its API key.
 */
export interface LimitsClient {
  /**
   * Queries the admission. Null if the API key has no submit and no limits yet.
   *
   * @throws {VideoClientError} `no_answer` if no worker is running
   *
   * @example
   * ```ts
   * import { admissionId, createVideoClient } from 'onetake';
   *
   * const videos = await createVideoClient();
   * const key = process.env['GATEWAY_API_KEY'] ?? '';
   * const id = admissionId({ gateway: 'https://88api.ai', key });
   * await videos.limits.set(id, { jobs: 5, perDay: { money: 20 } });
   * console.log((await videos.limits.status(id))?.waiting);
   * ```
   */
  status(admissionId: string): Promise<AdmissionStatus | null>;
  /**
   * Changes limits for future submits and returns all limits. An absent limit is not changed; null removes a limit.
   *
   * @throws {VideoClientError} `invalid_request`; `no_answer` if no worker is running, although a worker may still
   *   apply the change later
   */
  set(admissionId: string, change: LimitsChange): Promise<AdmissionLimits>;
}

/** A running worker answers at once; a new admission counts the claims in the background. */
const answerTimeoutMs = 10_000;

/** Implements {@link LimitsClient} on Temporal's client. */
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
    const message = `No worker answers for "${admissionId}": start one with \`onetake worker\`, then try again`;
    throw new VideoClientError('no_answer', message, { cause });
  }
}

function isUnanswered(error: unknown): boolean {
  return isGrpcDeadlineError(error) || error instanceof WorkflowUpdateRPCTimeoutOrCancelledError;
}
