import { ApplicationFailure } from '@temporalio/common';
import { deliveryIdPrefix, webhookFailureTypes, type WebhookEvent } from '../contract/webhook.ts';

/**
 * `waiting`: for a worker or for the next attempt. `running`: an attempt is running. `delivered`: the endpoint answered
 * 2xx. `failed`: it ended without. `stopped`: a person cancelled or terminated it.
 */
export type DeliveryState = 'waiting' | 'running' | 'delivered' | 'failed' | 'stopped';

/** One delivery of an event to an endpoint, as Temporal knows it. Times are ISO 8601, UTC. */
export interface Delivery extends DeliveryParts {
  id: string;
  /** Null if its input cannot be read, for example without the payload key. */
  type: WebhookEvent['type'] | null;
  state: DeliveryState;
  /** Attempts so far, including those that waited because enough others to the endpoint were running. */
  attempts: number;
  startedAt: string;
  endedAt?: string;
  nextAttemptAt?: string;
  /** Message of the last failed attempt. */
  lastFailure?: string;
}

/** What the id of a delivery says. */
export interface DeliveryParts {
  eventId: string;
  endpointId: string;
}

/** A delivery in a listing, with its start in milliseconds since the epoch. */
export interface ListedDelivery {
  id: string;
  startedAt: number;
}

/** Which deliveries are listed. */
export interface DeliveryScan {
  isWanted(id: string): boolean;
  /** Entries that are read at most. */
  most: number;
}

/** Null for an id of another kind. */
export function deliveryParts(id: string): DeliveryParts | null {
  if (!id.startsWith(deliveryIdPrefix)) return null;
  const [eventId = '', endpointId = ''] = id.slice(deliveryIdPrefix.length).split('/');
  return eventId === '' || endpointId === '' ? null : { eventId, endpointId };
}

/** Our own message, without the wrappers that Temporal adds. */
export function failureText(error: Error): string {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    if (!(inner instanceof ApplicationFailure)) continue;
    if (Object.values<unknown>(webhookFailureTypes).includes(inner.type)) return inner.message;
  }
  return error.message;
}
