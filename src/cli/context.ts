import type { Command } from 'commander';
import type { Exit } from './exit-codes.ts';
import type { Output } from './output.ts';

export type Env = Record<string, string | undefined>;

/** What every command gets from main.ts. */
export interface CliContext {
  /** The environment, over the `.env` of the current folder. */
  env: Env;
  output: Output;
  /** Show stack traces and more logs. */
  debug: boolean;
}

export type Run = (context: CliContext) => Promise<Exit>;

/** A command adds its flags and help to the given one, and hands back what is to be run. */
export type Configure = (command: Command) => Run;

/** A command, and the module that it is loaded from when it is run. */
export interface CommandEntry {
  summary: string;
  /** A former name. It still works, and the help does not show it. */
  formerly?: string;
  load: () => Promise<Configure>;
}

/** Bad input that is found here: one clear line, exit code 2, nothing submitted. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}
