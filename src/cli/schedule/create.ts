import { Option, type Command } from 'commander';
import type { BatchSchedule, CreatedSchedule } from '../../client.ts';
import { scheduleOverlaps, type ScheduleOverlap } from '../../client/batch/schedule-client.ts';
import type { BatchRow } from '../../contract/batch.ts';
import { scheduleManifestKey, storeManifest } from '../../storage/records/stored-manifests.ts';
import { datePlaceholder } from '../../manifest/rows/expand-date.ts';
import { ManifestError } from '../../manifest/manifest-error.ts';
import {
  noteWarnings,
  openStorage,
  readBatchManifest,
  reportManifestError,
  today,
} from '../batch/manifest.ts';
import { unknownModels } from '../batch/models.ts';
import {
  addBatchOptions,
  parseBatchOptions,
  parseIgnored,
  type BatchFlags,
} from '../batch/options.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { field } from '../video/report-video.ts';
import { parseDuration } from './times.ts';
import { withClient } from '../with-client.ts';

interface Flags extends BatchFlags {
  cron?: string;
  every?: string;
  overlap: ScheduleOverlap;
  catchup: string;
  jitter?: string;
  pauseOnFailure?: true;
}

const examples = `
Examples:
  $ onetake schedule create daily launch.csv --cron "0 3 * * *" --timezone Europe/Berlin
  $ onetake schedule create hourly news.yaml --every 1h --cap-videos 10

With {{date}} in the keys, each day makes new videos. Without it, only the first firing makes them.`;

/** `onetake schedule create`: a batch on a Temporal Schedule. */
export function configureScheduleCreate(command: Command): Run {
  command
    .argument('<name>', 'name of the schedule and of its batches')
    .argument('<manifest>', 'a .csv, .jsonl or .yaml file: one video per row')
    .option('--cron <expression>', 'cron expression: minute hour day month weekday')
    .option('--every <duration>', 'interval instead of --cron, e.g. 30m, 6h, 1d')
    .addOption(
      new Option('--overlap <policy>', 'what to do while the previous batch still runs')
        .choices(scheduleOverlaps)
        .default('skip'),
    )
    .option('--catchup <duration>', 'how late a missed firing may still be made', '1h')
    .option('--jitter <duration>', 'delay each firing by up to this')
    .option('--pause-on-failure', 'pause the schedule after a batch with failed rows');
  addBatchOptions(command).addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run(args: string[], flags: Flags, context: CliContext): Promise<Exit> {
  try {
    return await create(args, flags, context);
  } catch (error) {
    if (error instanceof ManifestError) return reportManifestError(error, context);
    throw error;
  }
}

async function create(
  [name = '', file = '']: string[],
  flags: Flags,
  context: CliContext,
): Promise<Exit> {
  const { checkedBatchName } = await import('../../client/batch/start-batch.ts');
  checkedBatchName(name);
  const when = parseWhen(flags);
  const options = parseBatchOptions(flags);
  const date = today(options.timeZone ?? 'UTC');
  const storage = await openStorage(context.env);
  const manifest = await readBatchManifest(file, {
    storage,
    date,
    ignoreColumns: parseIgnored(flags),
    sendAnyway: flags.sendAnyway,
    env: context.env,
  });
  noteWarnings(manifest, context);
  noteWarnings({ warnings: await unknownModels(manifest.rows, context.env) }, context);
  noteSameKeys(manifest.rows, context);
  const keyOf = () => scheduleManifestKey(name);
  const key = await storeManifest(manifest.rows, { storage, keyOf });
  const { timeZone } = options;
  const jitterMs = flags.jitter === undefined ? undefined : parseDuration('--jitter', flags.jitter);
  const { outcome, ...outlook } = await withClient(context, (client) =>
    client.schedules.create({
      batch: { ...options, name, manifest: { key } },
      when,
      overlap: flags.overlap,
      catchupMs: parseDuration('--catchup', flags.catchup),
      ...(timeZone !== undefined && { timeZone }),
      ...(jitterMs !== undefined && { jitterMs }),
      ...(flags.pauseOnFailure && { pauseOnFailure: true }),
    }),
  );
  noteMissed(outlook, context);
  context.output.result(
    (colors) => [
      `${outcome === 'created' ? 'Created' : 'Updated'}: ${manifest.rows.length} rows in each firing.`,
      field('look', `onetake schedule show ${name}`, colors),
    ],
    { outcome, name, rows: manifest.rows.length, manifest: key, ...outlook },
  );
  return 'ok';
}

function noteSameKeys(rows: readonly BatchRow[], { output }: CliContext): void {
  const same = rows.filter(({ key }) => !key.includes(datePlaceholder)).length;
  if (same === 0) return;
  const text = `${same} of ${rows.length} keys have no ${datePlaceholder}: the first firing makes their videos, and later firings find them stored`;
  output.note(`${output.colors.yellow('warning:')} ${text}`);
}

/** Warns of firings that are skipped when clocks move forward. */
function noteMissed(
  { missed = [], safeCron }: Omit<CreatedSchedule, 'outcome'>,
  { output }: CliContext,
): void {
  if (missed.length === 0) return;
  const advice = safeCron === undefined ? '' : `; --cron "${safeCron}" fires every time`;
  const shown = missed.length > 3 ? [...missed.slice(0, 3), `${missed.length - 3} more`] : missed;
  const text = `clocks move forward then, so it will not fire at ${shown.join(', ')}${advice}`;
  output.note(`${output.colors.yellow('warning:')} ${text}`);
}

function parseWhen({ cron, every }: Flags): BatchSchedule['when'] {
  if (cron !== undefined && every === undefined) return { cron };
  if (every !== undefined && cron === undefined) {
    return { everyMs: parseDuration('--every', every) };
  }
  throw new UsageError('Give either --cron "0 3 * * *" or --every 6h');
}
