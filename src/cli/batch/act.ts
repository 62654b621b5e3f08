import type { Command } from 'commander';
import type { BatchSnapshot, VideoClient } from '../../client.ts';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { withClient } from '../with-client.ts';

/** `onetake batch pause`. */
export function configureBatchPause(command: Command): Run {
  return onBatch(command, 'onetake batch pause launch', async (client, name) => {
    await client.batches.pause(name);
    return () => [
      'Paused: no more rows are started; videos under way continue.',
      `To resume: onetake batch resume ${name}`,
    ];
  });
}

/** `onetake batch resume`. */
export function configureBatchResume(command: Command): Run {
  return onBatch(command, 'onetake batch resume launch', async (client, name) => {
    await client.batches.resume(name);
    return () => ['Resumed.'];
  });
}

/** `onetake batch retry`. */
export function configureBatchRetry(command: Command): Run {
  return onBatch(command, 'onetake batch retry launch', async (client, name) => {
    const { outcome } = await client.batches.retryFailed(name);
    return (after) => [
      outcome === 'retried'
        ? 'The rows that failed with billed: no are started again.'
        : 'The batch had ended, so it runs again; stored videos are not paid again.',
      ...notRetried(after),
    ];
  });
}

function notRetried({ counts, retryable = 0, name }: BatchSnapshot): string[] {
  const billed = (counts?.failed ?? 0) - retryable;
  if (billed <= 0) return [];
  return [
    `${billed} failed rows were, or may have been, billed and are not started again.`,
    `For each row, what to do: onetake batch results ${name}`,
  ];
}

/** `onetake batch cancel`. */
export function configureBatchCancel(command: Command): Run {
  command.option('--keep', 'only start no more rows; paid videos are still stored');
  return onBatch(command, 'onetake batch cancel launch --keep', async (client, name) => {
    const { keep } = command.opts<{ keep?: true }>();
    if (keep) {
      await client.batches.keep(name);
      return () => ['No more rows are started; paid videos will be stored.'];
    }
    const { outcome } = await client.batches.cancel(name);
    if (outcome === 'closed') return () => ['Nothing was cancelled: the batch has already ended.'];
    return () => [
      'Cancellation requested: no more rows are started.',
      'Videos under way are stopped, except those that others wait for.',
      'Submitted jobs continue at the gateway and stay billed.',
      `For the result of each row: onetake batch results ${name}`,
    ];
  });
}

/** Acts without a query before it. Its output may depend on the status afterwards. */
type Act = (client: VideoClient, name: string) => Promise<(after: BatchSnapshot) => string[]>;

/** A command with one action on a batch. */
function onBatch(command: Command, example: string, act: Act): Run {
  command
    .argument('<name>', 'name of the batch, as `batch list` shows it')
    .addHelpText('after', `\nExample:\n  $ ${example}`);
  return (context) => run(command.args, act, context);
}

async function run([name = '']: string[], act: Act, context: CliContext): Promise<Exit> {
  const { lines, status } = await withClient(context, async (client) => ({
    lines: await act(client, name),
    status: await client.batches.status(name),
  }));
  context.output.result(() => lines(status), status);
  return 'ok';
}
