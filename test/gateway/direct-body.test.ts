import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createNetwork } from '../../src/gateway/transport/network.ts';
import { openStream } from '../../src/gateway/transport/http-stream.ts';

const bytes = randomBytes(3_000_000);
const fixture = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));

type Talk = (socket: Socket) => Promise<void>;

async function serverOf(kind: 'http' | 'https', talk: Talk): Promise<string> {
  const answer = (socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => void talk(socket));
  };
  const server: Server =
    kind === 'http'
      ? createTcpServer(answer)
      : createTlsServer(
          { cert: fixture('media.test.crt'), key: fixture('media.test.key') },
          answer,
        );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `${kind}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function open(origin: string) {
  return openStream({
    url: { origin, path: '/' },
    headers: {},
    trusted: true,
    network: createNetwork({ gatewayHost: '127.0.0.1' }),
    headersTimeoutMs: 5_000,
    idleTimeoutMs: 5_000,
  });
}

/** Copies each chunk, after the caller has used some time: by then nothing may have changed it. */
async function read(origin: string, pauseTurns = 0): Promise<Buffer> {
  const { body } = await open(origin);
  const chunks: Buffer[] = [];
  for await (const chunk of body) {
    for (let turn = 0; turn < pauseTurns; turn += 1) await setImmediate();
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

/** Writes so that each piece is a read of its own, as far as the system allows. */
async function writeCut(socket: Socket, response: Buffer, cuts: number[]): Promise<void> {
  let at = 0;
  for (const cut of cuts.toSorted((one, other) => one - other)) {
    socket.write(response.subarray(at, cut));
    at = cut;
    for (let turn = 0; turn < 3; turn += 1) await setImmediate();
  }
  socket.write(response.subarray(at));
}

const ok = (head: string) => `HTTP/1.1 200 OK\r\n${head}\r\n\r\n`;
const early = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';

test.each([
  ['with a declared length', ok('Content-Length: 5'), 'whole'],
  ['after interim responses', early + early + ok('Content-Length: 5'), 'whole'],
  ['in chunks', ok('Transfer-Encoding: chunked'), '3\r\nwho\r\n2\r\nle\r\n0\r\n\r\n'],
  ['until the end of the connection', ok('Connection: close'), 'whole'],
  ['followed by bytes that are not its own', ok('Content-Length: 5'), 'wholeHTTP/1.1 200 OK'],
])('a body %s is the same wherever its response is divided', async (_name, head, body) => {
  const response = Buffer.from(head + body);
  const places = fc.uniqueArray(fc.nat(response.length), { maxLength: 6 });
  let cuts: number[] = [];
  const origin = await serverOf('http', async (socket) => {
    await writeCut(socket, response, cuts);
    socket.end();
  });
  await fc.assert(
    fc.asyncProperty(places, async (given) => {
      cuts = given;
      expect(String(await read(origin))).toBe('whole');
    }),
    { numRuns: 25 },
  );
});

test.each(['http', 'https'] as const)(
  'a large body over %s arrives unchanged, also for a slow reader',
  async (kind) => {
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    onTestFinished(() => {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    });
    const origin = await serverOf(kind, async (socket) => {
      socket.write(ok(`Content-Length: ${bytes.length}`));
      socket.end(bytes);
    });
    for (const pauseTurns of [0, 1, 7]) {
      expect((await read(origin, pauseTurns)).equals(bytes)).toBe(true);
    }
  },
);

test('a connection that breaks gives the bytes before, and then an error', async () => {
  const origin = await serverOf('http', async (socket) => {
    socket.write(ok(`Content-Length: ${bytes.length}`));
    socket.end(bytes.subarray(0, 1_000_000));
  });
  const { body } = await open(origin);
  let received = 0;
  const reading = (async () => {
    for await (const chunk of body) received += chunk.length;
  })();
  await expect(reading).rejects.toMatchObject({ name: 'TransportError', fault: 'connection' });
  expect(received).toBe(1_000_000);
});

test('a body that is closed while its reader waits fails, and the server sees the end', async () => {
  let closed: Promise<unknown> | undefined;
  const origin = await serverOf('http', async (socket) => {
    closed = once(socket, 'close');
    socket.write(`${ok('Content-Length: 10')}abc`);
  });
  const { body, close } = await open(origin);
  const reader = body[Symbol.asyncIterator]();
  expect(String((await reader.next()).value)).toBe('abc');
  const next = reader.next();
  close();
  await expect(next).rejects.toMatchObject({ name: 'TransportError' });
  await closed;
});
