import { spawn } from 'node:child_process';

/** How one child process ended: its exit code (null when a signal or our deadline ended it) and all it printed. */
export interface CommandResult {
  exitCode: number | null;
  output: string;
}

/** Environment of child processes, and where PATH and the cache folder are looked up. */
export type Environment = Record<string, string | undefined>;

/** One command, without a shell. */
export interface Command {
  file: string;
  args: readonly string[];
  env: Environment;
  timeoutMs: number;
}

/** Runs one command, an argument for code that wants to be tested without child processes. */
export type RunCommand = (command: Command) => Promise<CommandResult>;

/**
 * Runs a command to its end; a failing exit code is an answer, not an error.
 *
 * A command that cannot be started, or that passes its deadline, answers with exit code null and
 * says so in its output: callers turn both into the reason why a source has none.
 */
export function runCommand({ file, args, env, timeoutMs }: Command): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const deadline = setTimeout(() => {
      output += `\nno answer within ${timeoutMs / 1000} s`;
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
