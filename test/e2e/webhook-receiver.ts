import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { WebhookEvent } from '../../src/contract/webhook.ts';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';
import { createWebhookEndpoints } from '../../src/storage/records/webhook-endpoints.ts';
import type { Harness } from './harness.ts';

/** One POST as it arrived. */
export interface Received {
  headers: Record<string, string>;
  body: string;
}

/** A receiver of webhooks on loopback. Give its reply before something is sent to it. */
export interface Receiver extends AsyncDisposable {
  origin: string;
  /** All POSTs so far, the newest last. */
  received: Received[];
  /** Events that verified with the secret, in order of arrival. */
  verified(secret: string): WebhookEvent[];
  /** Default: 204. */
  reply(answer: (response: ServerResponse, count: number) => void): void;
  /** Connections are refused until `open()`. */
  close(): Promise<void>;
  open(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let answer = (response: ServerResponse, _count: number): void => {
    response.writeHead(204).end();
  };
  const begin = async (port: number): Promise<Server> => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const headers = Object.entries(request.headers).map(([name, value]) => [
          name,
          String(value),
        ]);
        received.push({
          headers: Object.fromEntries(headers) as Record<string, string>,
          body: Buffer.concat(chunks).toString('utf8'),
        });
        answer(response, received.length);
      });
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  let server: Server | undefined = await begin(0);
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    if (!server) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    server = undefined;
  };
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    verified: (secret) =>
      received.map(
        ({ headers, body }) => new Webhook(secret).verify(body, headers) as WebhookEvent,
      ),
    reply: (given) => {
      answer = given;
    },
    close,
    open: async () => {
      server = await begin(port);
    },
    [Symbol.asyncDispose]: close,
  };
}

/** A receiver with an endpoint that gets every event of a harness. */
export async function receiverOfAll({ env }: Pick<Harness, 'env'>): Promise<Receiver> {
  const receiver = await startReceiver();
  const storage = createFileStorage({ folder: env.STORAGE_URL });
  await createWebhookEndpoints({ storage }).add({ tenant: null, target: { url: receiver.origin } });
  return receiver;
}
