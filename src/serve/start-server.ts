import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { followConnections, type Connections } from './http/connections.ts';

/** Until the headers of a request must have arrived, and until an idle connection is closed. */
const idleMs = 30_000;
/** A connection without traffic. Longer than a long poll, and than the pause between two events of a stream. */
const silentMs = 65_000;
/** Requests that are under way at a shutdown. */
export const drainMs = 10_000;

/** Options of {@link startServer}. */
export interface ServerOptions {
  fetch: (request: Request) => Response | Promise<Response>;
  host: string;
  /** 0 selects a free port. */
  port: number;
  /** Until the headers of a request must have arrived, in milliseconds. Default 30 s. */
  headersMs?: number;
}

/** A listening server. */
export interface HttpServer extends Pick<Connections, 'traffic'> {
  url: string;
  /** Stops listening, lets requests finish for at most 10 s, then closes all connections. */
  stop(): Promise<void>;
}

/** Starts the server. @throws {Error} The port is not available. */
export async function startServer({
  fetch,
  host,
  port,
  headersMs = idleMs,
}: ServerOptions): Promise<HttpServer> {
  const server = createAdaptorServer({
    fetch,
    serverOptions: {
      headersTimeout: headersMs,
      keepAliveTimeout: idleMs,
      requestTimeout: 0,
      // Node looks for late headers only every 30 s.
      connectionsCheckingInterval: headersMs / 6,
    },
  }) as Server;
  server.setTimeout(silentMs);
  const { traffic, drain } = followConnections(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    traffic,
    stop: () => drain(drainMs),
  };
}
