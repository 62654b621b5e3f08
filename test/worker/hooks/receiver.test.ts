import { EventEmitter, once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HookOutcome } from '../../../src/worker/hooks/gateway-hook.ts';
import { startReceiver, type ReceiverLimits } from '../../../src/worker/hooks/receiver.ts';
import { apiKey, completed, hookHarness, signed, type HookSetting } from './hook-harness.ts';

async function receiver(setting: HookSetting & { limits?: ReceiverLimits } = {}) {
  const { handle, woken } = hookHarness(setting);
  const outcomes: (HookOutcome | 'too_large')[] = [];
  const server = await startReceiver({
    host: '127.0.0.1',
    port: 0,
    handle,
    onHandled: ({ outcome }) => outcomes.push(outcome),
    ...(setting.limits && { limits: setting.limits }),
  });
  onTestFinished(() => server.stop());
  const post = (body: unknown, init: RequestInit = {}) => {
    const { headers, raw } = signed(body);
    return fetch(`${server.url}/hooks/gateway`, {
      method: 'POST',
      body: raw,
      ...init,
      headers: { ...(headers as Record<string, string>), ...(init.headers as object) },
    });
  };
  const open = async (): Promise<Socket> => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  return { server, post, open, woken, outcomes };
}

/** All that a server sends until it closes the connection. */
async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  if (!socket.closed) await once(socket, 'close');
  return text;
}

const head = `POST /hooks/gateway HTTP/1.1\r\nhost: onetake\r\n`;

describe('the receiver', () => {
  test.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded', ''])(
    'reads the raw bytes of a body of type "%s"',
    async (type) => {
      const { post, woken } = await receiver();
      expect((await post(completed, { headers: { 'content-type': type } })).status).toBe(202);
      expect(woken).toHaveLength(1);
    },
  );

  test('answers a wrong signature with 401, and no response tells a stranger anything', async () => {
    const { post, outcomes, woken } = await receiver();
    const wrong = { headers: { 'x-newapi-signature': `sha256=${'0'.repeat(64)}` } };
    for (const response of [await post(completed, wrong), await post(completed)]) {
      expect(await response.text()).toBe('');
      expect(JSON.stringify([...response.headers])).not.toMatch(/task_1|video|onetake/);
    }
    expect(outcomes).toEqual(['refused', 'woken']);
    expect(woken).toHaveLength(1);
  });

  test.each(['storage', 'Temporal'])(
    'answers 503 while %s is down, and 202 to the next try',
    async (place) => {
      let isDown = true;
      const { post, outcomes } = await receiver({
        ownerOf: async () => {
          if (isDown && place === 'storage') throw new Error(`${apiKey} down`);
          return { videoId: 'video/one' };
        },
        wake: async () => {
          if (isDown && place === 'Temporal') throw new Error('down');
          return true;
        },
      });
      const first = await post(completed);
      expect([first.status, await first.text()]).toEqual([503, '']);
      isDown = false;
      expect((await post(completed)).status).toBe(202);
      expect(outcomes).toEqual(['unavailable', 'woken']);
    },
  );

  test('takes a body of 64 KiB, and refuses more with 413, declared or not', async () => {
    const { post, outcomes } = await receiver();
    const padded = (sizeBytes: number) => JSON.stringify(completed).padEnd(sizeBytes, ' ');
    expect((await post(padded(64 * 1024))).status).toBe(202);
    expect((await post(padded(64 * 1024 + 1))).status).toBe(413);
    const pieces = new ReadableStream({
      pull: (controller) => controller.enqueue(Buffer.alloc(16 * 1024, ' ')),
    });
    const streamed = { body: pieces, duplex: 'half' } as RequestInit;
    // The connection may close before the response was read, but nothing else may be answered.
    const answer = await post(completed, streamed).catch(() => null);
    expect([413, undefined]).toContain(answer?.status);
    expect(outcomes).toEqual(['woken', 'too_large', 'too_large']);
  });

  test('asks the gateway to send the callback of an unknown job again', async () => {
    const { post, outcomes } = await receiver({ owners: {} });
    expect((await post(completed)).status).toBe(404);
    expect(outcomes).toEqual(['unknown_job']);
  });

  test('has one route', async () => {
    const { server, outcomes } = await receiver();
    const statusOf = async (path: string, method: string) =>
      (await fetch(`${server.url}${path}`, { method })).status;
    expect(await statusOf('/', 'POST')).toBe(404);
    expect(await statusOf('/hooks/gateway/', 'POST')).toBe(404);
    expect(await statusOf('/hooks/gateway', 'GET')).toBe(405);
    expect(await statusOf('/hooks/gateway?x=1', 'POST')).toBe(401);
    expect(outcomes).toEqual(['refused']);
  });
});

describe('a sender', () => {
  const limits = { headersMs: 60, requestMs: 120, maxConnections: 200 };

  test.each([
    ['whose headers never end', 'POST /hooks/gateway HTTP/1.1\r\nx-slow: '],
    ['whose body never ends', `${head}content-length: 100\r\n\r\n{`],
  ])('%s is disconnected', async (_name, text) => {
    const { open, outcomes } = await receiver({ limits });
    const socket = await open();
    socket.write(text);
    expect(await untilClosed(socket)).toMatch(/^(HTTP\/1\.1 408|$)/);
    expect(outcomes).toEqual([]);
  });

  test.each([
    ['breaks off in the body', `${head}content-length: 100\r\n\r\n{`],
    ['sends broken chunks', `${head}transfer-encoding: chunked\r\n\r\nnonsense\r\n`],
    ['speaks no HTTP', 'hello\r\n\r\n'],
  ])('that %s changes nothing for the next one', async (_name, text) => {
    const { open, post, outcomes } = await receiver();
    const socket = await open();
    socket.end(text);
    await untilClosed(socket);
    expect((await post(completed)).status).toBe(202);
    expect(outcomes).toEqual(['woken']);
  });

  test('that opens more connections than allowed is disconnected, and the others are served', async () => {
    const { open, outcomes, post } = await receiver({
      limits: { ...limits, headersMs: 60_000, requestMs: 60_000, maxConnections: 3 },
    });
    const kept = [await open(), await open()];
    expect((await post(completed)).status).toBe(202);
    const third = await open();
    const fourth = await open();
    await Promise.race([untilClosed(third), untilClosed(fourth)]);
    expect(kept.every(({ closed }) => !closed)).toBe(true);
    expect(outcomes).toEqual(['woken']);
  });
});

test('a receiver that stops answers the callback under way first', async () => {
  const gate = new EventEmitter();
  const arrived = once(gate, 'arrived');
  const { server, post } = await receiver({
    wake: async () => {
      const released = once(gate, 'released');
      gate.emit('arrived');
      await released;
      return true;
    },
  });
  const answer = post(completed);
  await arrived;
  const stopped = server.stop();
  gate.emit('released');
  expect((await answer).status).toBe(202);
  await stopped;
  await expect(post(completed)).rejects.toThrow('fetch failed');
});
