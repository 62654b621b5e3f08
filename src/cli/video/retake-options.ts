import type { Command } from 'commander';
import { mostRetakes, retakeKinds, type RetakeKind, type Retakes } from '../../contract/retakes.ts';
import { UsageError } from '../context.ts';

export interface RetakeFlags {
  retakes?: string;
  retakeOn?: string;
}

export function retakeOptions(command: Command): Command {
  return command
    .option(
      '--retakes <number>',
      'resubmit a job that failed at no cost, at most this often (default: never)',
    )
    .option(
      '--retake-on <kinds>',
      `failures to resubmit after, separated by commas (default: ${retakeKinds.join(',')})`,
    );
}

/** @throws {UsageError} */
export function parseRetakes({ retakes, retakeOn }: RetakeFlags): Retakes | undefined {
  if (retakes === undefined) {
    if (retakeOn !== undefined) throw new UsageError('--retake-on needs --retakes');
    return undefined;
  }
  const max = Number(retakes);
  if (!/^\d+$/.test(retakes) || max < 1 || max > mostRetakes) {
    throw new UsageError(
      `Cannot use --retakes "${retakes}": it must be a whole number from 1 to ${mostRetakes}`,
    );
  }
  return { kinds: parseKinds(retakeOn), max };
}

function parseKinds(text: string | undefined): RetakeKind[] {
  if (text === undefined) return [...retakeKinds];
  return text.split(',').map((word) => {
    const kind = retakeKinds.find((known) => known === word.trim());
    if (kind === undefined) {
      throw new UsageError(
        `Cannot use --retake-on "${word.trim()}": it must be one of ${retakeKinds.join(', ')}`,
      );
    }
    return kind;
  });
}
