import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findFreePort, loopback } from '../../src/dev/free-port.ts';
import type { Environment } from '../../src/dev/run-command.ts';
import { startChild, type Child, type User } from './child-process.ts';
import { unpackPostgres, type PostgresPrograms } from './postgresql-programs.ts';

const run = promisify(execFile);
/** Who runs it instead of root: Debian's package makes the first; the second is everywhere. */
const unprivilegedUsers = ['postgres', 'nobody'];
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
 * Starts a PostgreSQL with empty data. It refuses to run as root: started by root it runs as the user `postgres`, or
 * `nobody`, to whom the folder is given.
 *
 * @throws {Error} It does not start: with the end of its log.
 */
export async function startPostgreSql(
  programs: PostgresPrograms,
  { folder, env }: Place,
): Promise<PostgreSql> {
  const bin = await unpackPostgres(programs, { folder, env });
  const user = process.getuid?.() === 0 ? await unprivilegedUser(env) : undefined;
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
  await untilReady(child, data);
  return { ...child, host: loopback, port, user: superuser, password };
}

/** Their numbers differ from machine to machine. */
async function unprivilegedUser(env: Environment): Promise<User> {
  const ask = async (flag: string, name: string) =>
    Number((await run('id', [flag, name], { env })).stdout);
  for (const name of unprivilegedUsers) {
    const user = await Promise.all([ask('-u', name), ask('-g', name)]).catch(() => null);
    if (user) return { uid: user[0], gid: user[1] };
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no user "postgres" or "nobody": run this as another user',
  );
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

async function untilReady(child: Child, data: string): Promise<void> {
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    const isReady = await saysReady(data);
    const gone = child.gone();
    if (isReady && gone === undefined) return;
    if (gone !== undefined || Date.now() > deadline) {
      await child.stop();
      const log = await child.log();
      throw new Error(`Cannot start PostgreSQL: ${gone ?? 'not ready'}: ${log}`);
    }
    await delay(tryEveryMs);
  }
}

/**
 * The eighth line of its lock file is what `pg_ctl start --wait` waits for.
 *
 * @see https://github.com/postgres/postgres/blob/REL_16_STABLE/src/include/utils/pidfile.h
 */
async function saysReady(data: string): Promise<boolean> {
  const lines = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  return lines.split('\n')[7]?.trim() === 'ready';
}
