import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { VideoClient, VideoSnapshot } from '../client.ts';
import { UsageError, type CliContext, type Run } from './context.ts';
import type { Exit } from './exit-codes.ts';
import { cancellationLines, shellWord } from './report-video.ts';
import { fullId, shortId } from './short-id.ts';
import { withClient } from './with-client.ts';

interface Flags {
  timeout: string;
  keep?: true;
}

const everyMs = 300;

const examples = `
Example:
  $ onetake cancel cat-42

The gateway has no way to cancel: a job that was submitted goes on there and stays billed. What was achieved is said.`;

/** `onetake cancel`: stop us, and be honest about the job. */
export function configureCancel(command: Command): Run {
  command
    .argument('<id>', 'id of the video, as generate and list show it')
    .option('--keep', 'only stop waiting: the video that was paid for is stored all the same')
    .option('--timeout <seconds>', 'how long to wait for what it achieved', '30')
    .addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([given = '']: string[], flags: Flags, context: CliContext): Promise<Exit> {
  const timeoutMs = Number(flags.timeout) * 1_000;
  if (!(timeoutMs >= 0)) {
    throw new UsageError(`Cannot use --timeout "${flags.timeout}": it must be a number`);
  }
  return withClient(context, async (client) => {
    const videoId = await fullId(client, given);
    const before = await client.status(videoId);
    if (isClosed(before)) return reportClosed(before, context);
    if (flags.keep) return keep(client, videoId, context);
    await client.cancel(videoId);
    const after = await waitUntilClosed(client, videoId, timeoutMs);
    return isClosed(after) ? reportClosed(after, context) : reportPending(after, context);
  });
}

async function keep(client: VideoClient, videoId: string, { output }: CliContext): Promise<Exit> {
  const cancellation = await client.keep(videoId);
  output.result((colors) => cancellationLines(cancellation, colors), { videoId, cancellation });
  return 'ok';
}

async function waitUntilClosed(
  client: VideoClient,
  videoId: string,
  timeoutMs: number,
): Promise<VideoSnapshot> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const status = await client.status(videoId);
    if (isClosed(status) || Date.now() >= until) return status;
    await sleep(everyMs);
  }
}

/** A live `cancelled` comes a moment before the run closes and says the same. */
function isClosed({ phase }: VideoSnapshot): boolean {
  return phase === 'stored' || phase === 'failed' || phase === 'cancelled';
}

function reportClosed(status: VideoSnapshot, { output }: CliContext): Exit {
  const { videoId, phase, cancellation } = status;
  if (phase === 'cancelled') {
    output.result(
      (colors) => (cancellation ? cancellationLines(cancellation, colors) : []),
      status,
    );
    return 'ok';
  }
  const message = `Nothing was cancelled: "${shortId(videoId)}" is ${phase} already`;
  output.badResult(() => [message], status);
  return 'failed';
}

function reportPending(status: VideoSnapshot, { output }: CliContext): Exit {
  const id = shellWord(status.videoId);
  const reason = status.live
    ? 'what runs now may finish first, a paid request above all'
    : 'no worker answers; one that comes up will do it';
  output.badResult(
    () => [
      `The cancellation is asked for, but not done yet: ${reason}. Look: onetake status ${id}`,
    ],
    { ...status, outcome: 'pending' },
  );
  return 'pending';
}
