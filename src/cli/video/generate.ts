import type { Command } from 'commander';
import type { StartedVideo, StartVideoOptions, VideoClient, VideoRequest } from '../../client.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import { waiterName } from './waiter-name.ts';
import type { CopyTarget } from './copy-video.ts';
import type { Exit } from '../exit-codes.ts';
import type { RequestFlags } from './build-request.ts';
import { collectOption, onePrompt, requestOptions } from './request-options.ts';
import type { RequestQuote } from '../../contract/quote-request.ts';
import { parseRetakes, retakeOptions, type RetakeFlags } from './retake-options.ts';
import { listenForInterrupt, type Interrupt } from '../interrupt.ts';

interface Flags extends RequestFlags, RetakeFlags {
  body?: string;
  key?: string;
  take?: string;
  fresh?: true;
  tag?: string[];
  deadline?: string;
  timeout?: string;
  detach?: true;
  sendAnyway?: true;
  output?: string | true;
  force?: true;
}

const examples = `
Examples:
  $ onetake generate "A cat naps in the sun" --model kling-v1 --size 1280x720 --duration 5
  $ onetake generate "The cat wakes up" --model kling-v2-master --image cat.jpg -o cat.mp4
  $ onetake generate --body request.json --format generations --json

An equal request within an hour is the same video, and nothing is paid again. --fresh pays for a new one.
Ctrl-C only stops watching; the video continues.`;

/** `onetake generate`: at most one paid submit. */
export function configureGenerate(command: Command): Run {
  requestOptions(command.argument('[prompt]', 'what the video shows'))
    .option('--key <text>', 'idempotency key: the same key is always the same video')
    .option('--take <number>', 'make another video of the same request; each take is paid')
    .option('--fresh', 'make the next take: a new paid video, even if one is stored or under way')
    .option('--tag <name>', 'tag for limits and the ledger; repeat it for several', collectOption)
    .option(
      '--send-anyway',
      'send a request even if the catalogue says that the gateway refuses it',
    )
    .option(
      '--deadline <minutes>',
      'minutes until the video counts as overdue; it is still watched',
    )
    .option('--timeout <seconds>', 'stop waiting after this; the video continues')
    .option('--detach', 'start it and do not wait')
    .option(
      '-o, --output [file]',
      'copy the stored video to this file (default: named after key or prompt)',
    )
    .option('--force', 'let --output replace a file');
  retakeOptions(command).addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([prompt]: string[], flags: Flags, context: CliContext): Promise<Exit> {
  const interrupt = listenForInterrupt();
  try {
    const plan = await makePlan({ ...flags, ...onePrompt(prompt, flags.prompt) }, context);
    if (interrupt.signal.aborted) return stoppedInTime(context);
    const { withClient } = await import('../with-client.ts');
    const storage = flags.fresh && (await openStorage(context));
    const { env } = context;
    return await withClient({ env, ...(storage && { storage }) }, async (client) => {
      if (interrupt.signal.aborted) return stoppedInTime(context);
      return startAndFollow({ client, plan, context, interrupt });
    });
  } finally {
    interrupt.stop();
  }
}

/** `--fresh` also counts takes that only the storage knows. */
async function openStorage({ env }: CliContext) {
  const [{ storageConfig }, { createStorage }] = await Promise.all([
    import('../../config/storage-config.ts'),
    import('../../storage/create-storage.ts'),
  ]);
  return createStorage(storageConfig(env));
}

interface Plan {
  request: VideoRequest;
  quote: RequestQuote;
  options: StartVideoOptions;
  detach: boolean;
  timeoutMs?: number;
  target?: CopyTarget;
}

/** Checks everything that needs no server. */
async function makePlan(flags: Flags, context: CliContext): Promise<Plan> {
  const options = startOptions(flags);
  if (flags.fresh && (flags.key !== undefined || flags.take !== undefined)) {
    throw new UsageError('--fresh makes the next take, so it cannot go with --key or --take');
  }
  const timeoutMs = positive('--timeout', flags.timeout, 1_000);
  if (flags.detach && (flags.output !== undefined || timeoutMs !== undefined)) {
    throw new UsageError('--detach does not wait, so it cannot go with --output or --timeout');
  }
  const { makeRequest } = await import('./make-request.ts');
  const { request, quote } = await makeRequest(flags, context);
  const target = flags.output === undefined ? undefined : await targetOf(flags, request);
  const { videoId } = await import('../../identity/workflow-id.ts');
  refuse(() => videoId(request, options));
  await refuseLabels(options);
  return {
    request,
    quote,
    options,
    detach: flags.detach === true,
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(target && { target }),
  };
}

/** A copy without a name is named after key or prompt, and take. */
async function targetOf(
  { output = true, force, key, take }: Flags,
  { body }: VideoRequest,
): Promise<CopyTarget> {
  const { chooseTarget } = await import('./copy-video.ts');
  const { promptWords } = await import('../../contract/run-summary.ts');
  const text = [key ?? promptWords(body.prompt), ...(take === undefined ? [] : [`take ${take}`])];
  return chooseTarget({ output, ...(force && { force }) }, text.join(' '));
}

async function startAndFollow({
  client,
  plan,
  context,
  interrupt,
}: {
  client: VideoClient;
  plan: Plan;
  context: CliContext;
  interrupt: Interrupt;
}): Promise<Exit> {
  const { output } = context;
  const { quoteWords } = await import('../models/quote-words.ts');
  output.note(quoteWords(plan.quote));
  const started = await client.start(plan.request, plan.options);
  const { videoId } = started;
  if (plan.detach) return reportStarted(started, context);
  output.note(startWords[started.outcome]);
  const { followVideo } = await import('./follow-video.ts');
  const { finishVideo } = await import('./finish-video.ts');
  const { timeoutMs, target } = plan;
  const outcome = await followVideo({
    client,
    videoId,
    output,
    interrupt,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  const told = started.warnings;
  return finishVideo(outcome, { context, videoId, told, ...(target && { target }) });
}

const startWords: Readonly<Record<StartedVideo['outcome'], string>> = {
  started: 'Started: at most one submit is paid.',
  joined: 'Joined: this video is already under way; nothing more is paid.',
  cached: 'Cached: this video is already stored; nothing more is paid.',
};

async function reportStarted(started: StartedVideo, { output }: CliContext): Promise<Exit> {
  const { field, shellWord } = await import('./report-video.ts');
  output.result(
    (colors) => [
      startWords[started.outcome],
      field('follow', `onetake watch ${shellWord(started.videoId)}`, colors),
      field('cancel', `onetake cancel ${shellWord(started.videoId)}`, colors),
    ],
    started,
  );
  return 'ok';
}

function stoppedInTime({ output }: CliContext): Exit {
  output.badResult(() => ['Stopped; nothing was started.'], { outcome: 'not_started' });
  return 'detached';
}

function startOptions({
  key,
  take,
  fresh,
  tag,
  deadline,
  sendAnyway,
  ...again
}: Flags): StartVideoOptions {
  const deadlineMs = positive('--deadline', deadline, 60_000);
  const retakes = parseRetakes(again);
  return {
    ...(key !== undefined && { key }),
    ...(take !== undefined && { take: Number(take) }),
    ...(fresh && { fresh }),
    ...(tag && { tags: tag }),
    waiterId: waiterName(),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(retakes && { retakes }),
    ...(sendAnyway && { sendAnyway }),
  };
}

function positive(flag: string, text: string | undefined, unitMs: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value * unitMs;
  throw new UsageError(`Cannot use ${flag} "${text}": it must be a number above 0`);
}

function refuse(check: () => unknown): void {
  try {
    check();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UsageError(cause.message, { cause });
  }
}

async function refuseLabels(options: StartVideoOptions): Promise<void> {
  const { readLabels } = await import('../../contract/video-labels.ts');
  const read = readLabels(options);
  if (!read.ok) throw new UsageError(`Cannot use --tag: ${read.message}`);
}
