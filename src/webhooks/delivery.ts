import { ApplicationFailure } from '@temporalio/common';
import { deliveryIdPrefix, webhookFailureTypes, type WebhookEvent } from '../contract/webhook.ts';
import type { WebhookAnswer } from './post-webhook.ts';

/** First detail of the failures of `deliverWebhook`. */
export interface WebhookFailureDetails {
  endpointId: string;
  /** Number of the attempt. */
  attempt: number;
  /** Of a POST that failed. */
  outcome?: WebhookAnswer['outcome'];
  status?: number;
}

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
  /** Message of the last failed attempt. For operators: it may name private addresses or the storage. */
  lastFailure?: string;
  failureKind?: DeliveryFailureKind;
}

/**
 * `answered`: the endpoint did not answer 2xx. `unanswered`: it gave no answer. `refused`: its address must not be called.
 * `busy`: nothing was sent, because enough attempts to it are running. `ended`: it answered 410, or was removed.
 * `internal`: the attempt failed before or beside the POST.
 */
export type DeliveryFailureKind = WebhookAnswer['outcome'] | 'busy' | 'ended' | 'internal';

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

/** What the failure of an attempt says. */
export type ReadFailure = Required<Pick<Delivery, 'lastFailure' | 'failureKind'>> & {
  /** 0 if unknown. */
  attempts: number;
};

/** Reads our own failure, without the wrappers that Temporal adds. */
export function readFailure(error: Error): ReadFailure {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    if (!(inner instanceof ApplicationFailure)) continue;
    const [details] = (inner.details ?? []) as [Partial<WebhookFailureDetails>?];
    const { outcome = 'internal', attempt: attempts = 0 } = details ?? {};
    const known = { lastFailure: inner.message, attempts };
    if (inner.type === webhookFailureTypes.failed) return { ...known, failureKind: outcome };
    if (inner.type === webhookFailureTypes.busy) return { ...known, failureKind: 'busy' };
    if (inner.type === webhookFailureTypes.ended) return { ...known, failureKind: 'ended' };
  }
  return { lastFailure: error.message, failureKind: 'internal', attempts: 0 };
}
