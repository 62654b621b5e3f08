import { z } from 'zod';
import { webhookEventTypes, type WebhookEvent } from '../../contract/webhook.ts';
import type { VideoStorage } from '../video-storage.ts';

/** Events are read for the log and for a delivery by hand this long. */
export const eventsKeptDays = 30;

const prefix = 'webhooks/events/';
/** Objects removed in parallel. */
const removedAtOnce = 20;
const dayMs = 24 * 3_600_000;
/** An event and up to some hundred targets with a `callback_url`. */
const maxBytes = 1_000_000;

const eventSchema = z.object({
  id: z.string(),
  object: z.literal('event'),
  type: z.enum([...webhookEventTypes, 'webhook.test']),
  created_at: z.number(),
  data: z.object({
    id: z.string(),
    object: z.enum(['video', 'batch', 'webhook_endpoint']),
    workflow_id: z.string().exactOptional(),
  }),
});
const recordSchema = z.object({
  event: eventSchema,
  tenant: z.string().nullable(),
  targets: z.array(z.object({ endpointId: z.string(), url: z.string().exactOptional() })),
});

/** One endpoint that receives an event. */
export interface WebhookTarget {
  endpointId: string;
  /** For an endpoint that allows callbacks to a host: the `callback_url`. */
  url?: string;
}

/** An event as it was announced first. */
export interface WebhookEventRecord {
  event: WebhookEvent;
  /** Tenant of the HTTP API that owns the video; null for all others. */
  tenant: string | null;
  targets: WebhookTarget[];
}

/** Events, one small object each, by the UTC day of their `created_at`. They are created once and never changed. */
export interface WebhookEvents {
  /**
   * Returns the stored record, which is the earlier one if the event was recorded before.
   *
   * @param sinceMs Not recorded before this time, in milliseconds since the epoch. Default: perhaps on any day.
   */
  record(given: WebhookEventRecord, sinceMs?: number): Promise<WebhookEventRecord>;
  /** Looks through the days that are kept. Null if there is no such event. */
  read(id: string): Promise<WebhookEventRecord | null>;
  /** The newest first. @param tenant Only events of this tenant. */
  list(options: { limit: number; tenant?: string }): Promise<WebhookEventRecord[]>;
  /**
   * Removes events that are older than {@link eventsKeptDays}. Returns their number.
   *
   * @param onProgress Called after every few of them.
   */
  removeOld(onProgress?: () => void): Promise<number>;
}

/** @throws {StorageError} From every method. */
export function createWebhookEvents({
  storage,
  now = Date.now,
}: {
  storage: Pick<VideoStorage, 'createSmall' | 'readSmall' | 'list' | 'remove'>;
  now?: () => number;
}): WebhookEvents {
  const readKey = async (key: string) => {
    const bytes = await storage.readSmall(key, maxBytes);
    return bytes && recordSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  };
  /** In parallel, since an announcement may wait for it. The newest one, should there be more. */
  const readOn = async (some: string[], id: string) => {
    const found = await Promise.all(some.map((day) => readKey(keyOf(day, id))));
    return found.find((record) => record !== null) ?? null;
  };
  /** From today on backwards, with one day in the future, since clocks differ. */
  const days = () =>
    Array.from({ length: eventsKeptDays + 2 }, (_, ago) => dayOf(now() + dayMs - ago * dayMs));
  return {
    record: async (given, sinceMs = 0) => {
      const day = dayOf(given.event.created_at * 1_000);
      const before = days().filter((other) => other >= dayOf(sinceMs) && other < day);
      const earlier = await readOn(before, given.event.id);
      if (earlier) return earlier;
      const key = keyOf(day, given.event.id);
      const isNew = await storage.createSmall(key, Buffer.from(`${JSON.stringify(given)}\n`));
      return (isNew ? null : await readKey(key)) ?? given;
    },
    read: (id) => readOn(days(), id),
    list: async ({ limit, tenant }) => {
      const found: WebhookEventRecord[] = [];
      for (const day of days()) {
        for (const key of await newestFirst(storage, `${prefix}${day}/`)) {
          if (found.length >= limit) return found;
          const record = await readKey(key);
          if (record && (tenant === undefined || record.tenant === tenant)) found.push(record);
        }
      }
      return found;
    },
    removeOld: (onProgress = () => {}) => {
      const oldest = dayOf(now() - eventsKeptDays * dayMs);
      return removeBefore(storage, prefix + oldest, onProgress);
    },
  };
}

/** Keys are listed in order, so the events that are kept are not read. */
async function removeBefore(
  storage: Pick<VideoStorage, 'list' | 'remove'>,
  end: string,
  onProgress: () => void,
): Promise<number> {
  let removed = 0;
  const removeAll = async (keys: string[]) => {
    await Promise.all(keys.map((key) => storage.remove(key)));
    removed += keys.length;
    onProgress();
  };
  let some: string[] = [];
  for await (const { key } of storage.list(prefix)) {
    if (key >= end) break;
    some.push(key);
    if (some.length < removedAtOnce) continue;
    await removeAll(some);
    some = [];
  }
  await removeAll(some);
  return removed;
}

/** Ids have no order in time, but records are written when the event occurs. */
async function newestFirst(storage: Pick<VideoStorage, 'list'>, folder: string): Promise<string[]> {
  const found: { key: string; modifiedAt: number }[] = [];
  for await (const { key, modifiedAt } of storage.list(folder)) found.push({ key, modifiedAt });
  return found
    .toSorted((one, other) => other.modifiedAt - one.modifiedAt || (one.key < other.key ? -1 : 1))
    .map(({ key }) => key);
}

function keyOf(day: string, id: string): string {
  return `${prefix}${day}/${id}.json`;
}

/** `YYYY-MM-DD`, UTC. */
function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
