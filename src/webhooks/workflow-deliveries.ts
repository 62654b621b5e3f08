import {
  WorkflowFailedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import { webhookWorkflowTypes, type WebhookDelivered } from '../contract/webhook.ts';
import {
  readFailure,
  type Delivery,
  type DeliveryParts,
  type DeliveryScan,
  type DeliveryState,
  type ListedDelivery,
} from './delivery.ts';

/** Deliveries that are workflows, because the server has no standalone activities. */
export async function listWorkflowDeliveries(
  client: Client,
  { isWanted, most }: DeliveryScan,
): Promise<ListedDelivery[]> {
  const query = `WorkflowType = "${webhookWorkflowTypes.deliver}"`;
  const found: ListedDelivery[] = [];
  let scanned = 0;
  for await (const { workflowId: id, startTime } of client.workflow.list({ query })) {
    if (isWanted(id)) found.push({ id, startedAt: startTime.getTime() });
    scanned += 1;
    if (scanned >= most) break;
  }
  return found;
}

/** Null if there is no such workflow. */
export async function readWorkflowDelivery(
  client: Client,
  { id, ...parts }: DeliveryParts & { id: string },
): Promise<Delivery | null> {
  const handle = client.workflow.getHandle(id);
  try {
    const run = await handle.describe();
    const facts = {
      id,
      ...parts,
      // Its input is in the history, which is not read for a list.
      type: null,
      startedAt: run.startTime.toISOString(),
      ...(run.closeTime && { endedAt: run.closeTime.toISOString() }),
    };
    if (run.status.name === 'RUNNING') return { ...facts, ...(await pendingOf(client, run)) };
    const state = endStates[run.status.name] ?? 'failed';
    if (state === 'stopped') return { ...facts, state, attempts: 0 };
    return { ...facts, ...(await endOf(handle.result() as Promise<WebhookDelivered>)) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

const endStates: Partial<Record<string, DeliveryState>> = {
  CANCELLED: 'stopped',
  TERMINATED: 'stopped',
};

type Course = Pick<
  Delivery,
  'state' | 'attempts' | 'nextAttemptAt' | 'lastFailure' | 'failureKind'
>;

async function pendingOf(
  { options }: Client,
  { raw }: Pick<WorkflowExecutionDescription, 'raw'>,
): Promise<Course> {
  const [activity] = raw.pendingActivities ?? [];
  if (!activity) return { state: 'waiting', attempts: 0 };
  const failure = await decodeOptionalFailureToOptionalError(
    options.loadedDataConverter,
    activity.lastFailure,
  ).catch(() => undefined);
  const nextAt = optionalTsToDate(activity.nextAttemptScheduleTime);
  const isRunning = activity.lastStartedTime && activity.state === pendingStarted;
  return {
    state: isRunning ? 'running' : 'waiting',
    ...(failure && readFailure(failure)),
    attempts: activity.attempt ?? 1,
    ...(nextAt && { nextAttemptAt: nextAt.toISOString() }),
  };
}

/** `PENDING_ACTIVITY_STATE_STARTED` of Temporal's API. */
const pendingStarted = 2;

async function endOf(result: Promise<WebhookDelivered>): Promise<Course> {
  try {
    const { attempts } = await result;
    return { state: 'delivered', attempts };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    return { state: 'failed', ...readFailure(error) };
  }
}
