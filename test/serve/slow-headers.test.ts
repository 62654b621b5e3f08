import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startServer } from '../../src/serve/start-server.ts';

test('a client that sends its headers byte by byte is answered with 408 and cut off', async () => {
  let requests = 0;
  const server = await startServer({
    fetch: () => {
      requests += 1;
      return new Response('ok');
    },
    host: '127.0.0.1',
    port: 0,
    headersMs: 120,
  });
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  const received: string[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk.toString()));
  socket.on('error', () => {});
  socket.write('GET / HTTP/1.1\r\nHost: here\r\n');
  const drip = setInterval(() => socket.write('X-Slow: 1\r\n'), 10);
  await once(socket, 'close');
  clearInterval(drip);
  await server.stop();
  expect(received.join('')).toMatch(/^HTTP\/1\.1 408 /);
  expect(requests).toBe(0);
});
