import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startSandboxGateway } from '../../src/sandbox-gateway/server.ts';
import { until } from '../e2e/harness.ts';

const apiKey = 'sk-callbacks';

interface Received {
  headers: IncomingHttpHeaders;
  raw: string;
}

/** A receiver that answers these statuses in turn, the last one again and again; and a gateway that calls it. */
async function harness({ statuses = [202], scenario = '' } = {}) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, raw: Buffer.concat(chunks).toString() });
      response.writeHead(statuses[received.length - 1] ?? statuses.at(-1) ?? 202).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const callbackUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  const gateway = await startSandboxGateway({
    apiKey,
    speed: 500,
    generation: 'plugins',
    scenario,
  });
  onTestFinished(() => gateway.stop());
  const submit = async (model = 'veo-3.1', body: object = { callback_url: callbackUrl }) => {
    const response = await fetch(`${gateway.url}/v1/videos`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, prompt: 'a cat', ...body }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const events = () => received.map(({ raw }) => JSON.parse(raw) as { id: string; type: string });
  return { gateway, submit, received, events, callbackUrl };
}

test('a job of a model whose host calls back is reported at its end, signed over the raw body', async () => {
  const { submit, received } = await harness();
  const { body } = await submit();
  await until('the callback', () => received.length > 0);
  const [{ headers, raw } = expect.fail('no callback')] = received;
  const signed = `${String(headers['x-newapi-timestamp'])}.${raw}`;
  const hex = createHmac('sha256', apiKey).update(signed).digest('hex');
  expect(headers['x-newapi-signature']).toBe(`sha256=${hex}`);
  expect(headers['x-newapi-event']).toBe('video.completed');
  expect(JSON.parse(raw)).toMatchObject({
    id: `evt_${String(body['id'])}_completed`,
    type: 'video.completed',
    data: { task_id: body['id'], model: 'veo-3.1', status: 'completed' },
  });
});

test('a failed job is reported as failed', async () => {
  const { submit, events } = await harness({ scenario: 'poll-failed-no-error' });
  await submit();
  await until('the callback', () => events().length > 0);
  expect(events()[0]?.type).toBe('video.failed');
});

test('a callback is repeated until it is taken', async () => {
  const { submit, received, gateway } = await harness({ statuses: [503, 401, 202] });
  await submit();
  await until('three tries', () => received.length === 3);
  await until('their statuses', () => gateway.ledger.callbacks.at(-1)?.status === 202);
  expect(gateway.ledger.callbacks.map(({ status }) => status)).toEqual([503, 401, 202]);
  expect(new Set(received.map(({ raw }) => raw)).size).toBe(1);
});

test.each([
  ['grok-imagine-video-1.5', 200],
  ['SD2.5 720P', 400],
])('%s makes no callback, and a submit with one gets %s', async (model, status) => {
  const { submit, gateway } = await harness();
  expect((await submit(model)).status).toBe(status);
  expect(gateway.ledger.paidJobs).toHaveLength(status === 200 ? 1 : 0);
  // The callback of a later job, which comes in any case.
  await submit();
  await until('a callback', () => gateway.ledger.callbacks.length > 0);
  expect(gateway.ledger.callbacks[0]?.jobId).toBe(gateway.ledger.paidJobs.at(-1)?.jobId);
});

test.each([
  ['callback-refused', 'invalid_callback_url'],
  ['callback-refused=plugin', 'plugin_request_invalid'],
])(
  '%s refuses a submit with a callback, at no cost, and takes one without',
  async (scenario, code) => {
    const { submit, gateway } = await harness({ scenario });
    const refused = await submit();
    expect([refused.status, refused.body['code']]).toEqual([400, code]);
    expect(gateway.ledger.paidJobs).toHaveLength(0);
    expect((await submit('veo-3.1', {})).status).toBe(200);
  },
);

test('callback-twice sends equal events, callback-chatty many before the end', async () => {
  const { submit, events } = await harness({ scenario: 'callback-twice=3' });
  await submit();
  await until('three callbacks', () => events().length === 3);
  expect(new Set(events().map(({ id }) => id)).size).toBe(1);
  const chatty = await harness({ scenario: 'callback-chatty=2' });
  await chatty.submit();
  await until('the end', () => chatty.events().at(-1)?.type === 'video.completed');
  const progress = chatty.events().filter(({ type }) => type === 'video.processing');
  expect(progress.length).toBeGreaterThan(2);
});
