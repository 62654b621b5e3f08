import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  webhookEventTypes,
  type WebhookEndpoint,
  type WebhookEventType,
} from '../../contract/webhook.ts';
import { StorageError } from '../storage-error.ts';
import type { VideoStorage } from '../video-storage.ts';
import {
  checkSecret,
  createEndpointSecrets,
  newSecret,
  parseSecrets,
  secretsSchema,
  type EndpointSecrets,
} from './endpoint-secrets.ts';

/** Most endpoints of one tenant. Each event of a tenant is sent to each of them. */
export const maxEndpoints = 20;

type Storage = Pick<VideoStorage, 'readSmall' | 'createSmall' | 'remove' | 'list'>;

const prefix = 'webhooks/endpoints/';
const maxBytes = 16_384;
/** Endpoints read in parallel. */
const readAtOnce = 20;
const idPattern = /^we_[0-9a-f]{24}$/;

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
  secrets: secretsSchema,
});

/** What the creator of an endpoint chooses. */
export interface NewWebhookEndpoint extends Pick<WebhookEndpoint, 'tenant' | 'types'> {
  /** Checked and normalised: see `readWebhookUrl` and `readCallbackHost`. */
  target: WebhookEndpoint['target'];
  /** Default: a random one. */
  secret?: string;
}

/** Options of a rotation. */
export interface RotateOptions {
  /** Default: a random one. */
  secret?: string | undefined;
  /** The receiver does not have the new secret of the unfinished rotation, for example because its response was lost. */
  restart?: boolean | undefined;
}

/**
 * The endpoints of webhooks: one small object each, and one per change of its secrets. They contain the signing secrets,
 * so whoever reads the storage can sign. Surfaces show a secret once, when it is made.
 */
export interface WebhookEndpoints {
  /** @throws {RangeError} Unusable secret, or the tenant has {@link maxEndpoints}. */
  add(endpoint: NewWebhookEndpoint): Promise<WebhookEndpoint>;
  /** Oldest first, without the unreadable ones. @param filter Null: the endpoints that no tenant owns. Default: all. */
  list(filter?: { tenant: string | null }): Promise<WebhookEndpoint[]>;
  /** Null if there is none, or the text is no id. @throws {StorageError} It is unreadable. */
  get(id: string): Promise<WebhookEndpoint | null>;
  /** False if there is none. Open deliveries end. */
  remove(id: string): Promise<boolean>;
  /**
   * Puts a new secret beside the current one, so that webhooks are signed with both. With `restart`, another new secret
   * replaces that of an unfinished rotation. Null if there is no such endpoint. @throws {RangeError} Unusable secret, or
   * a rotation is not finished: the receiver may have either secret, so neither may be dropped.
   */
  rotate(id: string, options?: RotateOptions): Promise<WebhookEndpoint | null>;
  /** Ends a rotation: only the newest secret is kept. Null if there is no such endpoint. */
  finishRotation(id: string): Promise<WebhookEndpoint | null>;
}

/** @param onUnreadable Told once of each endpoint that `list` leaves out. */
export function createWebhookEndpoints({
  storage,
  now = Date.now,
  onUnreadable = () => {},
}: {
  storage: Storage;
  now?: () => number;
  onUnreadable?: (error: StorageError) => void;
}): WebhookEndpoints {
  const rotations = createEndpointSecrets(storage);
  const { find, list } = readersOf({ storage, rotations, onUnreadable });
  const withSecrets = async (id: string, change: (secrets: string[]) => string[]) => {
    for (;;) {
      const found = await find(id);
      if (!found) return null;
      const secrets = change(found.endpoint.secrets);
      // If the number is taken, another change came first, and this one follows it.
      if (!(await rotations.create(id, found.changes + 1, secrets))) continue;
      if (await storage.readSmall(keyOf(id), maxBytes)) return { ...found.endpoint, secrets };
      await rotations.remove(id);
      return null;
    }
  };
  return {
    add: async ({ tenant, target, types, secret = newSecret() }) => {
      checkSecret(secret);
      if ((await list({ tenant })).length >= maxEndpoints) throw new RangeError(tooMany);
      const id = `${idStartOf(tenant)}${randomBytes(7).toString('hex')}`;
      const chosen = types && { types };
      const endpoint = { id, tenant, target, ...chosen, createdAt: now(), secrets: [secret] };
      if (await storage.createSmall(keyOf(id), bytesOf(endpoint))) return endpoint;
      throw new StorageError(`Cannot create the webhook endpoint "${id}": it exists`);
    },
    list,
    get: async (id) => (await find(id))?.endpoint ?? null,
    remove: async (id) => {
      // A damaged one can be removed, too.
      if (!idPattern.test(id) || !(await storage.readSmall(keyOf(id), maxBytes))) return false;
      await storage.remove(keyOf(id));
      await rotations.remove(id);
      return true;
    },
    rotate: async (id, { secret = newSecret(), restart = false } = {}) => {
      checkSecret(secret);
      return withSecrets(id, (secrets) => rotated(secrets, { secret, restart }));
    },
    finishRotation: (id) => withSecrets(id, (secrets) => secrets.slice(0, 1)),
  };
}

function rotated(
  secrets: string[],
  { secret, restart }: { secret: string; restart: boolean },
): string[] {
  if (secrets.length > 1 && !restart) throw new RangeError(unfinished);
  return [secret, ...secrets.slice(-1)];
}

interface Found {
  endpoint: WebhookEndpoint;
  /** Number of changes of its secrets. */
  changes: number;
}

interface ReaderPorts {
  storage: Storage;
  rotations: EndpointSecrets;
  onUnreadable: (error: StorageError) => void;
}

interface Readers extends Pick<WebhookEndpoints, 'list'> {
  find(id: string): Promise<Found | null>;
}

function readersOf({ storage, rotations, onUnreadable }: ReaderPorts): Readers {
  const reported = new Set<string>();
  const read = async (id: string, changes = 0): Promise<WebhookEndpoint | StorageError | null> => {
    const bytes = await storage.readSmall(keyOf(id), maxBytes);
    const secrets = changes > 0 ? await rotations.read(id, changes) : undefined;
    // Without the secrets it is being removed.
    return bytes && secrets !== null ? readEndpoint(id, bytes, secrets) : null;
  };
  return {
    find: async (id) => {
      if (!idPattern.test(id)) return null;
      const changes = (await rotations.numbers(`${id}/`)).get(id) ?? 0;
      const endpoint = await read(id, changes);
      if (endpoint instanceof StorageError) throw endpoint;
      return endpoint && { endpoint, changes };
    },
    list: async (filter) => {
      const idStart = filter === undefined ? '' : idStartOf(filter.tenant);
      const ids: string[] = [];
      for await (const { key } of storage.list(prefix + idStart)) ids.push(idOf(key));
      const changes = await rotations.numbers(idStart);
      const found: WebhookEndpoint[] = [];
      for (let from = 0; from < ids.length; from += readAtOnce) {
        const some = ids.slice(from, from + readAtOnce);
        for (const one of await Promise.all(some.map((id) => read(id, changes.get(id))))) {
          if (one instanceof StorageError) {
            if (!reported.has(one.message)) onUnreadable(one);
            reported.add(one.message);
          } else if (one && (filter === undefined || one.tenant === filter.tenant)) found.push(one);
        }
      }
      return found.toSorted((one, other) => one.createdAt - other.createdAt);
    },
  };
}

const unfinished =
  'The last rotation is not finished. If the receiver has its new secret, finish it first; if not, restart it';
const tooMany = `There are ${maxEndpoints} webhook endpoints already, the most that are allowed: remove one`;

/** @param secrets The object of the last rotation. */
function readEndpoint(
  id: string,
  bytes: Uint8Array,
  secrets?: Uint8Array,
): WebhookEndpoint | StorageError {
  try {
    const endpoint = endpointSchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return secrets ? { ...endpoint, secrets: parseSecrets(secrets) } : endpoint;
  } catch {
    // The cause could quote a secret.
    return new StorageError(
      `Cannot read the webhook endpoint "${keyOf(id)}": remove it with \`onetake webhooks remove ${id}\`, unless a newer version has written it`,
    );
  }
}

/** An id begins with a hash of its owner, so that the endpoints of one owner are listed alone. */
function idStartOf(tenant: string | null): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([tenant]))
    .digest('hex');
  return `we_${hash.slice(0, 10)}`;
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
