import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { programVariable } from '../support/compiled-program.ts';

/** The file behind the command `onetake`: the compiled one if the test run has built it, else the sources. */
export const program =
  process.env[programVariable] ?? fileURLToPath(new URL('../../bin/onetake.js', import.meta.url));

/** The folder and environment in which a command runs, such as a harness. */
export interface Where {
  folder: string;
  env: Record<string, string>;
}

/** How a command ended. */
export interface Ended {
  /** Null after a signal. */
  code: number | null;
  stdout: string;
  /** The bytes of `stdout`, for output that is no text. */
  bytes: Buffer;
  stderr: string;
}

/** Runs a command until it exits, with any code, in the folder and environment of a harness. */
export function onetake(
  { folder, env }: Where,
  args: readonly string[],
  more: Record<string, string> = {},
): Promise<Ended> {
  return runProgram(args, { cwd: folder, env: { ...process.env, ...env, ...more } });
}

/**
 * The same with `--json`.
 *
 * @returns `json` is `{}` if the command printed nothing.
 */
export async function onetakeJson<T = Record<string, unknown>>(
  where: Where,
  args: readonly string[],
  more?: Record<string, string>,
): Promise<{ code: number | null; stderr: string; json: T }> {
  const { code, stdout, stderr } = await onetake(where, [...args, '--json'], more);
  return { code, stderr, json: JSON.parse(stdout || '{}') as T };
}

/** Runs a command with this environment alone: nothing of the test run's own comes through. */
export async function runProgram(
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [bytes, stderr] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: child.exitCode, stdout: bytes.toString(), bytes, stderr };
}
