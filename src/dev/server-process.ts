import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onProcessEnd } from './exit-guard.ts';
import type { Environment } from './run-command.ts';

// Measured: stopped in 1.4 s; the limit is for machines under load.
const stopTimeoutMs = 10_000;
const logTailCharacters = 2_000;

export interface ProcessOptions {
  binary: string;
  args: readonly string[];
  env: Environment;
  /** Log file. Default: a temporary file that is deleted with the server. */
  logFile?: string | undefined;
}

/** A server in a child process, which ends with this process. */
export interface ServerProcess {
  pid: number | null;
  hasEnded(): boolean;
  /** The end of its log. */
  logTail(): Promise<string>;
  /** Stops it. May be called again. */
  stop(): Promise<void>;
  /** Kills it with SIGKILL. */
  kill(): void;
  /** Keeps it running after this process. */
  leave(): void;
}

/** Starts a server, without waiting until it is ready. @throws {Error} It cannot be started. */
export async function startProcess(options: ProcessOptions): Promise<ServerProcess> {
  const log = await prepareLog(options.logFile);
  const child = await spawnServer(options, log.path).catch((cause: unknown) => {
    log.remove();
    throw new Error(`Cannot start "${options.binary}"`, { cause });
  });
  const release = onProcessEnd(() => {
    child.kill('SIGTERM');
    log.remove();
  });
  return {
    pid: child.pid ?? null,
    hasEnded: () => hasEnded(child),
    logTail: async () => {
      const logged = await readFile(log.path, 'utf8').catch(() => '');
      return logged.slice(-logTailCharacters);
    },
    stop: async () => {
      await endChild(child);
      release();
      log.remove();
    },
    kill: () => void child.kill('SIGKILL'),
    leave: release,
  };
}

async function prepareLog(logFile: string | undefined) {
  if (logFile !== undefined) {
    await mkdir(dirname(logFile), { recursive: true });
    return { path: logFile, remove: () => {} };
  }
  const folder = await mkdtemp(join(tmpdir(), 'onetake-server-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  return { path: join(folder, 'server.log'), remove };
}

async function spawnServer(
  { binary, args, env }: ProcessOptions,
  logFile: string,
): Promise<ChildProcess> {
  const log = await open(logFile, 'a');
  try {
    const child = spawn(binary, args, {
      env,
      stdio: ['ignore', log.fd, log.fd],
      // Its own process group: Ctrl-C reaches only this program, which stops its worker before the server.
      detached: true,
    });
    await once(child, 'spawn');
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.ref();
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const lastResort = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(lastResort);
}
