import { createHash } from 'node:crypto';
import { priceBook } from '../../src/contract/price/price-book.ts';
import { createApp } from '../../src/serve/app.ts';
import { createOpenStreams } from '../../src/serve/limits/open-streams.ts';
import { createRateLimit, type RateLimit } from '../../src/serve/limits/rate-limit.ts';
import { openPorts } from '../../src/serve/open-ports.ts';
import type { AccessEntry, ServePorts } from '../../src/serve/ports.ts';
import { openTenants } from '../../src/serve/tenants/open-tenants.ts';
import { result } from '../client/outcomes.ts';
import { tempStorage } from '../fakes/temp-storage.ts';
import { createFakeTemporal } from './fake-temporal.ts';

/** Options of {@link serveHarness}. */
export interface ServeHarnessOptions {
  keysFile?: string;
  rateLimit?: RateLimit;
}

type Given = Parameters<typeof openPorts>[0];
type Needed = 'temporal' | 'storage' | 'authenticate' | 'links';

/** Ports of a test, with limits that it does not reach. */
export function testPorts(given: Pick<Given, Needed> & Partial<Given>): Promise<ServePorts> {
  return openPorts({
    host: 'plugins',
    prices: priceBook({}),
    trustedOrigins: [],
    withoutKey: 'retries',
    streams: createOpenStreams(10),
    closing: new AbortController().signal,
    rateLimit: createRateLimit({ perSecond: 1_000, burst: 1_000 }),
    onResponse: () => {},
    onError: () => {},
    now: Date.now,
    ...given,
  });
}

/** The HTTP API on a fake Temporal server and a real folder, without a socket. */
export async function serveHarness({ keysFile, rateLimit }: ServeHarnessOptions = {}) {
  const { storage } = await tempStorage();
  const { key, sizeBytes } = result.video;
  const bytes = Buffer.alloc(sizeBytes);
  await storage.writeSmall(key, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const temporal = createFakeTemporal({ ...result.video, sha256, uri: storage.uriOf(key) });
  const log: AccessEntry[] = [];
  const errors: unknown[] = [];
  const clock = { ms: 0 };
  const tenants = await openTenants(keysFile, {
    now: () => clock.ms,
    onError: (error) => errors.push(error),
  });
  const ports = await testPorts({
    temporal: temporal.client,
    storage,
    authenticate: tenants.authenticate,
    links: tenants,
    onResponse: (entry) => log.push(entry),
    onError: (error) => errors.push(error),
    ...(rateLimit && { rateLimit }),
  });
  const app = createApp(ports);
  return { app, ports, tenants, temporal, log, errors, clock };
}
