import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { until } from './harness.ts';
import { program } from './onetake.ts';
import { playing } from './requests.ts';

/** A running `onetake serve`. */
export interface ServeProcess {
  /** Without trailing slash. */
  url: string;
  pid: number;
  stop(): Promise<void>;
  /** Exit code and signal, once it has ended. */
  ended: Promise<[number | null, NodeJS.Signals | null]>;
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
  const ended = once(child, 'exit') as ServeProcess['ended'];
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
    await ended;
  };
  return {
    url,
    pid: child.pid ?? -1,
    stop: () => end('SIGTERM'),
    ended,
    kill: () => end('SIGKILL'),
    printed: () => printed.join(''),
  };
}

/** A create whose content the gateway refuses, and a read of a video that does not exist. */
export async function refusedOverHttp(url: string): Promise<void> {
  const created = await fetch(`${url}/v1/videos`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(playing('submit-vendor-400=nsfw', 'videos').body),
  });
  const { id } = (await created.json()) as { id: string };
  const ended = await fetch(`${url}/v1/videos/${id}?wait=30`);
  expect(await ended.json()).toMatchObject({ status: 'failed', error: { code: 'moderation' } });
  expect((await fetch(`${url}/v1/videos/sk-canary`)).status).toBe(404);
}
