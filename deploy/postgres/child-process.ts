import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Environment } from '../../src/dev/run-command.ts';

const stopTimeoutMs = 20_000;
const logTailCharacters = 2_000;

/** A user by numbers. */
export interface User {
  uid: number;
  gid: number;
}

export interface ChildOptions {
  file: string;
  args: readonly string[];
  env: Environment;
  /** Where it runs and its log lies. */
  folder: string;
  /** Another user than ours. */
  user?: User | undefined;
  /** What asks it to end in good order. */
  stopSignal: NodeJS.Signals;
}

/** A server process of ours that writes its log into a file. */
export interface Child {
  pid: number;
  /** Says so once it has ended, for whoever waits for it to be ready. */
  gone(): string | undefined;
  /** The end of its log. */
  log(): Promise<string>;
  stop(): Promise<void>;
  /** At once, when our own process ends. */
  kill(): void;
}

/** @throws {Error} The program cannot be started. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const name = basename(options.file);
  const logFile = join(options.folder, `${name}.log`);
  const log = await open(logFile, 'a');
  // A group of its own: Ctrl-C reaches our process, which ends the children in their order.
  const child = spawn(options.file, options.args, {
    env: options.env,
    cwd: options.folder,
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
    ...options.user,
  });
  try {
    await once(child, 'spawn');
  } finally {
    await log.close();
  }
  return {
    pid: child.pid ?? 0,
    gone: () => (hasEnded(child) ? `"${name}" ended` : undefined),
    log: async () => (await readFile(logFile, 'utf8')).slice(-logTailCharacters),
    stop: () => end(child, options.stopSignal),
    kill: () => void child.kill('SIGKILL'),
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  const lastResort = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(lastResort);
}
