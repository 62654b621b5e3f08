import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connectionLimits, listen, type ListeningServer } from '../../ingress/listen.ts';
import type { HookOutcome, HookResult } from './gateway-hook.ts';
import type { SignedCallback } from './gateway-signature.ts';

/** Path of the callbacks of the gateway, on the receiver and behind `HOOKS_PUBLIC_URL`. */
export const gatewayHookPath = '/hooks/gateway';

/** A callback has a few hundred bytes. */
const maxBodyBytes = 64 * 1024;
/** The gateway gives up an attempt after 15 s. More connections are closed at once; the gateway tries again. */
const usualLimits: ReceiverLimits = { headersMs: 10_000, requestMs: 15_000, maxConnections: 200 };
const drainMs = 5_000;

/** Limits for strangers. */
export interface ReceiverLimits {
  /** Until the headers of a request must have arrived. */
  headersMs: number;
  /** Until the whole request must have arrived. */
  requestMs: number;
  maxConnections: number;
}

/** Options of {@link startReceiver}. */
export interface ReceiverOptions {
  host: string;
  port: number;
  handle: (callback: SignedCallback) => Promise<HookResult>;
  /** Called after each callback when its body has arrived, or was too large. */
  onHandled: (result: HookResult | { outcome: 'too_large' }) => void;
  limits?: ReceiverLimits;
}

/**
 * Starts the HTTP server for callbacks of the gateway. Responses have no body, so that they tell a stranger nothing.
 *
 * @throws {Error} The port is not available.
 */
export async function startReceiver(options: ReceiverOptions): Promise<ListeningServer> {
  const { host, port, limits = usualLimits } = options;
  const { headersMs, requestMs, maxConnections } = limits;
  const times = { ...connectionLimits({ headersMs }), requestTimeout: requestMs };
  const server = createServer(times, (request, response) => {
    answer(options, request, response).catch(() => request.destroy());
  });
  server.setTimeout(requestMs);
  server.maxConnections = maxConnections;
  return listen(server, { host, port, drainMs });
}

async function answer(
  { handle, onHandled }: ReceiverOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const isHook = request.url?.split('?')[0] === gatewayHookPath;
  if (!isHook) return end(response, 404);
  if (request.method !== 'POST') return end(response, 405, { allow: 'POST' });
  const raw = await readBody(request);
  if (raw === null) {
    onHandled({ outcome: 'too_large' });
    return end(response, 413);
  }
  const result = await handle({ headers: request.headers, raw });
  onHandled(result);
  response.writeHead(statuses[result.outcome]).end();
}

/** 2xx ends the attempts of the gateway; after another status it tries again. */
const statuses: Record<HookOutcome, number> = {
  woken: 202,
  not_final: 202,
  duplicate: 202,
  unknown_job: 404,
  closed: 202,
  refused: 401,
  unreadable: 400,
  unavailable: 503,
};

/** The rest of the body is not read, so the connection cannot be used again. */
function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { ...headers, connection: 'close' }).end();
}

/** @returns null if the body is too large. @throws {Error} The sender is gone. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return null;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
