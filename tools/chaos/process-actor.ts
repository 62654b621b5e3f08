import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { onProcessEnd } from '../../src/dev/exit-guard.ts';

/** A process that chaos kills and restarts, and that is kept running in between. */
export interface Actor {
  name: string;
  /** Resolves when it is ready. If it ends before that, it is restarted. */
  start(): Promise<void>;
  /** Sends kill -9; false if it was already down. */
  kill(): Promise<boolean>;
  stop(): Promise<void>;
}

export interface ProcessActorOptions {
  name: string;
  /** Arguments of node. */
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Text that it prints when it is ready, on stdout or stderr. */
  ready: RegExp;
  logFile: string;
  onNote: (line: string) => void;
}

/** Pause before a restart, like that of a process manager. */
const restartDelayMs = 500;

/** A Node process that is restarted if it ends by itself. */
export function createProcessActor(options: ProcessActorOptions): Actor {
  const { name, onNote } = options;
  let child: ChildProcess | null = null;
  let wanted = false;
  const release = onProcessEnd(() => void child?.kill('SIGKILL'));

  const start = async (): Promise<void> => {
    wanted = true;
    while (wanted && !isAlive(child)) {
      const started = spawnLogged(options);
      child = started;
      const isReady = await untilReady(started, options.ready);
      if (isReady) watch(started);
      else if (wanted) await comeBack('before it was ready', started);
    }
  };
  const watch = (started: ChildProcess): void => {
    const onExit = () => {
      if (wanted && child === started) void comeBack('by itself', started).then(start);
    };
    if (isAlive(started)) started.once('exit', onExit);
    else onExit();
  };
  const comeBack = async (how: string, ended: ChildProcess): Promise<void> => {
    onNote(`${name} ended ${how}, with ${ended.exitCode ?? ended.signalCode}`);
    await delay(restartDelayMs);
  };
  const end = async (signal: NodeJS.Signals): Promise<boolean> => {
    wanted = false;
    if (!isAlive(child)) return false;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return true;
  };
  return {
    name,
    start,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGKILL');
      release();
    },
  };
}

function isAlive(child: ChildProcess | null): child is ChildProcess {
  return child !== null && child.exitCode === null && child.signalCode === null;
}

function spawnLogged({ args, cwd, env, logFile }: ProcessActorOptions): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = (chunk: Buffer) => appendFileSync(logFile, chunk);
  child.stdout?.on('data', log);
  child.stderr?.on('data', log);
  return child;
}

/** False if it ended first. */
function untilReady(child: ChildProcess, ready: RegExp): Promise<boolean> {
  let said = '';
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      if (ready.test(said)) resolve(true);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('error', reject);
    child.once('exit', () => resolve(false));
  });
}
