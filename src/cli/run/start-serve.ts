import type { Client } from '@temporalio/client';
import type { Logger } from '@temporalio/common';
import { gatewayGeneration } from '../../config/gateway-config.ts';
import { webhooksConfig } from '../../config/webhooks-config.ts';
import { ownPrices } from '../../config/worker-config.ts';
import type { ServeConfig } from '../../config/serve-config.ts';
import { priceBook } from '../../contract/price/price-book.ts';
import { approveFace } from '../../mcp/approve/approve-face.ts';
import { addMcp } from '../../mcp/mcp-app.ts';
import { createApp, type AddFace } from '../../serve/app.ts';
import { createOpenStreams } from '../../serve/limits/open-streams.ts';
import { createRateLimit } from '../../serve/limits/rate-limit.ts';
import { createHttpMetrics, type HttpMetrics } from '../../serve/metrics/http-metrics.ts';
import { openPorts } from '../../serve/open-ports.ts';
import type { ServePorts } from '../../serve/ports.ts';
import { startServer, type HttpServer } from '../../serve/start-server.ts';
import { openTenants, type Tenants } from '../../serve/tenants/open-tenants.ts';
import { addStudio } from '../../studio/studio-app.ts';
import { createStorage, type StorageConfig } from '../../storage/create-storage.ts';
import type { Env } from '../context.ts';
import { mcpPorts } from '../mcp/mcp-ports.ts';
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

/** A running HTTP API. */
export interface RunningServe {
  url: string;
  /** Not ready from now on; answers the requests under way, and ends. */
  stop(): Promise<void>;
}

/**
 * Starts the HTTP API.
 *
 * @throws {Error} The port is not available.
 * @throws {UsageError} That of the metrics is not.
 * @throws {ConfigError} The keys file cannot be used.
 */
export async function startServe(parts: ServeParts): Promise<RunningServe> {
  const { config, temporal, logger } = parts;
  const tenants = await openTenants(config.keysFile, {
    onError: ({ message }) => logger.error(`${message}; the API keys read before stay in use`),
  });
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
    keysProblem: tenants.problem,
    page: metrics.page,
  });
  try {
    const contents = await createStorage(parts.storage);
    const made = { storage, contents, streams, metrics, tenants, closing: closing.signal };
    const ports = await makePorts(parts, made);
    const faces = [studioFace(parts, ports), approveFace(ports), mcpFace(parts, ports)];
    const { fetch } = createApp(ports, faces);
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

function studioFace({ config, temporal }: ServeParts, ports: ServePorts): AddFace {
  const { temporalUi } = config;
  const { namespace } = temporal.options;
  return (app) => addStudio(app, { ...ports, namespace, ...(temporalUi && { temporalUi }) });
}

function mcpFace({ env }: ServeParts, ports: ServePorts): AddFace {
  // All replicas with one keys file sign alike.
  const stateSecret = () => ports.links.linkSecret();
  return (app) => addMcp(app, mcpPorts(ports, { env, stateSecret }));
}

interface Made extends Pick<ServePorts, 'storage' | 'contents' | 'streams' | 'closing'> {
  metrics: HttpMetrics;
  tenants: Tenants;
}

async function makePorts(
  { config, temporal, env, logger }: ServeParts,
  { metrics, tenants, ...made }: Made,
): Promise<ServePorts> {
  return openPorts({
    ...made,
    temporal,
    host: gatewayGeneration(env),
    prices: priceBook(ownPrices(env)),
    trustedOrigins: webhooksConfig(env).trustedOrigins,
    withoutKey: config.withoutKey,
    authenticate: tenants.authenticate,
    links: tenants,
    rateLimit: createRateLimit(config.rate),
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    onResponse: (entry) => {
      metrics.onResponse(entry);
      logger.info('Request', { ...entry });
    },
    onError: (error, requestId) => logger.error('Request failed', { requestId, error }),
    now: Date.now,
  });
}
