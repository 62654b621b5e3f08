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
      'Paused: no more rows are started; what is under way goes on.',
      `Go on: onetake batch resume ${name}`,
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
        ? 'The rows that failed without being billed are started again.'
        : 'The batch had ended: it runs again, and pays for nothing that is stored.',
      ...notRetried(after),
    ];
  });
}

function notRetried({ counts, retryable = 0, name }: BatchSnapshot): string[] {
  const billed = (counts?.failed ?? 0) - retryable;
  if (billed <= 0) return [];
  return [
    `${billed} failed rows were, or may have been, billed, and are not paid again:`,
    `onetake batch results ${name} says for each what to do.`,
  ];
}

/** `onetake batch cancel`. */
export function configureBatchCancel(command: Command): Run {
  command.option('--keep', 'only start no more rows: videos that are paid for are stored');
  return onBatch(command, 'onetake batch cancel launch --keep', async (client, name) => {
    const { keep } = command.opts<{ keep?: true }>();
    if (keep) {
      await client.batches.keep(name);
      return () => ['No more rows are started; the videos that are paid for will be stored.'];
    }
    const { outcome } = await client.batches.cancel(name);
    if (outcome === 'closed') return () => ['Nothing was cancelled: the batch has ended already.'];
    return () => [
      'The cancellation is asked for: no more rows are started.',
      'Videos under way are stopped, but for those that others wait for as well.',
      'Jobs that were submitted go on at the gateway and stay billed.',
      `What became of each row: onetake batch results ${name}`,
    ];
  });
}

/** Acts first, without a query before it; what it says may depend on the status afterwards. */
type Act = (client: VideoClient, name: string) => Promise<(after: BatchSnapshot) => string[]>;

/** A command that does one thing to a batch and says what it did. */
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
