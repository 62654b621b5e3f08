import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { followConnections } from '../../src/ingress/connections.ts';

/** Longer than a test: a drain that needs it fails. */
const tooLongMs = 60_000;

async function harness(answer: (response: ServerResponse) => void) {
  const server = createServer((_request, response) => answer(response));
  server.keepAliveTimeout = tooLongMs;
  const connections = followConnections(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const get = async (): Promise<IncomingMessage> => {
    const sent = request({ port, host: '127.0.0.1', agent });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return response;
  };
  return { connections, port, get };
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

describe('a server that is drained', () => {
  test('answers the request under way, says that the connection closes, and refuses new ones', async () => {
    let answer: (() => void) | undefined;
    const { connections, get } = await harness((response) => {
      answer = () => void response.end('late');
    });
    const underWay = get();
    await expect.poll(() => answer).toBeDefined();
    const over = connections.drain(tooLongMs);
    await expect(get()).rejects.toThrow('ECONNREFUSED');
    answer?.();
    const response = await underWay;
    expect(response.headers.connection).toBe('close');
    expect(await textOf(response)).toBe('late');
    await over;
  });

  test('closes the connection of a stream when the stream ends, though its headers said keep-alive', async () => {
    let stream: ServerResponse | undefined;
    const { connections, get } = await harness((response) => {
      stream = response;
      response.write('first ');
    });
    const response = await get();
    expect(response.headers.connection).not.toBe('close');
    const over = connections.drain(tooLongMs);
    stream?.end('last');
    expect(await textOf(response)).toBe('first last');
    await over;
  });

  test('does not wait for idle connections, nor for those that have sent nothing', async () => {
    const { connections, get, port } = await harness((response) => void response.end('ok'));
    expect(await textOf(await get())).toBe('ok');
    const silent = connect({ port, host: '127.0.0.1' });
    await once(silent, 'connect');
    // The server has accepted it before it answers a later connection.
    await textOf(await get());
    await connections.drain(tooLongMs);
  });

  test('closes what is still open at the limit', async () => {
    const { connections, get } = await harness((response) => void response.write('endless '));
    const response = await get();
    await connections.drain(1);
    await expect(textOf(response)).rejects.toThrow('aborted');
  });
});

test('the traffic of a server counts open and closed connections', async () => {
  const { connections, get } = await harness((response) => void response.end('x'.repeat(10_000)));
  await textOf(await get());
  const open = connections.traffic();
  expect(open.received).toBeGreaterThan(20);
  expect(open.sent).toBeGreaterThan(10_000);
  await connections.drain(tooLongMs);
  expect(connections.traffic()).toEqual(open);
});
