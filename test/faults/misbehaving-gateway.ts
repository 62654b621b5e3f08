import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with each POST after it has read all of it. */
export const misbehaviours = [
  ['drop', 'drops the connection (a job may exist)'],
  ['500', 'answers 500'],
  ['504', 'answers 504 (a job may exist)'],
  ['429', 'answers 429, `Retry-After: 2`'],
] as const;

export type Misbehaviour = (typeof misbehaviours)[number][0];

/** The delay that a 429 of the server requires, milliseconds. */
export const askedWaitMs = 2_000;

/** A server that reads paid requests and never reports their outcome. */
export interface MisbehavingGateway extends AsyncDisposable {
  url: string;
  /** When each POST had been read, milliseconds of a clock that only goes forward. */
  postedAt: number[];
  /** Headers by which a server could recognise a repeated request, in lower case. */
  idempotencyHeaders: Set<string>;
}

export async function startMisbehaving(what: Misbehaviour): Promise<MisbehavingGateway> {
  const postedAt: number[] = [];
  const idempotencyHeaders = new Set<string>();
  const server = createServer((request, response) => {
    void readAll(request).then(() => {
      if (request.method !== 'POST') return answer(response, 404);
      postedAt.push(performance.now());
      for (const name of Object.keys(request.headers)) {
        if (name.includes('idempot')) idempotencyHeaders.add(name);
      }
      if (what === 'drop') return request.socket.destroy();
      return answer(response, Number(what));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    postedAt,
    idempotencyHeaders,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readAll(request: IncomingMessage): Promise<void> {
  for await (const _part of request);
}

function answer(response: ServerResponse, status: number): void {
  const retryAfter = status === 429 ? { 'Retry-After': String(askedWaitMs / 1_000) } : {};
  response.writeHead(status, { 'Content-Type': 'application/json', ...retryAfter });
  response.end(JSON.stringify({ error: { message: 'no', type: 'server_error', code: null } }));
}
