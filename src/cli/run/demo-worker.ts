import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Env } from '../context.ts';

const readyWithinMs = 30_000;
const stopWithinMs = 5_000;
const keptLogCharacters = 4_000;

/** A worker in its own process, as in production. */
export interface DemoWorker {
  pid: number;
  /** Resolves when it polls for work. @throws {Error} It ended before that; the message has the end of its log. */
  ready: Promise<void>;
  /** Sends SIGKILL. Resolves with the signal that ended the process. */
  kill(): Promise<NodeJS.Signals | null>;
  /** Sends SIGTERM, then SIGKILL. */
  stop(): Promise<void>;
  /** The end of its stderr. */
  log(): string;
}

/** Starts `onetake worker` with only the given settings: no `.env` and no profile of the user applies. */
export function startDemoWorker({ env, folder }: { env: Env; folder: string }): DemoWorker {
  const program = fileURLToPath(new URL('../../../bin/onetake.js', import.meta.url));
  const child = spawn(process.execPath, [program, 'worker', '--json'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group: Ctrl-C reaches only the demo, which stops its workers itself.
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

/** The worker prints its first line on stdout when it is ready. */
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
    `Cannot start a worker: it ${first === 'ended' ? 'ended' : 'printed nothing in time'}: ${log()}`,
  );
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
