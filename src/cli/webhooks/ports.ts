import type { Client } from '@temporalio/client';
import { storageConfig } from '../../config/storage-config.ts';
import { createStorage } from '../../storage/create-storage.ts';
import {
  createWebhookEndpoints,
  type WebhookEndpoints,
} from '../../storage/records/webhook-endpoints.ts';
import { createWebhookEvents, type WebhookEvents } from '../../storage/records/webhook-events.ts';
import { UsageError, type CliContext, type Env } from '../context.ts';
import { withTemporal } from '../with-temporal.ts';

/** What commands about deliveries work with. */
export interface DeliveryPorts {
  client: Client;
  endpoints: WebhookEndpoints;
  events: WebhookEvents;
}

/** The endpoints in the configured storage. */
export async function openEndpoints(env: Env): Promise<WebhookEndpoints> {
  return createWebhookEndpoints({ storage: await createStorage(storageConfig(env)) });
}

/** Opens Temporal and the storage, and closes Temporal after `use`. */
export async function withDeliveries<T>(
  { env }: Pick<CliContext, 'env'>,
  use: (ports: DeliveryPorts) => Promise<T>,
): Promise<T> {
  const storage = await createStorage(storageConfig(env));
  const records = {
    endpoints: createWebhookEndpoints({ storage }),
    events: createWebhookEvents({ storage }),
  };
  return withTemporal({ env }, (client) => use({ client, ...records }));
}

/** Runs what refuses bad input with a RangeError. @throws {UsageError} */
export async function orUsageError<T>(use: () => T | Promise<T>, what = ''): Promise<T> {
  try {
    return await use();
  } catch (cause) {
    if (cause instanceof RangeError) throw new UsageError(what + cause.message, { cause });
    throw cause;
  }
}
