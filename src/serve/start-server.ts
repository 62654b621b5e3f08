import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { connectionLimits, listen, type ListeningServer } from '../ingress/listen.ts';

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

/** A listening server; it lets requests finish for at most 10 s when it stops. */
export type HttpServer = ListeningServer;

/** Starts the server. @throws {Error} The port is not available. */
export async function startServer(options: ServerOptions): Promise<HttpServer> {
  const { fetch, host, port, headersMs } = options;
  const server = createAdaptorServer({
    fetch,
    serverOptions: { ...connectionLimits({ headersMs }), requestTimeout: 0 },
  }) as Server;
  server.setTimeout(silentMs);
  return listen(server, { host, port, drainMs });
}
