import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { UnavailableError } from '../../deploy/postgres/unavailable.ts';
import { runCommand } from '../../src/dev/run-command.ts';

/** What a person does at a terminal. */
export interface AtTerminal {
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  /** Typed when the text appears. */
  answer: { when: string; type: string };
}

/** `script` of util-linux gives a command a terminal. @throws {UnavailableError} This machine has none. */
export async function findScript(): Promise<string> {
  const file = 'script';
  const command = { file, args: ['--version'], env: process.env, timeoutMs: 60_000 };
  const { exitCode, output } = await runCommand(command);
  if (exitCode === 0 && output.includes('util-linux')) return file;
  throw new UnavailableError(`Cannot run "${file}" of util-linux: ${output}`);
}

/** Runs a command in a terminal. */
export async function inTerminal(
  script: string,
  { args, cwd, env, answer }: AtTerminal,
): Promise<{ code: number | null; shown: string }> {
  const line = [process.execPath, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn(script, ['--quiet', '--return', '--command', line, '/dev/null'], {
    cwd,
    env: { ...process.env, ...env, TERM: 'xterm', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let shown = '';
  let isAnswered = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      if (isAnswered || !shown.includes(answer.when)) return;
      isAnswered = true;
      child.stdin.write(answer.type);
    });
  }
  await once(child, 'close');
  return { code: child.exitCode, shown };
}
