import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from './harness.ts';
import { program } from './onetake.ts';

/** A running `onetake serve`. */
export interface ServeProcess {
  /** Without trailing slash. */
  url: string;
  pid: number;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** All output so far, both streams in the order of arrival. */
  printed(): string;
}

/** Starts `onetake serve` on a free port, and waits until it listens. */
export async function startServeProcess(env: Record<string, string>): Promise<ServeProcess> {
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', '--json'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  }
  const url = await until('a server that listens', () => {
    if (child.exitCode !== null) throw new Error(`It ended: ${printed.join('')}`);
    return /"url":\s*"([^"]+)"/.exec(printed.join(''))?.[1];
  });
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  return {
    url,
    pid: child.pid ?? -1,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    printed: () => printed.join(''),
  };
}
