import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { gatewayConfig } from '../../src/config/gateway-config.ts';
import { serveConfig } from '../../src/config/serve-config.ts';
import { storageConfig } from '../../src/config/storage-config.ts';
import { temporalConfig } from '../../src/config/temporal-config.ts';
import { workerConfig } from '../../src/config/worker-config.ts';
import { operateConfig } from '../../src/config/operate-config.ts';
import { parse } from 'dotenv';

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const example = await read('.env.example');
const named = new Set(
  Array.from(example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm), ([, name]) => name),
);

test('.env.example names every variable that src/config reads, and no other of ours', async () => {
  const files = await readdir(new URL('../../src/config/', import.meta.url));
  const config = (await Promise.all(files.map((name) => read(`src/config/${name}`)))).join('\n');
  const proxies = await read('src/egress/read-proxies.ts');
  const authorities = await read('src/cli/extra-authorities.ts');
  const ours = new Set(
    Array.from(config.matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm), ([, name]) => name),
  );
  const configured = new Set(
    Array.from(config.matchAll(/\{ ([A-Z][A-Z0-9_]+): z/g), ([, name]) => name).concat(
      ...ours,
      ...Array.from(authorities.matchAll(/env\['([A-Z_]+)'\]/g), ([, name]) => name),
      ...Array.from(proxies.matchAll(/'([A-Z]+_PROXY)'/g), ([, name]) => name),
    ),
  );
  const isOfTemporal = (name: string) => name.startsWith('TEMPORAL_') && !ours.has(name);
  const gatewayAndOurs = [...named].filter((name = '') => !isOfTemporal(name));
  expect(configured.size).toBeGreaterThan(5);
  const demanded = await demandedByCompose();
  expect(demanded).toContain('POSTGRES_PASSWORD');
  expect(new Set(gatewayAndOurs)).toEqual(new Set([...configured, ...demanded]));
});

/** Without them, docker compose does not start. */
async function demandedByCompose(): Promise<string[]> {
  const compose = await read('docker-compose.yml');
  return Array.from(compose.matchAll(/\$\{([A-Z_]+):\?/g), ([, name = '']) => name);
}

test('README.md names what docker compose demands', async () => {
  const readme = await read('README.md');
  for (const name of await demandedByCompose()) expect(readme).toContain(name);
});

test('.env.example names what Temporal tools share', () => {
  expect([...named]).toEqual(
    expect.arrayContaining([
      'TEMPORAL_ADDRESS',
      'TEMPORAL_NAMESPACE',
      'TEMPORAL_API_KEY',
      'TEMPORAL_TLS',
    ]),
  );
});

test('.env.example copied as it is gives the defaults, once a key is put in', () => {
  const env = { ...parse(example), GATEWAY_API_KEY: 'sk-test' };
  expect(gatewayConfig(env)).toEqual(gatewayConfig({ GATEWAY_API_KEY: 'sk-test' }));
  expect(storageConfig(env)).toEqual(storageConfig({}));
  expect(workerConfig(env)).toEqual(workerConfig({}));
  expect(operateConfig(env)).toEqual(operateConfig({}));
  expect(serveConfig(env)).toEqual(serveConfig({}));
  expect(temporalConfig(env).address).toBe('localhost:7233');
});
