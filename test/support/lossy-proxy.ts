import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * What happens to one request.
 *
 * - `drop-request`: the connection is reset before the server sees the request.
 * - `drop-response`: the server answers, then the connection is reset.
 * - `cut-response`: the client gets the headers and half of the body, then the connection is reset.
 * - `answer-502`, `answer-503`: the server answers, the client gets this instead, as from a load balancer.
 * - `no-response`: the server answers, the client gets nothing until it gives up.
 */
export type LossyMode =
  | 'pass'
  | 'drop-request'
  | 'drop-response'
  | 'cut-response'
  | 'answer-502'
  | 'answer-503'
  | 'no-response';

/** One request that the proxy has received. */
export interface LossyRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  mode: LossyMode;
  /** Status that the server answered; absent if it never saw the request. */
  status?: number;
}

/** Between a client and an HTTP server. */
export interface LossyProxy extends AsyncDisposable {
  /** Origin, without trailing slash. */
  url: string;
  /** Modes of the next requests, in order. Later requests pass. */
  play(modes: readonly LossyMode[]): void;
  /** In the order in which they arrived. */
  requests: readonly LossyRequest[];
}

interface ServerAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/**
 * Starts a proxy on loopback and a free port. The servers at these origins get the requests in turn. It holds whole
 * bodies in memory.
 */
export async function startLossyProxy(...targets: [string, ...string[]]): Promise<LossyProxy> {
  const requests: LossyRequest[] = [];
  let script: LossyMode[] = [];
  const server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request;
    const seen: LossyRequest = { method, path, headers, mode: script.shift() ?? 'pass' };
    const target = targets[requests.length % targets.length] ?? targets[0];
    requests.push(seen);
    handle({ target, seen, request, response }).catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    play: (modes) => void (script = [...modes]),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Exchange {
  target: string;
  seen: LossyRequest;
  request: IncomingMessage;
  response: ServerResponse;
}

async function handle({ target, seen, request, response }: Exchange): Promise<void> {
  const reset = (): void => void request.socket.resetAndDestroy();
  const body = await buffer(request);
  if (seen.mode === 'drop-request') return reset();
  const answer = await forward(target, seen, body);
  seen.status = answer.status;
  if (seen.mode === 'drop-response') return reset();
  if (seen.mode === 'no-response') return;
  if (seen.mode === 'answer-502' || seen.mode === 'answer-503') {
    const status = Number(seen.mode.slice(-3));
    response.writeHead(status, { 'content-type': 'text/html' }).end(`<h1>${status}</h1>`);
    return;
  }
  response.writeHead(answer.status, endToEnd(answer.headers));
  if (seen.mode !== 'cut-response') return void response.end(answer.body);
  const half = answer.body.subarray(0, Math.floor(answer.body.length / 2));
  response.write(half, () => reset());
}

async function forward(target: string, seen: LossyRequest, body: Buffer): Promise<ServerAnswer> {
  const { method, path } = seen;
  const headers = { ...endToEnd(seen.headers), 'content-length': String(body.length) };
  const { hostname: host, port } = new URL(target);
  const outgoing = httpRequest({ host, port, method, path, headers, agent: false });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
}

/** The headers without those of one connection. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const ofOneConnection = ['connection', 'keep-alive', 'transfer-encoding'];
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !ofOneConnection.includes(name)),
  );
}
