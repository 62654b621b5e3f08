import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { z } from 'zod';
import { temporalModule } from '../deploy/postgres/temporal-binaries.ts';
import { findFreePort } from '../src/dev/free-port.ts';
import { shutdownGraceMs } from '../src/contract/submit-times.ts';
import { searchAttributeNames } from '../src/contract/search-attributes.ts';
import { drainMs } from '../src/serve/start-server.ts';
import { newestLts } from '../tools/newest-lts.ts';

const serviceSchema = z.strictObject({
  image: z.string().optional(),
  build: z.string().optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  env_file: z.array(z.strictObject({ path: z.string(), required: z.boolean() })).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  volumes: z.array(z.string()).optional(),
  ports: z.array(z.string()).optional(),
  healthcheck: z
    .union([
      z.looseObject({ test: z.array(z.string()).min(2) }),
      z.strictObject({ disable: z.literal(true) }),
    ])
    .optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.string() })).optional(),
  restart: z.string().optional(),
  init: z.boolean().optional(),
  hostname: z.string().optional(),
  profiles: z.array(z.string()).optional(),
  stop_grace_period: z.string().optional(),
});

/** The part of the compose specification that our file uses: a misspelt key does not pass. */
const composeSchema = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.null()),
});

const addFormats = formats.default;
const read = (name: string) => readFile(new URL(`../${name}`, import.meta.url), 'utf8');
const dockerfile = await read('Dockerfile');
const compose = composeSchema.parse(parse(await read('docker-compose.yml')));
const services = Object.entries(compose.services);
const worker = compose.services['worker'];

function seconds(text: string | undefined): number {
  return Number(/^(\d+)s$/.exec(text ?? '')?.[1]);
}

describe('docker-compose.yml', () => {
  test('is valid by the schema of the compose specification', async () => {
    const text = await read('node_modules/dclint/schemas/compose.schema.json');
    // It names its draft by https, the only spelling that Ajv does not know.
    const schema: object = JSON.parse(text.replace('https://json-schema', 'http://json-schema'));
    const validate = addFormats(new Ajv({ strict: false, allErrors: true })).compile(schema);
    validate(parse(await read('docker-compose.yml')));
    expect(validate.errors ?? []).toEqual([]);
  });

  test.each(services)('%s runs a pinned image or one of ours', (_name, { image, build }) => {
    if (image === undefined) expect(build).toBe('.');
    else expect(image).toMatch(/:\d+\.\d+(\.\d+)?$/);
  });

  test('the deprecated auto-setup image is not used', () => {
    expect(services.map(([, { image }]) => image)).not.toContainEqual(
      expect.stringContaining('auto-setup'),
    );
  });

  test('server and admin tools are of one version', () => {
    const tags = ['temporal', 'temporal-schema', 'temporal-namespace'].map(
      (name) => compose.services[name]?.image?.split(':')[1],
    );
    expect(new Set(tags).size).toBe(1);
  });

  test.each(services)('%s waits for services that exist and can tell', (_name, service) => {
    for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
      const needed = compose.services[name];
      if (condition === 'service_healthy') expect(needed).toHaveProperty('healthcheck');
      else
        expect([condition, needed?.restart]).toMatchObject([
          'service_completed_successfully',
          expect.stringMatching(/^on-failure/),
        ]);
    }
  });

  test.each(services)(
    '%s mounts folders of deploy/ read-only, or declared volumes',
    (_name, service) => {
      for (const volume of service.volumes ?? []) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('.')) expect(volume).toBe('./deploy:/deploy:ro');
        else expect(compose.volumes).toHaveProperty(source);
      }
    },
  );

  test.each(services)('%s is reachable from this machine only', (_name, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test.each(services)('%s holds no secret literal', (_name, { environment = {} }) => {
    for (const [name, value] of Object.entries(environment)) {
      const isSecret = /KEY|PASSWORD|PWD|SECRET|TOKEN/.test(name) && !name.endsWith('_FILE');
      if (isSecret && value !== '') expect(value).toMatch(/^\$\{\w+:\?[^}]*\}$/);
    }
  });

  test('the worker is given more time to stop than it takes for itself', () => {
    expect(1_000 * seconds(worker?.stop_grace_period)).toBeGreaterThan(shutdownGraceMs);
  });

  test('the worker keeps its videos on a volume that its image makes writable', () => {
    const folder = String(worker?.environment?.['STORAGE_URL']);
    expect(worker?.volumes).toContain(`storage:${folder}`);
    expect(dockerfile).toContain(`--owner=node --group=node ${folder}`);
  });

  test('the HTTP API listens on the published port, and keeps its API keys on a volume that is writable', () => {
    const serve = compose.services['serve'];
    const { SERVE_PORT: port, SERVE_KEYS_FILE: file } = serve?.environment ?? {};
    expect(serve?.ports).toEqual([`127.0.0.1:8787:${port}`]);
    const folder = dirname(String(file));
    expect(serve?.volumes).toContain(`tenants:${folder}`);
    expect(dockerfile).toMatch(new RegExp(`--owner=node --group=node .*${folder}$`, 'm'));
    expect(1_000 * seconds(serve?.stop_grace_period)).toBeGreaterThan(drainMs);
  });

  test('the HTTP API gets no API key of the gateway, whatever .env has', () => {
    const { env_file: file, environment } = compose.services['serve'] ?? {};
    expect(file).toEqual([{ path: '.env', required: false }]);
    expect(environment).toMatchObject({ GATEWAY_API_KEY: '', GATEWAY_ACCESS_TOKEN: '' });
  });

  test('the worker gets every setting of .env, whatever settings there will be', () => {
    expect(worker?.env_file).toEqual([{ path: '.env', required: false }]);
  });

  test('the sandbox gateway, which is no worker, is not asked for the health of one', () => {
    expect(compose.services['sandbox']?.healthcheck).toEqual({ disable: true });
  });

  test('the sandbox gateway starts only on request, under the name it listens on', () => {
    const sandbox = compose.services['sandbox'];
    const host = sandbox?.command?.[(sandbox.command.indexOf('--host') ?? -1) + 1];
    expect(sandbox?.profiles).toEqual(['sandbox']);
    expect(host).toBe(sandbox?.hostname);
  });
});

test('the namespace script registers the search attributes that the workflows write', async () => {
  const script = await read('deploy/temporal-namespace.sh');
  expect(script).toContain(`for name in ${searchAttributeNames.join(' ')}; do`);
});

test('the server without containers is of the version that compose starts', () => {
  expect(compose.services['temporal']?.image).toBe(`temporalio/server:${temporalModule.version}`);
});

describe('Dockerfile', () => {
  const [, run = ''] = dockerfile.split(/^FROM (?!.* AS )/m);

  test('the image runs as a user that is not root, and as the worker', () => {
    expect(run).toMatch(/^USER node$/m);
    expect(run).toMatch(/^CMD \["node", "bin\/onetake\.js", "worker"\]$/m);
  });

  test('the image asks the worker for its health, by a program that runs', async () => {
    const [, command = '[]'] = /^HEALTHCHECK .*\\\n +CMD (\[.*\])$/m.exec(run) ?? [];
    const [file = '', ...args] = z.array(z.string()).parse(JSON.parse(command));
    expect(run).toMatch(/^ENV .*\bMETRICS_PORT=9464\b/m);
    expect(await exitCode(file, args, await serving(200))).toBe(0);
    expect(await exitCode(file, args, await serving(503))).toBe(1);
    expect(await exitCode(file, args, await findFreePort())).toBe(1);
  });

  test('the image holds the compiled files only, since with sources bin/onetake.js wants tsx', () => {
    expect(run).toMatch(/^COPY --from=build \/app\/dist dist$/m);
    expect(run).not.toMatch(/^COPY .*src/m);
  });

  test('every harness starts from a Debian image of the LTS release that CI tests', () => {
    const [major] = newestLts.split('.');
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base);
    expect(new Set(bases)).toEqual(new Set([`node:${major}-bookworm-slim`]));
  });

  test('the build context lists what it takes, so that no key and no video slips in', async () => {
    const lines = (await read('.dockerignore')).split('\n').filter((line) => /^[^#]/.test(line));
    expect(lines[0]).toBe('*');
    expect(lines.slice(1).every((line) => line.startsWith('!'))).toBe(true);
  });
});

/** A port that answers `/healthz` with the status. */
async function serving(status: number): Promise<number> {
  const server = createServer(({ url }, answer) => {
    answer.writeHead(url === '/healthz' ? status : 404).end();
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return z.object({ port: z.number() }).parse(server.address()).port;
}

async function exitCode(file: string, args: string[], port: number): Promise<number> {
  const env = { ...process.env, METRICS_PORT: String(port) };
  return promisify(execFile)(file, args, { env }).then(
    () => 0,
    ({ code }: { code: number }) => code,
  );
}
