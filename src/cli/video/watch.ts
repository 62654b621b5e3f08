import type { Command } from 'commander';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { CopyTarget } from './copy-video.ts';
import type { Exit } from '../exit-codes.ts';
import { finishVideo } from './finish-video.ts';
import { followVideo } from './follow-video.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { fullId, shortId } from '../short-id.ts';
import { withClient } from '../with-client.ts';

interface Flags {
  timeout?: string;
  output?: string | true;
  force?: true;
}

const examples = `
Example:
  $ onetake watch cat-42 -o cat.mp4

Ctrl-C only stops watching; the video continues.`;

/** `onetake watch`: follows an existing video. */
export function configureWatch(command: Command): Run {
  command
    .argument('<id>', 'id of the video, as generate and list show it')
    .option('--timeout <seconds>', 'stop waiting after this; the video continues')
    .option(
      '-o, --output [file]',
      'copy the stored video to this file (default: named after the id)',
    )
    .option('--force', 'let --output replace a file')
    .addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([given = '']: string[], flags: Flags, context: CliContext): Promise<Exit> {
  const timeoutMs = parseTimeout(flags.timeout);
  const target = flags.output === undefined ? undefined : await targetOf(flags, given);
  const interrupt = listenForInterrupt();
  const { output } = context;
  try {
    return await withClient(context, async (client) => {
      const videoId = await fullId(client, given);
      const outcome = await followVideo({
        client,
        videoId,
        output,
        interrupt,
        ...(timeoutMs !== undefined && { timeoutMs }),
      });
      return finishVideo(outcome, { context, videoId, ...(target && { target }) });
    });
  } finally {
    interrupt.stop();
  }
}

async function targetOf({ output = true, force }: Flags, id: string): Promise<CopyTarget> {
  const { chooseTarget } = await import('./copy-video.ts');
  return chooseTarget({ output, ...(force && { force }) }, shortId(id));
}

function parseTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds) && seconds > 0) return seconds * 1_000;
  throw new UsageError(`Cannot use --timeout "${text}": it must be a number above 0`);
}
