import type { Server, ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { followConnections, type Connections } from './connections.ts';

/** Until the headers of a request must have arrived, and until an idle connection is closed. */
const idleMs = 30_000;

/** Limits of a server for slow senders, for `createServer`. @param headersMs Default 30 s. */
export function connectionLimits({ headersMs = idleMs }: { headersMs?: number | undefined } = {}) {
  return {
    headersTimeout: headersMs,
    keepAliveTimeout: idleMs,
    // Node looks for late headers and requests only every 30 s.
    connectionsCheckingInterval: Math.ceil(headersMs / 6),
  } satisfies ServerOptions;
}

/** Where {@link listen} listens. Port 0 selects a free one. */
export interface Listening {
  host: string;
  port: number;
  /** Time for the requests that are under way when the server stops. */
  drainMs: number;
}

/** A listening server. */
export interface ListeningServer extends Pick<Connections, 'traffic'> {
  url: string;
  /** Stops listening, lets requests finish for `drainMs`, then closes all connections. */
  stop(): Promise<void>;
}

/** Lets a server listen, and follows its connections. @throws {Error} The port is not available. */
export async function listen(
  server: Server,
  { host, port, drainMs }: Listening,
): Promise<ListeningServer> {
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
