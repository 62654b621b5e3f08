import { randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Logger } from '@temporalio/common';
import { gatewayGeneration } from '../../config/gateway-config.ts';
import type { ServeConfig } from '../../config/serve-config.ts';
import { createApp } from '../../serve/app.ts';
import { createOpenStreams } from '../../serve/limits/open-streams.ts';
import { openPorts } from '../../serve/open-ports.ts';
import { startServer, type HttpServer } from '../../serve/start-server.ts';
import { createStorage, type StorageConfig } from '../../storage/create-storage.ts';
import type { Env } from '../context.ts';

/** What the HTTP API is made of. */
export interface ServeParts {
  config: ServeConfig;
  storage: StorageConfig;
  temporal: Client;
  env: Env;
  logger: Logger;
}

/** Without a keys file, everybody on this machine is this tenant. */
const localTenant = { name: 'local', keyId: null };

/** Starts the HTTP API. @throws {Error} The port is not available. */
export async function startServe(parts: ServeParts): Promise<HttpServer> {
  const { config, temporal, env, logger } = parts;
  const closing = new AbortController();
  const linkSecret = randomBytes(32).toString('hex');
  const ports = await openPorts({
    temporal,
    storage: await createStorage(parts.storage),
    host: gatewayGeneration(env),
    withoutKey: config.withoutKey,
    streams: createOpenStreams(config.streamsPerKey),
    closing: closing.signal,
    authenticate: async () => localTenant,
    links: { isActive: async (keyId) => keyId === null, linkSecret: () => linkSecret },
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
    onResponse: (entry) => logger.info('Request', { ...entry }),
    onError: (error, requestId) => logger.error('Request failed', { requestId, error }),
    now: Date.now,
  });
  const { fetch } = createApp(ports);
  const server = await startServer({ fetch, host: config.host, port: config.port });
  return {
    ...server,
    stop: () => {
      closing.abort();
      return server.stop();
    },
  };
}
