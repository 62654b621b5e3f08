import type { Command } from 'commander';
import type { Exit } from './exit-codes.ts';
import type { Output } from './output.ts';

export type Env = Record<string, string | undefined>;

/** What every command gets from main.ts. */
export interface CliContext {
  /** Environment variables, then the `.env` of the current folder. */
  env: Env;
  output: Output;
  /** Show stack traces and more logs. */
  debug: boolean;
}

export type Run = (context: CliContext) => Promise<Exit>;

/** Adds flags and help to the command, and returns the function that runs it. */
export type Configure = (command: Command) => Run;

/** A command whose module is loaded when it runs. */
export interface CommandEntry {
  summary: string;
  /** A former name. It still works, and the help does not show it. */
  formerly?: string;
  load: () => Promise<Configure>;
}

/** Bad input: one line, exit code 2, nothing submitted. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}
