import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { hooksChecks } from '../../src/cli/run/doctor-hooks.ts';
import { startReceiver } from '../../src/worker/hooks/receiver.ts';

async function checksOf(env: Record<string, string>) {
  const found = [];
  for await (const check of hooksChecks(env)) found.push(check);
  return found;
}

/** A server that is something else. */
async function otherServer(status: number, headers = {}): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status, headers).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('doctor checks no callbacks where none are configured', async () => {
  expect(await checksOf({})).toEqual([]);
});

test('doctor finds the receiver behind the public address', async () => {
  const receiver = await startReceiver({
    host: '127.0.0.1',
    port: 0,
    handle: async () => ({ outcome: 'refused', fault: 'unsigned' }),
    onHandled: () => {},
  });
  onTestFinished(() => receiver.stop());
  const [check] = await checksOf({ HOOKS_PUBLIC_URL: receiver.url });
  expect(check).toMatchObject({
    ok: true,
    found: `${receiver.url}/hooks/gateway leads to a receiver`,
  });
});

test.each([200, 302, 404, 502])('doctor reports an address that answers %s', async (status) => {
  const url = await otherServer(status);
  const [check] = await checksOf({ HOOKS_PUBLIC_URL: url });
  expect(check).toMatchObject({ ok: false, found: expect.stringContaining(`answers ${status}`) });
});

test('doctor reports a proxy that asks for a login', async () => {
  const url = await otherServer(401, { 'www-authenticate': 'Basic realm="staff"' });
  const [check] = await checksOf({ HOOKS_PUBLIC_URL: url });
  expect(check).toMatchObject({ ok: false, found: expect.stringContaining('asks for a login') });
});

test('doctor says that a receiver without a public address gets no callbacks', async () => {
  const [check] = await checksOf({ HOOKS_PORT: '8790' });
  expect(check?.found).toContain('HOOKS_PUBLIC_URL is not set');
});
