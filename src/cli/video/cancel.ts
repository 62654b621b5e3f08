import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { CancelRequest, VideoClient, VideoSnapshot } from '../../client.ts';
import { waiterName } from './waiter-name.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { cancellationLines, shellWord } from './report-video.ts';
import { fullId, shortId } from '../short-id.ts';
import { withClient } from '../with-client.ts';

interface Flags {
  timeout: string;
  keep?: true;
  all?: true;
}

const everyMs = 300;

const examples = `
Example:
  $ onetake cancel cat-42

The gateway has no way to cancel: a job that was submitted goes on there and stays billed. What was achieved is said.
A video that others wait for as well goes on for them; --all stops it for everyone, also while no worker is up.`;

/** `onetake cancel`: stop us, and be honest about the job. */
export function configureCancel(command: Command): Run {
  command
    .argument('<id>', 'id of the video, as generate and list show it')
    .option('--keep', 'only stop waiting: the video that was paid for is stored all the same')
    .option('--all', 'stop it for everyone who waits for it')
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
    if (flags.keep) return keep(client, videoId, context);
    const asked = await client.cancel(videoId, flags.all ? {} : { waiterId: waiterName() });
    if ('others' in asked) return reportOthers(videoId, asked, context);
    const after = await waitUntilClosed(client, videoId, timeoutMs);
    return isClosed(after) ? reportClosed(after, context) : reportPending(after, context);
  });
}

async function keep(client: VideoClient, videoId: string, context: CliContext): Promise<Exit> {
  const cancellation = await client.keep(videoId).catch((error: unknown) => ({ error }));
  if ('error' in cancellation) {
    const status = await client.status(videoId);
    if (isClosed(status)) return reportClosed(status, context);
    throw cancellation.error;
  }
  context.output.result((colors) => cancellationLines(cancellation, colors), {
    videoId,
    cancellation,
  });
  return 'ok';
}

/** A video that others wait for is not stopped for them. */
function reportOthers(
  videoId: string,
  asked: CancelRequest & { others: number },
  { output }: CliContext,
): Exit {
  const waiting = asked.others === 1 ? '1 other waits' : `${asked.others} others wait`;
  const what =
    asked.outcome === 'left'
      ? 'You no longer wait for it'
      : 'Nothing was cancelled: you do not wait for it';
  const lines = [
    `${what}; ${waiting}, so it goes on.`,
    `To stop it for everyone: onetake cancel ${shellWord(videoId)} --all`,
  ];
  if (asked.outcome === 'left') output.result(() => lines, { videoId, ...asked });
  else output.badResult(() => lines, { videoId, ...asked });
  return asked.outcome === 'left' ? 'ok' : 'failed';
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
