import { priceBook } from '../../src/contract/price/price-book.ts';
import { createApp } from '../../src/serve/app.ts';
import { createOpenStreams } from '../../src/serve/limits/open-streams.ts';
import { createRateLimit } from '../../src/serve/limits/rate-limit.ts';
import { openPorts } from '../../src/serve/open-ports.ts';
import { createFakeClient, type ClientScript } from '../fakes/fake-client.ts';
import { tempStorage } from '../fakes/temp-storage.ts';

/** The HTTP API with one API key, `good`, on a fake Temporal server and a real folder. */
export async function plainApp(script: ClientScript = {}) {
  const temporal = createFakeClient(script);
  const { storage } = await tempStorage();
  const ports = await openPorts({
    temporal: temporal.client,
    storage,
    host: 'plugins',
    prices: priceBook({}),
    withoutKey: 'retries',
    authenticate: (key) => Promise.resolve(key === 'good' ? { name: 'acme', keyId: 'k_1' } : null),
    rateLimit: createRateLimit({ perSecond: 1_000, burst: 1_000 }),
    streams: createOpenStreams(10),
    links: { linkSecret: () => 'secret', isActive: () => Promise.resolve(true) },
    closing: new AbortController().signal,
    onResponse: () => {},
    onError: () => {},
    now: Date.now,
  });
  const app = createApp(ports);
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await app.request(path, {
      method,
      headers: { authorization: 'Bearer good', 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const json = (await response.json()) as unknown;
    return { status: response.status, headers: response.headers, json };
  };
  return { app, call, calls: temporal.calls, storage };
}
