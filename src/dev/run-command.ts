import { spawn } from 'node:child_process';

/** Result of a child process: its exit code (null after a signal or our deadline) and its output. */
export interface CommandResult {
  exitCode: number | null;
  output: string;
}

/** Environment of child processes; also read for PATH and the cache folder. */
export type Environment = Record<string, string | undefined>;

/** One command, without a shell. */
export interface Command {
  file: string;
  args: readonly string[];
  env: Environment;
  timeoutMs: number;
  /** Working folder; default: that of this process. */
  cwd?: string;
}

/** Runs a command. A parameter, so that tests need no child processes. */
export type RunCommand = (command: Command) => Promise<CommandResult>;

/**
 * Runs a command to its end. A failing exit code is a result, not an error.
 *
 * If a command cannot start or exceeds its deadline, its exit code is null and its output says so. Callers use this as
 * the reason why a source has no binary.
 */
export function runCommand(command: Command): Promise<CommandResult> {
  const { file, args, env, timeoutMs, cwd } = command;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(cwd !== undefined && { cwd }),
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const deadline = setTimeout(() => {
      output += `\nno response within ${timeoutMs / 1000} s`;
      child.kill('SIGKILL');
    }, timeoutMs);
    const settle = (exitCode: number | null): void => {
      clearTimeout(deadline);
      resolve({ exitCode, output: output.trim() });
    };
    child.on('error', (error) => {
      output += error.message;
      settle(null);
    });
    child.on('close', settle);
  });
}
