import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Env } from '../context.ts';

const readyWithinMs = 30_000;
const stopWithinMs = 5_000;
const keptLogCharacters = 4_000;

/** A worker in a process of its own, as in production. */
export interface DemoWorker {
  pid: number;
  /** Resolves when it asks for work. @throws {Error} when it ends before that, with the end of its log */
  ready: Promise<void>;
  /** SIGKILL: no chance to tidy up. Resolves with the signal that ended it. */
  kill(): Promise<NodeJS.Signals | null>;
  /** SIGTERM, then SIGKILL. */
  stop(): Promise<void>;
  /** The end of what it wrote to stderr. */
  log(): string;
}

/** Starts `onetake worker` with nothing but the given settings, so that no `.env` or profile of the user matters. */
export function startDemoWorker({ env, folder }: { env: Env; folder: string }): DemoWorker {
  const program = fileURLToPath(new URL('../../../bin/onetake.js', import.meta.url));
  const child = spawn(process.execPath, [program, 'worker', '--json'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C reaches the demo, which ends its workers itself.
    detached: true,
  });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log = `${log}${chunk.toString()}`.slice(-keptLogCharacters);
  });
  const killAtExit = () => void child.kill('SIGKILL');
  process.on('exit', killAtExit);
  child.once('exit', () => process.off('exit', killAtExit));
  return {
    pid: child.pid ?? 0,
    ready: waitUntilReady(child, () => log),
    kill: async () => {
      await end(child, 'SIGKILL');
      return child.signalCode;
    },
    stop: async () => {
      const lastResort = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      await end(child, 'SIGTERM');
      clearTimeout(lastResort);
    },
    log: () => log,
  };
}

/** The first line on stdout says that it is ready. */
async function waitUntilReady(child: ChildProcess, log: () => string): Promise<void> {
  const limit = AbortSignal.timeout(readyWithinMs);
  const ended = once(child, 'exit', { signal: limit }).then(() => 'ended' as const);
  const spoke = child.stdout ? once(child.stdout, 'data', { signal: limit }) : ended;
  ended.catch(() => {});
  const first = await Promise.race([ended, spoke.then(() => 'ready' as const)]).catch(
    () => 'silent',
  );
  if (first === 'ready') return;
  throw new Error(
    `Cannot start a worker: it ${first === 'ended' ? 'ended' : 'stayed silent'}: ${log()}`,
  );
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
