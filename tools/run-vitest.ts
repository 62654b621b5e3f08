import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface VitestOptions {
  env: NodeJS.ProcessEnv;
  /** Path of another Node to run it with. */
  node?: string;
}

/**
 * Runs vitest to its end. If this process is asked to stop, it stops vitest and runs nothing else. Vitest has its own
 * process group, which is signalled as a whole, because otherwise its workers and their servers would keep running.
 *
 * @returns Its exit code, or 1 if it has none.
 */
export function runVitest(
  args: readonly string[],
  { env, node = process.execPath }: VitestOptions,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(node, [vitest, 'run', ...args], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    let asked: NodeJS.Signals | undefined;
    const hand = (signal: NodeJS.Signals) => {
      asked = signal;
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    };
    for (const signal of signals) process.on(signal, hand);
    const end = (code: number) => {
      for (const signal of signals) process.off(signal, hand);
      if (asked) process.kill(process.pid, asked);
      else resolve(code);
    };
    child.on('error', () => end(1));
    child.on('close', (code) => end(code ?? 1));
  });
}
