import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openServeHealth, type ServeHealthOptions } from '../../src/cli/run/serve-health.ts';
import { findFreePort } from '../../src/dev/free-port.ts';

async function harness({ problem = null }: { problem?: string | null } = {}) {
  const port = await findFreePort();
  const world = { temporal: async () => {}, storage: async () => {} };
  const health = await openServeHealth({
    listen: { host: '127.0.0.1', port },
    connection: {
      withDeadline: (_: unknown, ask: () => Promise<unknown>) => ask(),
      workflowService: { getSystemInfo: () => world.temporal() },
    } as unknown as ServeHealthOptions['connection'],
    storage: { check: () => world.storage() },
    keysProblem: async () => problem,
    page: async () => 'onetake_http_streams 0\n',
  });
  onTestFinished(health.stop);
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return `${response.status} ${(await response.text()).trim()}`;
  };
  return { health, world, get };
}

describe('the health port of the HTTP API', () => {
  test('says ready only while the server runs, and healthy all the time', async () => {
    const { health, get } = await harness();
    expect(await get('/readyz')).toBe('503 serve: starting');
    health.set('running');
    expect(await get('/readyz')).toBe('200 ready');
    health.set('stopping');
    expect(await get('/readyz')).toBe('503 serve: stopping');
    expect(await get('/healthz')).toBe('200 ok');
    expect(await get('/metrics')).toBe('200 onetake_http_streams 0');
  });

  test('names Temporal, the storage and the keys file if they do not work', async () => {
    const { health, world, get } = await harness({ problem: 'not JSON' });
    world.temporal = () => Promise.reject(new Error('no server'));
    world.storage = () => Promise.reject(new Error('read-only'));
    health.set('running');
    expect(await get('/readyz')).toBe(
      '503 temporal: no server\nstorage: read-only\nkeys: not JSON',
    );
  });

  test('that is in use is an error that names the setting', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const options = { listen: { host: '127.0.0.1', port } } as unknown as ServeHealthOptions;
    await expect(openServeHealth(options)).rejects.toThrow(`METRICS_PORT "${port}"`);
  });
});
