import type { Client } from '@temporalio/client';
import { storageConfig } from '../../config/storage-config.ts';
import { createStorage } from '../../storage/create-storage.ts';
import {
  createWebhookEndpoints,
  type WebhookEndpoints,
} from '../../storage/records/webhook-endpoints.ts';
import { createWebhookEvents, type WebhookEvents } from '../../storage/records/webhook-events.ts';
import { UsageError, type CliContext } from '../context.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { withTemporal } from '../with-temporal.ts';

type Context = Pick<CliContext, 'env' | 'output'>;

/** What commands about deliveries work with. */
export interface DeliveryPorts {
  client: Client;
  endpoints: WebhookEndpoints;
  events: WebhookEvents;
}

/** The endpoints in the configured storage. */
export async function openEndpoints(context: Context): Promise<WebhookEndpoints> {
  return endpointsIn(await createStorage(storageConfig(context.env)), context);
}

/** Opens Temporal and the storage, and closes Temporal after `use`. */
export async function withDeliveries<T>(
  context: Context,
  use: (ports: DeliveryPorts) => Promise<T>,
): Promise<T> {
  const { env } = context;
  const storage = await createStorage(storageConfig(env));
  const records = {
    endpoints: endpointsIn(storage, context),
    events: createWebhookEvents({ storage }),
  };
  return withTemporal({ env }, (client) => use({ client, ...records }));
}

function endpointsIn(storage: VideoStorage, { output }: Context): WebhookEndpoints {
  return createWebhookEndpoints({ storage, onUnreadable: ({ message }) => output.note(message) });
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
