import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';

export interface SeenRequest {
  method: string;
  /** The raw request target. */
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface WireServer extends AsyncDisposable {
  origin: string;
  port: number;
  seen: SeenRequest[];
}

export type Reply =
  | { status?: number; headers?: Record<string, string>; body?: string | Uint8Array }
  | ((request: SeenRequest, response: ServerResponse) => void);

/** A real HTTP server on loopback that gives its replies in turn, the last one again and again. */
export async function startWireServer(...replies: Reply[]): Promise<WireServer> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const arrived = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
      const reply = replies[Math.min(seen.push(arrived), replies.length) - 1] ?? {};
      if (typeof reply === 'function') return reply(arrived, response);
      response.writeHead(reply.status ?? 200, reply.headers);
      response.end(reply.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface TcpServer extends AsyncDisposable {
  origin: string;
  port: number;
  connections: Socket[];
}

/** A bare TCP server for faults that no HTTP server makes. */
export async function startTcpServer(onConnection: (socket: Socket) => void): Promise<TcpServer> {
  const connections: Socket[] = [];
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    connections.push(socket);
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    connections,
    async [Symbol.asyncDispose]() {
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A port where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = await startTcpServer(() => undefined);
  await server[Symbol.asyncDispose]();
  return server.port;
}
