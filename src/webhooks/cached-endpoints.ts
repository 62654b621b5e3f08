import type { WebhookEndpoint } from '../contract/webhook.ts';

/** A new endpoint receives events after this time at the latest, and a removed one receives none. */
const freshMs = 10_000;

/** Reads endpoints from the storage. */
export interface EndpointReader {
  list(): Promise<WebhookEndpoint[]>;
  /** Null if there is none. */
  get(id: string): Promise<WebhookEndpoint | null>;
}

/** Reads the endpoints at most every 10 s, since each video asks for them. Failures are not cached. */
export function createCachedEndpoints({
  endpoints,
  now = Date.now,
}: {
  endpoints: EndpointReader;
  now?: () => number;
}): EndpointReader {
  let readAt = -Infinity;
  let held: Promise<WebhookEndpoint[]> | undefined;
  const list = (): Promise<WebhookEndpoint[]> => {
    if (held && now() - readAt < freshMs) return held;
    readAt = now();
    const reading = endpoints.list();
    held = reading;
    reading.catch(() => {
      if (held === reading) held = undefined;
    });
    return reading;
  };
  return {
    list,
    get: async (id) => (await list()).find((endpoint) => endpoint.id === id) ?? endpoints.get(id),
  };
}
