import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  webhookEventTypes,
  type WebhookEndpoint,
  type WebhookEventType,
} from '../../contract/webhook.ts';
import { StorageError } from '../storage-error.ts';
import type { VideoStorage } from '../video-storage.ts';

/** Most endpoints of one tenant. Each event of a tenant is sent to each of them. */
export const maxEndpoints = 20;

type Storage = Pick<VideoStorage, 'readSmall' | 'createSmall' | 'writeSmall' | 'remove' | 'list'>;

const prefix = 'webhooks/endpoints/';
const maxBytes = 16_384;
/** Endpoints read in parallel. */
const readAtOnce = 20;
const idPattern = /^we_[0-9a-f]{24}$/;

/** Of a signing secret, by Standard Webhooks, and of one that is made here. */
export const secretBytes = { min: 24, max: 64, made: 32 };
const secretPrefix = 'whsec_';

const isEventType = (type: string): type is WebhookEventType =>
  webhookEventTypes.some((known) => known === type);

const endpointSchema = z.object({
  id: z.string(),
  tenant: z.string().nullable(),
  target: z.union([z.object({ url: z.string() }), z.object({ callbackHost: z.string() })]),
  // A newer version may know more types; this one does not announce them.
  types: z
    .array(z.string())
    .transform((types) => types.filter(isEventType))
    .exactOptional(),
  createdAt: z.number(),
  secrets: z.array(z.string()).min(1).max(2),
});

/** What the creator of an endpoint chooses. */
export interface NewWebhookEndpoint extends Pick<WebhookEndpoint, 'tenant' | 'types'> {
  /** Checked and normalised: see `readWebhookUrl` and `readCallbackHost`. */
  target: WebhookEndpoint['target'];
  /** Default: a random one. */
  secret?: string;
}

/**
 * The endpoints of webhooks: one small object each. It contains the signing secrets, so whoever reads the storage can
 * sign. Surfaces show a secret once, when it is made.
 */
export interface WebhookEndpoints {
  /** @throws {RangeError} Unusable secret, or the tenant has {@link maxEndpoints}. */
  add(endpoint: NewWebhookEndpoint): Promise<WebhookEndpoint>;
  /** Oldest first. @param filter Null: the endpoints that no tenant owns. Default: all. */
  list(filter?: { tenant: string | null }): Promise<WebhookEndpoint[]>;
  /** Null if there is none, or the text is no id. */
  get(id: string): Promise<WebhookEndpoint | null>;
  /** False if there is none. Open deliveries end. */
  remove(id: string): Promise<boolean>;
  /**
   * Makes a new secret the first one and keeps the former first one, so that webhooks are signed with both. Null if there
   * is no such endpoint. @throws {RangeError} Unusable secret.
   */
  rotate(id: string, secret?: string): Promise<WebhookEndpoint | null>;
  /** Ends a rotation: only the newest secret is kept. Null if there is no such endpoint. */
  finishRotation(id: string): Promise<WebhookEndpoint | null>;
}

export function createWebhookEndpoints({
  storage,
  now = Date.now,
}: {
  storage: Storage;
  now?: () => number;
}): WebhookEndpoints {
  const { get, list } = readersOf(storage);
  const withSecrets = async (id: string, change: (secrets: string[]) => string[]) => {
    const endpoint = await get(id);
    if (!endpoint) return null;
    const changed = { ...endpoint, secrets: change(endpoint.secrets) };
    await storage.writeSmall(keyOf(id), bytesOf(changed));
    return changed;
  };
  return {
    add: async ({ tenant, target, types, secret = newSecret() }) => {
      checkSecret(secret);
      if ((await list({ tenant })).length >= maxEndpoints) throw new RangeError(tooMany);
      const id = `we_${randomBytes(12).toString('hex')}`;
      const chosen = types && { types };
      const endpoint = { id, tenant, target, ...chosen, createdAt: now(), secrets: [secret] };
      if (await storage.createSmall(keyOf(id), bytesOf(endpoint))) return endpoint;
      throw new StorageError(`Cannot create the webhook endpoint "${id}": it exists`);
    },
    list,
    get,
    remove: async (id) => {
      // A damaged one can be removed, too.
      if (!idPattern.test(id) || !(await storage.readSmall(keyOf(id), maxBytes))) return false;
      await storage.remove(keyOf(id));
      return true;
    },
    rotate: async (id, secret = newSecret()) => {
      checkSecret(secret);
      return withSecrets(id, (secrets) => [secret, ...secrets.slice(0, 1)]);
    },
    finishRotation: (id) => withSecrets(id, (secrets) => secrets.slice(0, 1)),
  };
}

function readersOf(storage: Storage): Pick<WebhookEndpoints, 'get' | 'list'> {
  const get = async (id: string) => {
    const bytes = idPattern.test(id) ? await storage.readSmall(keyOf(id), maxBytes) : null;
    return bytes && readEndpoint(id, bytes);
  };
  return {
    get,
    list: async (filter) => {
      const ids: string[] = [];
      for await (const { key } of storage.list(prefix)) ids.push(idOf(key));
      const found: (WebhookEndpoint | null)[] = [];
      for (let from = 0; from < ids.length; from += readAtOnce) {
        found.push(...(await Promise.all(ids.slice(from, from + readAtOnce).map(get))));
      }
      return found
        .filter((endpoint) => endpoint !== null)
        .filter(({ tenant }) => filter === undefined || tenant === filter.tenant)
        .toSorted((one, other) => one.createdAt - other.createdAt);
    },
  };
}

const tooMany = `There are ${maxEndpoints} webhook endpoints already, the most that are allowed: remove one`;

/** @throws {RangeError} The message does not contain the secret. */
export function checkSecret(secret: string): void {
  const base64 = secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : '';
  const bytes = Buffer.from(base64, 'base64');
  const isBase64 = bytes.toString('base64') === base64;
  if (isBase64 && bytes.length >= secretBytes.min && bytes.length <= secretBytes.max) return;
  throw new RangeError(
    `The secret must be ${secretPrefix} and the Base64 of ${secretBytes.min} to ${secretBytes.max} bytes: make one with ` +
      '`openssl rand -base64 32`',
  );
}

function newSecret(): string {
  return secretPrefix + randomBytes(secretBytes.made).toString('base64');
}

function readEndpoint(id: string, bytes: Uint8Array): WebhookEndpoint {
  try {
    return endpointSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    // The cause could quote a secret.
    throw new StorageError(`Cannot read the webhook endpoint "${keyOf(id)}": remove that endpoint`);
  }
}

function bytesOf(endpoint: WebhookEndpoint): Uint8Array {
  return Buffer.from(`${JSON.stringify(endpoint)}\n`);
}

function keyOf(id: string): string {
  return `${prefix}${id}.json`;
}

function idOf(key: string): string {
  return key.slice(prefix.length).replace(/\.json$/, '');
}
