import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ConnectProxy extends AsyncDisposable {
  url: string;
  /** The targets that were asked for, `host:port`. */
  targets: string[];
  /** `proxy-authorization` of each. */
  credentials: (string | undefined)[];
}

/** An HTTP proxy on loopback that leads every host to the given ports of this machine; others are refused. */
export async function startConnectProxy(
  hosts: Record<string, number>,
  { status = 200 }: { status?: number } = {},
): Promise<ConnectProxy> {
  const targets: string[] = [];
  const credentials: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('connect', ({ url = '', headers }, client: Socket) => {
    sockets.add(client);
    client.on('error', () => undefined);
    targets.push(url);
    credentials.push(headers['proxy-authorization']);
    const port = hosts[url.slice(0, url.lastIndexOf(':'))];
    if (status !== 200 || port === undefined) {
      client.end(`HTTP/1.1 ${status === 200 ? 403 : status} No\r\n\r\n`);
      return;
    }
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    targets,
    credentials,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
