import {
  ActivityNotFoundError,
  type ActivityExecutionDescription,
  type Client,
} from '@temporalio/client';
import type { DeliverWebhookInput } from '../contract/webhook.ts';
import {
  readFailure,
  type Delivery,
  type DeliveryParts,
  type DeliveryScan,
  type DeliveryState,
  type ListedDelivery,
} from './delivery.ts';
import { isUnimplemented } from './start-delivery.ts';

/** Deliveries that are standalone activities. Empty on a server without them. */
export async function listActivityDeliveries(
  client: Client,
  { isWanted, most }: DeliveryScan,
): Promise<ListedDelivery[]> {
  const found: ListedDelivery[] = [];
  let scanned = 0;
  try {
    for await (const listed of client.activity.list('ActivityType = "deliverWebhook"')) {
      const { activityId: id, scheduleTime } = listed;
      if (isWanted(id)) found.push({ id, startedAt: scheduleTime?.getTime() ?? 0 });
      scanned += 1;
      if (scanned >= most) break;
    }
  } catch (error) {
    if (!isUnimplemented(error)) throw error;
  }
  return found;
}

/** Null if there is no such activity. */
export async function readActivityDelivery(
  client: Client,
  { id, ...parts }: DeliveryParts & { id: string },
): Promise<Delivery | null> {
  try {
    const all = { includeInput: true, includeLastFailure: true, includeOutcome: true };
    return await deliveryOf(await client.activity.getHandle(id).describe(all), parts);
  } catch (error) {
    if (isUnimplemented(error) || error instanceof ActivityNotFoundError) return null;
    throw error;
  }
}

async function deliveryOf(
  described: ActivityExecutionDescription,
  parts: DeliveryParts,
): Promise<Delivery> {
  const { activityId: id, attempt, scheduleTime, closeTime, nextAttemptScheduleTime } = described;
  const [input] = (await readable(described.getInput<[DeliverWebhookInput]>())) ?? [];
  const failure =
    (await readable(described.getOutcomeFailure())) ?? (await readable(described.getLastFailure()));
  const nextAt = closeTime ? undefined : nextAttemptScheduleTime;
  return {
    id,
    ...parts,
    type: input?.event.type ?? null,
    state: stateOf(described),
    ...(failure && readFailure(failure)),
    attempts: attempt,
    startedAt: (scheduleTime ?? new Date(0)).toISOString(),
    ...(closeTime && { endedAt: closeTime.toISOString() }),
    ...(nextAt && { nextAttemptAt: nextAt.toISOString() }),
  };
}

/** Undefined without the payload key. */
function readable<T>(value: Promise<T>): Promise<T | undefined> {
  return value.catch(() => undefined);
}

function stateOf({ status, runState }: ActivityExecutionDescription): DeliveryState {
  switch (status) {
    case 'COMPLETED':
      return 'delivered';
    case 'FAILED':
    case 'TIMED_OUT':
      return 'failed';
    case 'CANCELED':
    case 'TERMINATED':
      return 'stopped';
    case 'RUNNING':
    case 'PAUSED':
      return runState === 'STARTED' ? 'running' : 'waiting';
  }
}
