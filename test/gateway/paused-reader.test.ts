import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createGateway } from '../../src/gateway/create-gateway.ts';

/**
 * A slow disk pauses the reader while the server has already said goodbye. With undici 7 that moment ends the whole
 * process by an assertion (nodejs/undici#5360); which sizes meet it depends on its buffers.
 */
test.each([60_000, 70_000, 88_968, 200_000, 2_000_000])(
  'a body of %i bytes arrives whole although its reader pauses until the server has closed',
  async (sizeBytes) => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': sizeBytes, connection: 'close', etag: '"1"' });
      response.end(Buffer.alloc(sizeBytes, 7));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const gateway = createGateway({ baseUrl: url, apiKey: 'sk-test' });
    const options = { headersTimeoutMs: 5_000, idleTimeoutMs: 5_000 };
    const accepted = once(server, 'connection');
    const result = await gateway.openResult({ url: `${url}/v1/videos/a/content` }, options);
    const [socket] = (await accepted) as [{ writableFinished: boolean }];
    await expect.poll(() => socket.writableFinished || sizeBytes > 1_000_000).toBe(true);
    for (let turn = 0; turn < 1_000; turn += 1) await setImmediate();
    let received = 0;
    for await (const chunk of result.body) received += chunk.length;
    expect(received).toBe(sizeBytes);
    server.close();
  },
);

test('a reader that is slower than the idle limit is no silence of the server', async () => {
  const sizeBytes = 4_000_000;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': sizeBytes });
    response.end(Buffer.alloc(sizeBytes, 7));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gateway = createGateway({ baseUrl: url, apiKey: 'sk-test' });
  const idleTimeoutMs = 40;
  const options = { headersTimeoutMs: 5_000, idleTimeoutMs };
  const result = await gateway.openResult({ url: `${url}/v1/videos/a/content` }, options);
  let [received, pauses] = [0, 0];
  for await (const chunk of result.body) {
    received += chunk.length;
    // The writer's own time, not a wait for something to happen.
    if ((pauses += 1) <= 3) await setTimeout(idleTimeoutMs * 3);
  }
  expect(received).toBe(sizeBytes);
});
