import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { findFreePort } from '../../src/dev/free-port.ts';
import { inThePost } from './operator-actions.ts';
import { createHarness, until, untilPhase } from './harness.ts';

async function probe(port: number, path: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  return `${answer.status} ${(await answer.text()).trim()}`;
}

function listening(port: number): Record<string, string> {
  return { METRICS_PORT: String(port), METRICS_HOST: '127.0.0.1' };
}

test('a worker that gets SIGTERM during its POST is not ready at once, stays alive until the POST ends, and pays once', async () => {
  await using harness = await createHarness();
  const port = await findFreePort();
  const first = await harness.startWorker(listening(port));
  await until('readiness', async () => (await probe(port, '/readyz')) === '200 ready');
  expect(await probe(port, '/healthz')).toBe('200 ok');
  expect(await probe(port, '/')).toMatch(/^404 /);
  const videoId = await inThePost(harness, 'submit-slow=80');
  const stopped = first.stop();
  const refused = await until('the end of readiness', async () => {
    const answer = await probe(port, '/readyz');
    return answer !== '200 ready' && answer;
  });
  expect(refused).toBe('503 worker: stopping');
  expect(await probe(port, '/healthz')).toBe('200 ok');
  await stopped;
  await expect(probe(port, '/healthz')).rejects.toThrow('fetch failed');
  await harness.startWorker();
  await untilPhase(harness, videoId, ['stored']);
  expect(harness.gateway.ledger.posts).toHaveLength(1);
});

test('a worker whose port is in use does not start, and names the setting', async () => {
  await using harness = await createHarness();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  try {
    await expect(harness.startWorker(listening(port))).rejects.toThrow(
      /ended with 2: [^]*METRICS_PORT "\d+"/,
    );
  } finally {
    other.close();
  }
});
