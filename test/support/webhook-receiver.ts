import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook as it arrived. */
export interface ReceivedWebhook {
  path: string;
  headers: Record<string, string>;
  /** Exactly what was signed. */
  body: string;
}

export interface WebhookReceiver extends AsyncDisposable {
  origin: string;
  received: ReceivedWebhook[];
}

/**
 * A receiver of webhooks on this machine.
 *
 * @param onReceived Called before the response. Returns its status.
 */
export async function startWebhookReceiver(
  onReceived: (webhook: ReceivedWebhook) => number | Promise<number> = () => 204,
): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.entries(request.headers).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value]] : [],
      );
      const webhook = {
        path: request.url ?? '',
        headers: Object.fromEntries(headers) as Record<string, string>,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      const answer = (status: number) => {
        received.push(webhook);
        response.writeHead(status).end();
      };
      Promise.resolve(onReceived(webhook)).then(answer, () => answer(500));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
