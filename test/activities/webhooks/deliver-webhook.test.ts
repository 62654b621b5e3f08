import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { activityHarness, failureOf } from '../../fakes/activity-harness.ts';
import { startTcpServer, startWireServer, type Reply } from '../../fakes/wire-server.ts';
import { attemptAt, deliverTo, endpointAt, input, secrets } from './delivering.ts';

test('a receiver gets one POST that verifies with both secrets, and its 2xx ends the delivery', async () => {
  const { server, run } = await attemptAt({ status: 204 });
  await using _ = server;
  expect(await run()).toEqual({ status: 204, attempts: 1 });
  expect(server.seen).toHaveLength(1);
  const [{ method, path, headers, body } = { headers: {}, body: '' }] = server.seen;
  expect([method, path]).toEqual(['POST', '/hooks?token=s3cr3t']);
  const given = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value)]),
  );
  for (const secret of secrets)
    expect(new Webhook(secret).verify(body, given)).toEqual(input.event);
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'onetake' });
  expect(headers).not.toHaveProperty('cookie');
});

describe('a failed attempt is retried, and says endpoint, host and reply', () => {
  test.each([
    [500, 'answered 500 "it broke": check its log'],
    [429, 'answered 429 "it broke": it asks for fewer requests'],
    [401, 'check the secret'],
    [404, 'check its address'],
  ])('for status %s', async (status, said) => {
    const { server, run } = await attemptAt({ status, body: ' it\r\n broke ' });
    await using _ = server;
    const failure = await failureOf(run());
    expect(failure).toMatchObject({ type: 'WebhookFailed', nonRetryable: false });
    expect(failure.nextRetryDelay).toBe(5_000);
    expect(failure.message).toContain(`Webhook endpoint "we_1" (127.0.0.1:${server.port}) `);
    expect(failure.message).toContain(said);
  });

  test('for a redirect, which is not followed', async () => {
    await using other = await startWireServer({ status: 200 });
    const location = `${other.origin}/moved?token=abc`;
    const { server, run } = await attemptAt({ status: 307, headers: { location } });
    await using _ = server;
    const { message } = await failureOf(run());
    expect(message).toContain(`a redirect to "127.0.0.1:${other.port}", which is not followed`);
    expect(message).not.toContain('token');
    expect(other.seen).toEqual([]);
  });

  test('for a receiver that does not answer in time', async () => {
    const { server, run } = await attemptAt(() => {}, { timeoutMs: 100 });
    await using _ = server;
    expect((await failureOf(run())).message).toContain(
      'gave no answer: No complete response within 100 ms',
    );
  });

  test('for a receiver that closes the connection', async () => {
    await using server = await startTcpServer((socket) => socket.destroy());
    const deliver = deliverTo(endpointAt(`${server.origin}/`), { trusted: server.origin });
    const failure = await failureOf(activityHarness().run(deliver, input));
    expect(failure).toMatchObject({ type: 'WebhookFailed' });
    expect(failure.message).toContain('gave no answer');
  });
});

test('a failure contains no secret, no signature, and not the query of the address, even if the receiver repeats them', async () => {
  const echo: Reply = ({ headers, path }, response) => {
    response.writeHead(500);
    response.end(`${path} ${String(headers['webhook-signature'])} ${secrets.join(' ')}`);
  };
  const { server, run } = await attemptAt(echo);
  await using _ = server;
  const failure = await failureOf(run());
  const told = JSON.stringify([failure.message, failure.details]);
  const signatures = String(server.seen[0]?.headers['webhook-signature']).split(' ');
  const hidden = [...secrets, ...signatures.map((text) => text.slice(3)), 's3cr3t'];
  expect(signatures).toHaveLength(2);
  for (const text of hidden) expect(told).not.toContain(text);
});

test.each([
  ['/services/T0000AAA/B0000BBB/s3cr3tpath', ({ path }: { path: string }) => `Cannot POST ${path}`],
  [
    '/in?code=s3cr3tcode%2Fx',
    ({ path }: { path: string }) => `no ${decodeURIComponent(path)} here`,
  ],
  ['/in?code=s3cr3tcode', () => 'unknown code s3cr3tcode'],
  ['/hooks/s3cr3tpath', () => '{"path":"\\/hooks\\/s3cr3tpath"}'],
])('a failure contains no part of the address %s that a receiver repeats', async (at, said) => {
  await using server = await startWireServer(({ path }, response) => {
    response.writeHead(404).end(said({ path }));
  });
  const deliver = deliverTo(endpointAt(`${server.origin}${at}`), { trusted: server.origin });
  const { message } = await failureOf(activityHarness().run(deliver, input));
  expect(message).toMatch(/answered 404 ".+"/);
  expect(message).not.toMatch(/s3cr3t|T0000AAA|B0000BBB/);
});

test('a reply of megabytes is read up to 4 KB, and quoted with 200 characters', async () => {
  const { server, run } = await attemptAt({ status: 500, body: Buffer.alloc(30_000_000, 'x ') });
  await using _ = server;
  const { message } = await failureOf(run());
  expect(message.length).toBeLessThan(400);
});

test('a 2xx counts, even if the rest of the response never arrives', async () => {
  const hang: Reply = (_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"par');
  };
  const { server, run } = await attemptAt(hang, { timeoutMs: 300 });
  await using _ = server;
  expect(await run()).toMatchObject({ status: 200 });
});

describe('Retry-After', () => {
  const hourMs = 3_600_000;
  test.each([
    ['7200', 2 * hourMs],
    ['1', 5_000],
    ['99999999', 24 * hourMs],
    ['soon', 5_000],
  ])('of %s is obeyed up to 1 day, and never shortens the wait', async (after, waitMs) => {
    const { server, run } = await attemptAt({ status: 503, headers: { 'retry-after': after } });
    await using _ = server;
    expect((await failureOf(run())).nextRetryDelay).toBe(waitMs);
  });

  test('may be a date', async () => {
    const date = new Date(Date.now() + hourMs).toUTCString();
    const { server, run } = await attemptAt({ status: 429, headers: { 'retry-after': date } });
    await using _ = server;
    const { nextRetryDelay } = await failureOf(run());
    expect(Number(nextRetryDelay)).toBeGreaterThan(0.9 * hourMs);
    expect(Number(nextRetryDelay)).toBeLessThanOrEqual(hourMs);
  });
});

describe('a delivery ends without a retry', () => {
  test('if the receiver answers 410', async () => {
    const { server, run } = await attemptAt({ status: 410 });
    await using _ = server;
    const failure = await failureOf(run());
    expect(failure).toMatchObject({ type: 'WebhookEnded', nonRetryable: true });
    expect(failure.message).toContain('"we_1": it answered 410 (gone)');
  });

  test('if the endpoint was removed', async () => {
    const failure = await failureOf(activityHarness().run(deliverTo(null), input));
    expect(failure).toMatchObject({ type: 'WebhookEnded', nonRetryable: true });
    expect(failure.message).toContain('the endpoint was removed');
  });
});
