import type { Client } from '@temporalio/client';
import { listActivityDeliveries, readActivityDelivery } from './activity-deliveries.ts';
import { deliveryParts, type Delivery } from './delivery.ts';
import { listWorkflowDeliveries, readWorkflowDelivery } from './workflow-deliveries.ts';

/** Entries of a listing that are read at most, to find the deliveries of some endpoints. */
export const listedMost = 2_000;
/** Descriptions that are read at a time. */
const readAtOnce = 25;

export interface DeliveryFilter {
  /** Default 20. */
  limit?: number;
  eventId?: string;
  /** Only deliveries to these endpoints. */
  endpointIds?: readonly string[];
}

/**
 * Lists deliveries, the last started first. The listing of Temporal lags by up to some seconds, and has ended deliveries
 * as long as the namespace keeps them. Only the newest {@link listedMost} of all endpoints are looked at.
 */
export async function listDeliveries(
  client: Client,
  { limit = 20, eventId, endpointIds }: DeliveryFilter = {},
): Promise<Delivery[]> {
  const isWanted = (id: string) => {
    const of = deliveryParts(id);
    if (!of || (eventId !== undefined && of.eventId !== eventId)) return false;
    return endpointIds === undefined || endpointIds.includes(of.endpointId);
  };
  const scan = { isWanted, most: listedMost };
  const activities = await listActivityDeliveries(client, scan);
  const workflows = await listWorkflowDeliveries(client, scan);
  const newest = [...activities, ...workflows]
    .toSorted((one, other) => other.startedAt - one.startedAt)
    .slice(0, limit);
  const found: (Delivery | null)[] = [];
  for (let from = 0; from < newest.length; from += readAtOnce) {
    const some = newest.slice(from, from + readAtOnce);
    found.push(...(await Promise.all(some.map(({ id }) => readDelivery(client, id)))));
  }
  return found.filter((delivery) => delivery !== null);
}

/** Null if Temporal does not know it, or not any more. */
export async function readDelivery(client: Client, id: string): Promise<Delivery | null> {
  const of = deliveryParts(id);
  if (!of) return null;
  const known = { id, ...of };
  return (await readActivityDelivery(client, known)) ?? (await readWorkflowDelivery(client, known));
}
