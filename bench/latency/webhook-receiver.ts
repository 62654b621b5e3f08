import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WebhookEvent } from '../../src/contract/webhook.ts';
import { createFileStorage } from '../../src/storage/folder/folder-storage.ts';
import { createWebhookEndpoints } from '../../src/storage/records/webhook-endpoints.ts';

/** Receives our webhooks on this machine. */
export interface WebhookReceiver extends AsyncDisposable {
  origin: string;
  /** When `video.completed` first arrived, by the id of the video. Milliseconds since the epoch. */
  arrivals: ReadonlyMap<string, number>;
}

/** Starts a receiver, and records it as an endpoint in the storage of the bench. */
export async function startWebhookReceiver({
  folder,
}: {
  folder: string;
}): Promise<WebhookReceiver> {
  const arrivals = new Map<string, number>();
  const server = createServer((request, response) => {
    const at = Date.now();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(204).end();
      const event = JSON.parse(Buffer.concat(chunks).toString('utf8')) as WebhookEvent;
      const isFirst = event.type === 'video.completed' && !arrivals.has(event.data.id);
      if (isFirst) arrivals.set(event.data.id, at);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoints = createWebhookEndpoints({ storage: createFileStorage({ folder }) });
  await endpoints.add({ tenant: null, target: { url: `${origin}/webhooks` } });
  return {
    origin,
    arrivals,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
