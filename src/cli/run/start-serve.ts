import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Logger } from '@temporalio/common';
import { gatewayGeneration } from '../../config/gateway-config.ts';
import type { ServeConfig } from '../../config/serve-config.ts';
import { createApp } from '../../serve/app.ts';
import { createOpenStreams } from '../../serve/limits/open-streams.ts';
import { createHttpMetrics, type HttpMetrics } from '../../serve/metrics/http-metrics.ts';
import { openPorts } from '../../serve/open-ports.ts';
import type { ServePorts } from '../../serve/ports.ts';
import { startServer, type HttpServer } from '../../serve/start-server.ts';
import { createStorage, type StorageConfig } from '../../storage/create-storage.ts';
import type { Env } from '../context.ts';
import { openServeHealth } from './serve-health.ts';

/** What the HTTP API is made of. */
export interface ServeParts {
  config: ServeConfig;
  storage: StorageConfig;
  temporal: Client;
  env: Env;
  logger: Logger;
  /** Where health and metrics are served; nowhere if it is absent. */
  metrics?: { host: string; port: number };
}

/** Without a keys file, everybody on this machine is this tenant. */
const localTenant = { name: 'local', keyId: null };

/** A running HTTP API. */
export interface RunningServe {
  url: string;
  /** Not ready from now on; answers the requests under way, and ends. */
  stop(): Promise<void>;
}

/** Starts the HTTP API. @throws {Error} The port is not available. @throws {UsageError} That of the metrics is not. */
export async function startServe(parts: ServeParts): Promise<RunningServe> {
  const { config, temporal } = parts;
  let server: HttpServer | undefined;
  const storage = await createStorage(parts.storage);
  const streams = createOpenStreams(config.streamsPerKey);
  const metrics = createHttpMetrics({
    traffic: () => server?.traffic() ?? { received: 0, sent: 0 },
    streams: () => streams.size,
  });
  const closing = new AbortController();
  const { connection } = temporal;
  const health = await openServeHealth({
    listen: parts.metrics,
    connection,
    storage,
    page: metrics.page,
  });
  try {
    const ports = await makePorts(parts, { storage, streams, metrics, closing: closing.signal });
    const { fetch } = createApp(ports);
    server = await startServer({ fetch, host: config.host, port: config.port });
  } catch (error) {
    await health.stop();
    throw error;
  }
  const { url, stop } = server;
  health.set('running');
  return {
    url,
    stop: async () => {
      health.set('stopping');
      closing.abort();
      await stop();
      await health.stop();
    },
  };
}

interface Made extends Pick<ServePorts, 'storage' | 'streams' | 'closing'> {
  metrics: HttpMetrics;
}

async function makePorts(
  { config, temporal, env, logger }: ServeParts,
  { metrics, ...made }: Made,
): Promise<ServePorts> {
  const linkSecret = randomBytes(32).toString('hex');
  return openPorts({
    ...made,
    temporal,
    host: gatewayGeneration(env),
    withoutKey: config.withoutKey,
    authenticate: async () => localTenant,
    links: { isActive: async (keyId) => keyId === null, linkSecret: () => linkSecret },
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    onResponse: (entry) => {
      metrics.onResponse(entry);
      logger.info('Request', { ...entry });
    },
    onError: (error, requestId) => logger.error('Request failed', { requestId, error }),
    now: Date.now,
  });
}
