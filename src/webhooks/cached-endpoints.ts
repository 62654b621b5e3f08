import type { WebhookEndpoint } from '../contract/webhook.ts';
import { StorageError } from '../storage/storage-error.ts';

/** A new endpoint receives events after this time at the latest, and a removed one receives none. */
const freshMs = 10_000;
/** Runs that end wait for a read at most this long, at most once per {@link freshMs} and process. */
const patienceMs = 1_000;

/** Reads endpoints from the storage. */
export interface EndpointReader {
  list(): Promise<WebhookEndpoint[]>;
  /** Null if there is none. */
  get(id: string): Promise<WebhookEndpoint | null>;
}

/** The same, with a list that is kept for a while. */
export interface CachedEndpoints extends EndpointReader {
  /** @param options.isFresh Reads the storage now. */
  list(options?: { isFresh: boolean }): Promise<WebhookEndpoint[]>;
}

/**
 * Reads the endpoints at most every 10 s, since each video asks for them. If the storage fails or takes too long, the last
 * list is used: a failing storage does not hold the runs of those who use no webhooks.
 */
export function createCachedEndpoints({
  endpoints,
  now = Date.now,
  patience = patienceMs,
}: {
  endpoints: EndpointReader;
  now?: () => number;
  /** Milliseconds, for tests. Default 1 s. */
  patience?: number;
}): CachedEndpoints {
  let last: WebhookEndpoint[] | undefined;
  let triedAt = -Infinity;
  let running: Promise<WebhookEndpoint[]> | undefined;
  const read = () => {
    triedAt = now();
    const own = within(endpoints.list(), patience)
      .then((found) => (last = found))
      .catch((error: unknown) => {
        if (last) return last;
        throw error;
      })
      .finally(() => {
        if (running === own) running = undefined;
      });
    running = own;
    return own;
  };
  const list: CachedEndpoints['list'] = async ({ isFresh } = { isFresh: false }) => {
    if (isFresh) return read();
    if (running) return running;
    return last && now() - triedAt < freshMs ? last : read();
  };
  return {
    list,
    get: async (id) => {
      const held = await list().catch(() => []);
      return held.find((endpoint) => endpoint.id === id) ?? endpoints.get(id);
    },
  };
}

/** The read continues, but nothing waits for it. @throws {StorageError} */
function within<T>(reading: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new StorageError(`Cannot read the webhook endpoints within ${timeoutMs} ms`);
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  return Promise.race([reading, late]).finally(() => clearTimeout(timer));
}
