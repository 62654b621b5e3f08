import { createHash } from 'node:crypto';
import {
  ActivityExecutionAlreadyStartedError,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  type Client,
} from '@temporalio/client';
import { taskQueues } from '../contract/task-queues.ts';
import {
  deliveryIdPrefix,
  deliveryMs,
  deliveryRetry,
  webhookWorkflowTypes,
  type DeliverWebhookInput,
} from '../contract/webhook.ts';

/** gRPC: the server is older than 1.32, or its standalone activities are disabled. */
const unimplemented = 12;

/** One attempt: the POST has 10 s, and reads of the storage precede it. */
export const attemptTimeoutMs = 30_000;

/** Id of the first delivery of an event to an endpoint. A callback has the hash of its address, too. */
export function deliveryId({ event, endpointId, url }: DeliverWebhookInput): string {
  const base = `${deliveryIdPrefix}${event.id}/${endpointId}`;
  if (url === undefined) return base;
  return `${base}/${createHash('sha256').update(url).digest('hex').slice(0, 12)}`;
}

export interface StartedDelivery {
  id: string;
  /** False: there is, or was, a delivery with this id. */
  isNew: boolean;
}

/**
 * Starts the delivery of an event: a standalone activity, or a workflow on a server that does not know them. At most one
 * per id, as long as the server remembers it.
 */
export async function startDelivery(
  client: Client,
  input: DeliverWebhookInput,
  { id = deliveryId(input) }: { id?: string } = {},
): Promise<StartedDelivery> {
  try {
    await startActivity(client, id, input);
    return { id, isNew: true };
  } catch (error) {
    if (error instanceof ActivityExecutionAlreadyStartedError) return { id, isNew: false };
    if (!isUnimplemented(error)) throw error;
  }
  return startWorkflow(client, id, input);
}

async function startActivity(client: Client, id: string, input: DeliverWebhookInput) {
  await client.activity.start('deliverWebhook', {
    id,
    args: [input],
    taskQueue: taskQueues.webhooks,
    startToCloseTimeout: attemptTimeoutMs,
    scheduleToCloseTimeout: deliveryMs,
    retry: deliveryRetry,
    summary: summaryOf(input),
    idReusePolicy: 'REJECT_DUPLICATE',
    idConflictPolicy: 'FAIL',
  });
}

async function startWorkflow(
  client: Client,
  id: string,
  input: DeliverWebhookInput,
): Promise<StartedDelivery> {
  try {
    await client.workflow.start(webhookWorkflowTypes.deliver, {
      workflowId: id,
      args: [input],
      taskQueue: taskQueues.workflows,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: summaryOf(input),
    });
    return { id, isNew: true };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { id, isNew: false };
    throw error;
  }
}

function summaryOf({ event, endpointId }: DeliverWebhookInput): string {
  return `${event.type} of ${event.data.id.slice(0, 100)} to ${endpointId}`;
}

/** True for a server without standalone activities. */
export function isUnimplemented(error: unknown): boolean {
  const cause = error instanceof Error && !isGrpcServiceError(error) ? error.cause : error;
  return isGrpcServiceError(cause) && cause.code === unimplemented;
}
