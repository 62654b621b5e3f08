import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { searchAttributeNames } from '../../src/contract/search-attributes.ts';
import { defaultCacheDir } from '../../src/dev/binary-cache.ts';
import { onProcessEnd } from '../../src/dev/exit-guard.ts';
import { isPortFree, loopback } from '../../src/dev/free-port.ts';
import type { Environment } from '../../src/dev/run-command.ts';
import { tryInOrder } from '../../src/dev/binary-source.ts';
import { waitUntilReady } from '../../src/dev/server-ready.ts';
import { binarySources } from '../../src/dev/temporal-server.ts';
import { startChild, type Child } from './child-process.ts';
import { startPostgreSql, type PostgreSql } from './postgresql.ts';
import { findPostgres, type PostgresPrograms } from './postgresql-programs.ts';
import { temporalBinaries, type TemporalBinaries } from './temporal-binaries.ts';

const run = promisify(execFile);
const deploy = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const scriptTimeoutMs = 120_000;
const readyTimeoutMs = 60_000;
/** PostgreSQL's smallint, in which the server notes the ports of its parts. */
const maxPort = 32_767;
const minPort = 10_000;
/** The server answers a little before all of its services do: compose starts this step again, too. */
const namespaceAttempts = 10;
const betweenAttemptsMs = 2_000;

/** Temporal's production server on PostgreSQL, both ours, with the data in a temporary folder. */
export interface TemporalOnPostgres {
  address: string;
  /** Of PostgreSQL, which has a child for each connection, and of the server. */
  pids: number[];
  stop(): Promise<void>;
}

interface Place {
  env: Environment;
  onProgress: (line: string) => void;
}

/** What it takes to start one: programs. */
export interface Parts extends TemporalBinaries {
  postgres: PostgresPrograms;
  /** The `temporal` command. */
  cli: string;
}

/**
 * Finds all programs, and fetches or builds what is missing into the user's cache.
 *
 * @param place `buildLimitMs`: how long the server may take to be built.
 * @throws {UnavailableError} A part cannot be had here; says what to do.
 */
export async function fetchParts(place: Place & { buildLimitMs?: number }): Promise<Parts> {
  const { env, onProgress, buildLimitMs } = place;
  const cacheDir = defaultCacheDir(env);
  const postgres = await findPostgres({ cacheDir, env, onProgress });
  const binaries = await temporalBinaries({ cacheDir, env, onProgress, buildLimitMs });
  const sources = await binarySources({ env, onProgress });
  const advice = 'Put the "temporal" CLI on PATH';
  const cli = await tryInOrder({ sources, sought: 'the temporal command', advice, onProgress });
  return { postgres, ...binaries, cli: cli.path };
}

/**
 * Starts what `docker-compose.yml` starts, without containers: PostgreSQL, the schemas, the server, the namespace
 * `default` with onetake's search attributes; the same scripts, versions and settings, on the loopback interface and
 * free ports.
 *
 * @throws {Error} A part does not start; with the end of its log.
 */
export async function startTemporalOnPostgres(
  parts: Parts,
  place: Place,
): Promise<TemporalOnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'onetake-postgres-'));
  const children: Child[] = [];
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const release = onProcessEnd(() => {
    for (const child of children) child.kill();
    remove();
  });
  const stop = async () => {
    for (const child of children.toReversed()) await child.stop();
    release();
    remove();
  };
  try {
    const address = await startAll(parts, { ...place, folder, children });
    return { address, pids: children.map(({ pid }) => pid), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(
  parts: Parts,
  { env, onProgress, folder, children }: Place & { folder: string; children: Child[] },
): Promise<string> {
  const tools = { ...env, PATH: await toolsPath(parts, { env, folder }) };
  onProgress('Starting PostgreSQL');
  const postgres = await startPostgreSql(parts.postgres, { folder, env });
  children.push(postgres);
  onProgress('Making the schemas');
  await runScript('temporal-schema.sh', { ...tools, ...schemaSettings(postgres) });
  onProgress('Starting the Temporal server');
  const port = await chooseFreePort();
  const server = await startChild({
    file: parts.server,
    args: ['start'],
    env: { ...env, ...(await serverSettings(postgres, port)) },
    folder,
    stopSignal: 'SIGTERM',
  });
  children.push(server);
  const address = `${loopback}:${port}`;
  await untilReady(server, { address, namespaces: [], searchAttributes: [] });
  await registerNamespace({ ...tools, TEMPORAL_ADDRESS: address });
  const searchAttributes = [...searchAttributeNames];
  await untilReady(server, { address, namespaces: ['default'], searchAttributes });
  return address;
}

/** The PATH of the scripts, with the programs by the names that they have in the image of the admin tools. */
async function toolsPath(
  parts: Parts,
  { env, folder }: { env: Environment; folder: string },
): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await symlink(parts.sqlTool, join(bin, 'temporal-sql-tool'));
  await symlink(parts.cli, join(bin, 'temporal'));
  return `${bin}${delimiter}${env['PATH'] ?? ''}`;
}

/** What compose gives its step `temporal-schema`. */
function schemaSettings({ host, port, user, password }: PostgreSql): Environment {
  return {
    SQL_PLUGIN: 'postgres12',
    SQL_HOST: host,
    SQL_PORT: String(port),
    SQL_USER: user,
    SQL_PASSWORD: password,
  };
}

/** What compose gives its service `temporal`, and a free port for each of the server's parts. */
async function serverSettings(postgres: PostgreSql, port: number): Promise<Environment> {
  const parts = ['FRONTEND_MEMBERSHIP', 'FRONTEND_HTTP'].concat(
    ['HISTORY', 'MATCHING', 'WORKER'].flatMap((service) => [
      `${service}_GRPC`,
      `${service}_MEMBERSHIP`,
    ]),
  );
  const ports: Environment = {};
  for (const part of parts) ports[`${part}_PORT`] = String(await chooseFreePort());
  return {
    DB: 'postgres12',
    DB_PORT: String(postgres.port),
    POSTGRES_SEEDS: postgres.host,
    POSTGRES_USER: postgres.user,
    POSTGRES_PWD: postgres.password,
    BIND_ON_IP: loopback,
    DYNAMIC_CONFIG_FILE_PATH: deploy('dynamic-config.yaml'),
    LOG_LEVEL: 'warn',
    FRONTEND_GRPC_PORT: String(port),
    ...ports,
  };
}

async function chooseFreePort(): Promise<number> {
  for (;;) {
    const port = randomInt(minPort, maxPort + 1);
    if (await isPortFree(port)) return port;
  }
}

async function registerNamespace(env: Environment): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runScript('temporal-namespace.sh', env);
    } catch (error) {
      if (attempt === namespaceAttempts) throw error;
      await delay(betweenAttemptsMs);
    }
  }
}

async function runScript(name: string, env: Environment): Promise<void> {
  await run('/bin/sh', [deploy(name)], { env, timeout: scriptTimeoutMs });
}

async function untilReady(
  server: Child,
  wanted: { address: string; namespaces: string[]; searchAttributes: string[] },
): Promise<void> {
  try {
    await waitUntilReady({ ...wanted, timeoutMs: readyTimeoutMs, gone: server.gone });
  } catch (cause) {
    throw new Error(`Cannot start the Temporal server; end of its log:\n${await server.log()}`, {
      cause,
    });
  }
}
