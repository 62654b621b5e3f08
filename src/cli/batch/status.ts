import type { Command } from 'commander';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { followBatch } from './follow-batch.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { batchLines } from './report-batch.ts';
import { withClient } from '../with-client.ts';

const statusExample = `
Example:
  $ onetake batch status launch

Exits with 0 if all videos are stored, 1 if some are not, 3 if under way, 4 if cancelled.`;

/** `onetake batch status`: shows the status once. */
export function configureBatchStatus(command: Command): Run {
  command
    .argument('<name>', 'name of the batch, as `batch list` shows it')
    .addHelpText('after', statusExample);
  return (context) => status(command.args, context);
}

async function status([name = '']: string[], context: CliContext): Promise<Exit> {
  const found = await withClient(context, (client) => client.batches.status(name));
  context.output.result((colors) => batchLines(found, colors), found);
  if (found.closedAt === undefined) return 'pending';
  if (found.phase === 'cancelled') return 'cancelled';
  return found.counts?.stored === found.rows && !found.failure ? 'ok' : 'failed';
}

const watchExample = `
Example:
  $ onetake batch watch launch`;

/** `onetake batch watch`: follows a batch without starting anything. */
export function configureBatchWatch(command: Command): Run {
  command
    .argument('<name>', 'name of the batch, as `batch list` shows it')
    .addHelpText('after', watchExample);
  return (context) => watch(command.args, context);
}

async function watch([name = '']: string[], context: CliContext): Promise<Exit> {
  const interrupt = listenForInterrupt();
  try {
    return await withClient(context, (client) => followBatch({ client, name, context, interrupt }));
  } finally {
    interrupt.stop();
  }
}
