import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chown, mkdir, readdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findFreePort, loopback } from '../../src/dev/free-port.ts';
import type { Environment } from '../../src/dev/run-command.ts';
import { startChild, type Child, type User } from './child-process.ts';

const run = promisify(execFile);
const debianFolder = '/usr/lib/postgresql';
const programs = ['initdb', 'postgres', 'pg_isready'];
const superuser = 'temporal';
const readyTimeoutMs = 60_000;
const tryEveryMs = 100;
/** Each service of Temporal opens pools of its own, together more than PostgreSQL's default of 100. */
const maxConnections = 300;

/** A PostgreSQL of ours, on the loopback interface. */
export interface PostgreSql extends Child {
  host: string;
  port: number;
  user: string;
  password: string;
}

interface Place {
  /** It, the data and the logs in it are the caller's to remove. */
  folder: string;
  env: Environment;
}

/**
 * Starts a PostgreSQL with empty data. It refuses to run as root: started by root it runs as the user `postgres`, to
 * whom the folder is given.
 *
 * @throws {Error} It is not installed, or does not start: with the end of its log.
 */
export async function startPostgreSql({ folder, env }: Place): Promise<PostgreSql> {
  const bin = await postgresFolder({ env });
  const user = process.getuid?.() === 0 ? await postgresUser(env) : undefined;
  const password = randomBytes(16).toString('hex');
  const data = await makeData({ folder, env, bin, user, password });
  const port = await findFreePort();
  const child = await startChild({
    file: join(bin, 'postgres'),
    args: serverArguments(data, port),
    env,
    folder,
    user,
    stopSignal: 'SIGINT',
  });
  await untilReady(child, () =>
    run(join(bin, 'pg_isready'), ['--host', loopback, '--port', String(port)]),
  );
  return { ...child, host: loopback, port, user: superuser, password };
}

/**
 * The folder of PostgreSQL's programs: on PATH, or the newest of Debian's, which are not on it.
 *
 * @throws {Error} There is none; says how to install it.
 */
export async function postgresFolder({
  env,
  debian = debianFolder,
}: {
  env: Environment;
  debian?: string;
}): Promise<string> {
  const versions = await readdir(debian).catch(() => []);
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a));
  const onPath = (env['PATH'] ?? '').split(delimiter).filter((name) => name !== '');
  const folders = [...onPath, ...newestFirst.map((version) => join(debian, version, 'bin'))];
  for (const folder of folders) if (await isComplete(folder)) return folder;
  throw new Error(
    'PostgreSQL is not installed. On Debian or Ubuntu: apt-get install --no-install-recommends postgresql',
  );
}

async function isComplete(folder: string): Promise<boolean> {
  const found = await Promise.all(programs.map((program) => exists(join(folder, program))));
  return found.every(Boolean);
}

/** Debian's package makes this user; its numbers differ from machine to machine. */
async function postgresUser(env: Environment): Promise<User> {
  const ask = async (flag: string) => Number((await run('id', [flag, 'postgres'], { env })).stdout);
  try {
    return { uid: await ask('-u'), gid: await ask('-g') };
  } catch (cause) {
    const message =
      'PostgreSQL does not run as root, and there is no user "postgres": run this as another user';
    throw new Error(message, { cause });
  }
}

/** @returns The folder of the data. */
async function makeData(
  options: Place & { bin: string; user: User | undefined; password: string },
): Promise<string> {
  const { folder, env, bin, user, password } = options;
  const home = join(folder, 'postgresql');
  const passwordFile = join(home, 'password');
  await mkdir(home, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [folder, home, passwordFile]) await chown(path, user.uid, user.gid);
  const data = join(home, 'data');
  const who = ['--username', superuser, '--pwfile', passwordFile, '--auth', 'scram-sha-256'];
  const how = ['--encoding', 'UTF8', '--locale', 'C', '--no-sync'];
  await run(join(bin, 'initdb'), ['--pgdata', data, ...who, ...how], { env, cwd: folder, ...user });
  return data;
}

/** Nothing is synced to disk, since the data end with the process. */
function serverArguments(data: string, port: number): string[] {
  const settings = {
    listen_addresses: loopback,
    port,
    unix_socket_directories: '',
    max_connections: maxConnections,
    fsync: 'off',
  };
  return [
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

async function untilReady(child: Child, ask: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    const cause = await ask().then(
      () => null,
      (error: unknown) => error,
    );
    const gone = child.gone();
    if (cause === null && gone === undefined) return;
    if (gone !== undefined || Date.now() > deadline) {
      await child.stop();
      const log = await child.log();
      throw new Error(`Cannot start PostgreSQL: ${gone ?? 'not ready'}: ${log}`, { cause });
    }
    await delay(tryEveryMs);
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
