import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { findFreePort } from '../../src/dev/free-port.ts';
import { readSamples } from '../../src/worker/metrics/read-samples.ts';
import { createHarness, until, type Harness } from './harness.ts';
import { startServeProcess, type ServeProcess } from './serve-process.ts';

let harness: Harness;

/** Without a worker, so a video stays as it is. */
beforeAll(async () => {
  harness = await createHarness();
});

afterAll(() => harness?.[Symbol.asyncDispose]());

async function startServe(): Promise<{ serve: ServeProcess; metricsPort: number }> {
  const metricsPort = await findFreePort();
  const serve = await startServeProcess({
    ...harness.env,
    METRICS_PORT: String(metricsPort),
    METRICS_HOST: '127.0.0.1',
  });
  onTestFinished(serve.kill);
  return { serve, metricsPort };
}

async function health(port: number, path: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return `${response.status} ${(await response.text()).trim()}`;
}

async function metric(port: number, name: string, label?: string): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const found = readSamples(page).find(
    (sample) =>
      sample.name === name && (label === undefined || Object.values(sample.labels).includes(label)),
  );
  return found?.value ?? 0;
}

/** Bytes that the server has received on its connections. */
const received = (port: number) => metric(port, 'onetake_http_bytes_total', 'received');
/** Open event streams. */
const open = (port: number) => metric(port, 'onetake_http_streams');

const body = JSON.stringify({ model: 'sora-2', prompt: 'A cat naps in the sun', seconds: '4' });

async function create({ url }: ServeProcess): Promise<{ id: string }> {
  const response = await fetch(`${url}/v1/videos`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return (await response.json()) as { id: string };
}

/** A create whose body has arrived by half. */
async function halfCreate({ url }: ServeProcess, metricsPort: number): Promise<ClientRequest> {
  const before = await received(metricsPort);
  const sent = request(`${url}/v1/videos`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
  });
  sent.write(body.slice(0, 20));
  await until('half a request', async () => (await received(metricsPort)) > before);
  return sent;
}

async function answerTo(sent: ClientRequest): Promise<{ status?: number; json: unknown }> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { ...(response.statusCode && { status: response.statusCode }), json: JSON.parse(text) };
}

describe('onetake serve that gets SIGTERM', () => {
  test('is not ready at once, refuses new connections, answers the create under way and ends with 0', async () => {
    const { serve, metricsPort } = await startServe();
    expect(await health(metricsPort, '/readyz')).toBe('200 ready');
    const half = await halfCreate(serve, metricsPort);
    const stopped = serve.stop();
    await until(
      'the end of readiness',
      async () => (await health(metricsPort, '/readyz')) === '503 serve: stopping',
    );
    expect(await health(metricsPort, '/healthz')).toBe('200 ok');
    await expect(fetch(`${serve.url}/v1/videos`)).rejects.toThrow('fetch failed');
    half.end(body.slice(20));
    expect(await answerTo(half)).toMatchObject({
      status: 200,
      json: { object: 'video', status: 'queued', onetake: { outcome: 'started' } },
    });
    await stopped;
    expect(await serve.ended).toEqual([0, null]);
  });

  test('answers a wait under way with the video as it is', async () => {
    const { serve, metricsPort } = await startServe();
    const { id } = await create(serve);
    const before = await received(metricsPort);
    const wait = fetch(`${serve.url}/v1/videos/${id}?wait=30`);
    await until('the wait', async () => (await received(metricsPort)) > before);
    await serve.stop();
    expect(await (await wait).json()).toMatchObject({ id, status: 'queued' });
    expect(await serve.ended).toEqual([0, null]);
  });

  test('ends an event stream with a comment, and without an event that says the video has ended', async () => {
    const { serve, metricsPort } = await startServe();
    const { id } = await create(serve);
    const stream = await fetch(`${serve.url}/v1/videos/${id}/events`);
    await until('the stream', async () => (await open(metricsPort)) === 1);
    await serve.stop();
    const text = await stream.text();
    expect(text).not.toContain('event: end');
    expect(text).toMatch(/\n: the server stops; connect again\n\n$/);
    expect(await serve.ended).toEqual([0, null]);
  });

  test('and a second one ends at once, with a request under way', async () => {
    const { serve, metricsPort } = await startServe();
    const half = await halfCreate(serve, metricsPort);
    const failed = once(half, 'error');
    process.kill(serve.pid, 'SIGTERM');
    await until(
      'the end of readiness',
      async () => (await health(metricsPort, '/readyz')) === '503 serve: stopping',
    );
    process.kill(serve.pid, 'SIGTERM');
    expect(await serve.ended).toEqual([null, 'SIGTERM']);
    await failed;
  });
});
