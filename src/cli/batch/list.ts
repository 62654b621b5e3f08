import type { Command } from 'commander';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { withClient } from '../with-client.ts';

const examples = `
Example:
  $ onetake batch list`;

/** `onetake batch list`: from the server's index, which lags by about a second. */
export function configureBatchList(command: Command): Run {
  command.option('--limit <number>', 'how many at most', '20').addHelpText('after', examples);
  return (context) => run(command.opts<{ limit: string }>(), context);
}

async function run(flags: { limit: string }, context: CliContext): Promise<Exit> {
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new UsageError(`Cannot use --limit "${flags.limit}": it must be a whole number from 1`);
  }
  const batches = await withClient(context, (client) => client.batches.list({ limit }));
  context.output.result(
    (colors) =>
      batches.length === 0
        ? ['No batch yet.']
        : batches.map(
            ({ name, phase, startedAt }) => `${name}  ${phase}  ${colors.dim(startedAt)}`,
          ),
    { batches },
  );
  return 'ok';
}
