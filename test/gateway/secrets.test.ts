import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/create-gateway.ts';
import { type Reply, startTcpServer, startWireServer } from '../fakes/wire-server.ts';

const canary = 'sk-canary/with+signs-0123456789';
const token = 'pat/CANARY+0123456789=';
const signature = 'SIGNATURE-CANARY';
const link = `https://media.example/x.mp4?X-Sig=${signature}'&t=1`;
const leak = `the key ${canary} and Bearer ${canary}, ${token}, see ${link} or /x?token=${signature}`;

const leaks: [string, Reply][] = [
  [
    'an error text',
    { status: 400, body: JSON.stringify({ code: 'invalid_request', message: leak }) },
  ],
  [
    'a nested error',
    {
      status: 400,
      body: JSON.stringify({ error: { message: `{"message":${JSON.stringify(leak)}}` } }),
    },
  ],
  [
    'a refusal of the dashboard',
    { body: JSON.stringify({ success: false, code: 'X', message: leak }) },
  ],
  ['a page', { status: 502, body: `<html>${leak}</html>` }],
  ['a 200 that is no JSON', { body: leak }],
  [
    'a header that breaks the parser',
    (_, response) => response.socket?.end(`HTTP/1.1 ${leak}\r\n\r\n`),
  ],
];

test.each(leaks)('no secret comes back in an error: %s', async (_, reply) => {
  await using server = await startWireServer(reply);
  const gateway = createGateway({ baseUrl: server.origin, apiKey: canary, accessToken: token });
  const options = { timeoutMs: 5_000 };
  const attempts = [
    gateway.submit({ format: 'videos', body: { model: 'm', prompt: 'p' } }, options),
    gateway.status({ format: 'videos', jobId: 't' }, options),
    gateway.listModels(options),
    gateway.findOwnJobs({ fromMs: 0, toMs: 1 }, options),
    gateway.readBalance(options),
    gateway.pricing(options),
    gateway.uploadMedia({ bytes: Buffer.from('x'), type: 'image/png' }, options),
    gateway.openResult(
      { url: `${server.origin}/x?sig=${signature}` },
      { headersTimeoutMs: 5_000, idleTimeoutMs: 5_000, rangeStart: 1 },
    ),
  ];
  for (const settled of await Promise.allSettled(attempts)) {
    const seen = inspect(settled, { depth: 9, showHidden: true }) + JSON.stringify(settled);
    expect(seen).not.toContain(canary);
    expect(seen).not.toContain(token);
    if (settled.status === 'rejected') expect(seen).not.toContain(signature);
  }
});

test('no secret comes back in the reason of a failed job', async () => {
  const body = { status: 'failed', error: { message: leak }, fail_reason: leak };
  await using server = await startWireServer({ body: JSON.stringify(body) });
  const gateway = createGateway({ baseUrl: server.origin, apiKey: canary, accessToken: token });
  const status = await gateway.status({ format: 'videos', jobId: 't' }, { timeoutMs: 5_000 });
  expect(status.failure?.message).toContain('https://media.example/x.mp4');
  expect(JSON.stringify(status)).not.toMatch(/canary/i);
});

test('no secret comes back when a signed link cannot be reached', async () => {
  await using server = await startTcpServer((socket) => socket.destroy());
  const gateway = createGateway({ baseUrl: server.origin, apiKey: canary, accessToken: token });
  const options = { headersTimeoutMs: 5_000, idleTimeoutMs: 5_000 };
  const error: unknown = await gateway
    .openResult({ url: `${server.origin}/v1/x?sig=${signature}` }, options)
    .catch((reason: unknown) => reason);
  expect(inspect(error, { depth: 9 })).not.toMatch(/canary/i);
  expect(String(error)).toContain(`${server.origin}/v1/x`);
});
