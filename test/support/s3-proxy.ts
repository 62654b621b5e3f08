import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** `down`: connections are reset. `refusing`: parts of uploads get a 503. `slow`: each request waits before it goes on. */
export type ProxyMood = 'well' | 'down' | 'refusing' | 'slow';

/** Stands between a worker and an S3 server. */
export interface S3Proxy extends AsyncDisposable {
  /** To be used as the endpoint; signatures hold, since the name of the host is handed on. */
  endpoint: string;
  mood: ProxyMood;
  /** Requests that were met in a mood other than `well`. */
  disturbed: number;
}

const slowMs = 300;
const slowDown =
  '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>';

/** Starts a proxy before an S3 server, on loopback and a free port. */
export async function startS3Proxy(target: string): Promise<S3Proxy> {
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: S3Proxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mood: 'well',
    disturbed: 0,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const isPart = request.method === 'PUT' && request.url?.includes('partNumber=') === true;
    const { mood } = proxy;
    const isDisturbed = mood === 'down' || mood === 'slow' || (mood === 'refusing' && isPart);
    if (isDisturbed) proxy.disturbed += 1;
    if (isDisturbed && mood === 'down') return void request.socket.destroy();
    if (isDisturbed && mood === 'refusing') {
      request.resume();
      return void response.writeHead(503, { 'content-type': 'application/xml' }).end(slowDown);
    }
    if (isDisturbed) await delay(slowMs);
    handOn(target, request, response);
  };
  return proxy;
}

function handOn(target: string, request: IncomingMessage, response: ServerResponse): void {
  const { hostname: host, port } = new URL(target);
  const { method, url: path, headers } = request;
  const outgoing = httpRequest({ host, port, method, path, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  request.pipe(outgoing);
}
