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

The gateway cannot cancel: a submitted job continues there and stays billed. The output says what was stopped.
If others wait for the same video, it continues for them. --all stops it for everyone, also without a running worker.`;

/** `onetake cancel`: cancels a video, and reports whether its job continues. */
export function configureCancel(command: Command): Run {
  command
    .argument('<id>', 'id of the video, as generate and list show it')
    .option('--keep', 'only stop waiting; a paid video is still stored')
    .option('--all', 'stop it for everyone who waits for it')
    .option('--timeout <seconds>', 'how long to wait for the effect', '30')
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

/** The video continues for other waiters. */
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
    `${what}; ${waiting}, so it continues.`,
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

/** A live `cancelled` is final, although the run closes a moment later. */
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
  const message = `Nothing was cancelled: "${shortId(videoId)}" is already ${phase}`;
  output.badResult(() => [message], status);
  return 'failed';
}

function reportPending(status: VideoSnapshot, { output }: CliContext): Exit {
  const id = shellWord(status.videoId);
  const reason = status.live
    ? 'requests under way may finish first, above all a paid one'
    : 'no worker responds; the next one that starts will cancel it';
  output.badResult(
    () => [`Cancellation requested, not done yet: ${reason}. Check with: onetake status ${id}`],
    { ...status, outcome: 'pending' },
  );
  return 'pending';
}
