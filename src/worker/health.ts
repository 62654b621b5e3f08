import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Readiness of a process; `reasons` is empty if it is ready. */
export interface Readiness {
  ready: boolean;
  reasons: string[];
}

export interface HealthServerOptions {
  host: string;
  port: number;
  /** Called for each request. */
  readiness: () => Promise<Readiness>;
  /** The metrics in the text format of Prometheus. */
  metrics: () => Promise<string>;
}

export interface HealthServer {
  port: number;
  stop(): Promise<void>;
}

/**
 * The HTTP port for health and metrics, of a worker or of the HTTP API: `/healthz` (200 while the process responds),
 * `/readyz` (200, or 503 with the reasons) and `/metrics`.
 *
 * @throws {Error} The port is not available.
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { host, port } = options;
  const server = createServer((request, response) => {
    void answer(options, request.url ?? '').then(
      (given) => send(response, given),
      (error: unknown) => send(response, { status: 500, text: `${String(error)}\n` }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  status: number;
  text: string;
}

async function answer({ readiness, metrics }: HealthServerOptions, path: string): Promise<Answer> {
  switch (path.split('?')[0]) {
    case '/healthz':
      return { status: 200, text: 'ok\n' };
    case '/readyz': {
      const { ready, reasons } = await readiness();
      return { status: ready ? 200 : 503, text: `${ready ? 'ready' : reasons.join('\n')}\n` };
    }
    case '/metrics':
      return { status: 200, text: await metrics() };
    default:
      return { status: 404, text: 'Not here: see /healthz, /readyz and /metrics\n' };
  }
}

function send(response: ServerResponse, { status, text }: Answer): void {
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  response.end(text);
}
