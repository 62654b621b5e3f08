import { createInterface } from 'node:readline/promises';
import { UsageError, type CliContext } from './context.ts';

/** Options of {@link confirm}. */
export interface ConfirmOptions {
  context: Pick<CliContext, 'output'>;
  signal: AbortSignal;
  /** What to do without a terminal. */
  advice: string;
}

/** Asks for confirmation at the terminal. @throws {UsageError} There is no terminal, or `--json` is set. */
export async function confirm(
  question: string,
  { context, signal, advice }: ConfirmOptions,
): Promise<boolean> {
  demandTerminal(context, advice);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}

/** @throws {UsageError} There is no terminal, or `--json` is set. */
export function demandTerminal(
  { output }: ConfirmOptions['context'],
  advice: ConfirmOptions['advice'],
): void {
  if (output.isTerminal && process.stdin.isTTY === true && !output.json) return;
  throw new UsageError(`Cannot ask for confirmation with --json or without a terminal: ${advice}`);
}
