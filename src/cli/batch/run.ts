import type { Command } from 'commander';
import type { BatchClient, StartedBatch, VideoClient } from '../../client.ts';
import type { VideoBatchInput } from '../../contract/batch.ts';
import type { Manifest } from '../../manifest/read-manifest.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { counted } from '../storage/words.ts';
import { listenForInterrupt, type Interrupt } from '../interrupt.ts';
import { addBatchOptions, parseBatchOptions, parseIgnored, type BatchFlags } from './options.ts';

interface Flags extends BatchFlags {
  name?: string;
  yes?: true;
  detach?: true;
}

const examples = `
Examples:
  $ onetake batch run launch.csv                 (shows the cost, then asks for confirmation)
  $ onetake batch run launch.yaml --yes --detach --cap-videos 50

A second run of the same file pays only for missing videos. Ctrl-C only stops watching; the batch continues.`;

/** `onetake batch run`: makes the videos of a manifest, each paid at most once. */
export function configureBatchRun(command: Command): Run {
  command
    .argument('<manifest>', 'a .csv, .jsonl or .yaml file: one video per row')
    .option('--name <name>', 'name of the batch (default: the name of the file)')
    .option('--yes', 'start it without confirmation')
    .option('--detach', 'start it and do not wait');
  addBatchOptions(command).addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([file = '']: string[], flags: Flags, context: CliContext): Promise<Exit> {
  const interrupt = listenForInterrupt();
  const { ManifestError } = await import('../../manifest/manifest-error.ts');
  try {
    return await checkAndRun(file, flags, { context, interrupt });
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return (await import('./manifest.ts')).reportManifestError(error, context);
  } finally {
    interrupt.stop();
  }
}

interface Running {
  context: CliContext;
  interrupt: Interrupt;
}

/** Runs all checks before it starts anything. */
async function checkAndRun(file: string, flags: Flags, running: Running): Promise<Exit> {
  const { context } = running;
  const manifests = await import('./manifest.ts');
  const { checkedBatchName } = await import('../../client/batch/start-batch.ts');
  const { nameOfFile } = await import('../../manifest/batch-name.ts');
  const name = checkedBatchName(flags.name ?? nameOfFile(file));
  const options = parseBatchOptions(flags);
  const date = manifests.today(options.timeZone ?? 'UTC');
  const storage = await manifests.openStorage(context.env);
  const manifest = await manifests.readBatchManifest(file, {
    storage,
    date,
    ignoreColumns: parseIgnored(flags),
    sendAnyway: flags.sendAnyway,
    env: context.env,
  });
  manifests.noteWarnings(manifest, context);
  const { unknownModels } = await import('./models.ts');
  manifests.noteWarnings({ warnings: await unknownModels(manifest.rows, context.env) }, context);
  const { withClient } = await import('../with-client.ts');
  return withClient(context, async (client) => {
    const plan = { name, date, manifest, storage, options };
    const mayStart = await agree(client, plan, { flags, running });
    if (!mayStart) return notStarted(context);
    return startAndFollow(client, plan, { flags, running });
  });
}

interface Plan {
  name: string;
  date: string;
  manifest: Manifest;
  storage: VideoStorage;
  options: Omit<VideoBatchInput, 'name' | 'manifest'>;
}

interface How {
  flags: Flags;
  running: Running;
}

async function agree(
  client: VideoClient,
  { name, date, manifest, storage }: Plan,
  { flags, running: { context, interrupt } }: How,
): Promise<boolean> {
  const {
    tallyMoneyWords: moneyWords,
    priceLines,
    batchQuoteLines: quoteLines,
  } = await import('./quote.ts');
  const { quoteBatch } = await import('../../manifest/quote-batch.ts');
  const { output } = context;
  const { pricesHere } = await import('../models/price-source.ts');
  const prices = await pricesHere(context.env, storage);
  const { createStoredImages } = await import('../../storage/records/stored-images.ts');
  const { getText: readText } = createStoredImages({ storage });
  const lookUp: BatchClient['lookUp'] = (identities) => client.batches.lookUp(identities);
  const quote = await quoteBatch(manifest.rows, { lookUp, name, date, prices, readText });
  const lines = [...quoteLines(quote, output.colors), ...priceLines(quote, prices, output.colors)];
  output.note([`Batch "${name}"`, ...lines].join('\n'));
  if (interrupt.signal.aborted) return false;
  const { started } = quote.byOrigin;
  if (flags.yes || started.rows === 0) return true;
  const question = `Pay for ${counted(started.rows, 'video')} (${moneyWords(started)})?`;
  const { confirm } = await import('../confirm.ts');
  const advice = 'check the quote, then add --yes';
  return confirm(question, { context, signal: interrupt.signal, advice });
}

async function startAndFollow(
  client: VideoClient,
  { name, manifest, storage, options }: Plan,
  { flags, running: { context, interrupt } }: How,
): Promise<Exit> {
  const stored = await import('../../storage/records/stored-manifests.ts');
  const keyOf = (digest: string) => stored.batchManifestKey(name, digest);
  const key = await stored.storeManifest(manifest.rows, { storage, keyOf });
  const started = await client.batches.start({ ...options, name, manifest: { key } });
  if (flags.detach) return reportStarted(name, started, context);
  context.output.note(startWords[started.outcome]);
  const { followBatch } = await import('./follow-batch.ts');
  return followBatch({ client, name, context, interrupt });
}

const startWords: Readonly<Record<StartedBatch['outcome'], string>> = {
  started: 'Started: each video is paid at most once.',
  joined: 'Joined: this batch is already under way; nothing more is paid.',
};

async function reportStarted(
  name: string,
  started: StartedBatch,
  { output }: CliContext,
): Promise<Exit> {
  const { field } = await import('../video/report-video.ts');
  output.result(
    (colors) => [
      startWords[started.outcome],
      field('follow', `onetake batch watch ${name}`, colors),
      field('cancel', `onetake batch cancel ${name}`, colors),
    ],
    { name, ...started },
  );
  return 'ok';
}

function notStarted({ output }: CliContext): Exit {
  output.badResult(() => ['Nothing was started.'], { outcome: 'not_started' });
  return 'cancelled';
}
