import type { Command } from 'commander';
import { storageConfig } from '../../config/storage-config.ts';
import type { FileTotal, RetentionInput } from '../../contract/retention.ts';
import { createStorage } from '../../storage/create-storage.ts';
import { listExpired, removeKept } from '../../storage/records/expired-videos.ts';
import type { KeptVideo } from '../../storage/records/stored-videos.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { parseDuration } from '../schedule/times.ts';
import { shortId } from '../short-id.ts';
import { totalWords } from './usage.ts';
import { bytes, counted } from './words.ts';
import { withClient } from '../with-client.ts';

interface Flags {
  olderThan?: string;
  tag?: string;
  model?: string;
  yes?: true;
  every?: string;
  stop?: true;
}

/** All are in `--json`. */
const shownVideos = 20;

const examples = `
Examples:
  $ onetake storage prune --older-than 30d                      (lists what it would delete)
  $ onetake storage prune --older-than 30d --tag drafts --yes
  $ onetake storage prune --older-than 30d --every 1d --yes     (creates or changes the schedule)
  $ onetake storage prune --stop

Deleted videos cannot be restored. Claims are kept, so no key is paid twice.`;

/** `onetake storage prune`: deletes old videos. Without `--yes` it only lists them. */
export function configureStoragePrune(command: Command): Run {
  command
    .option('--older-than <duration>', 'videos that were stored longer ago, e.g. 12h or 30d')
    .option('--tag <tag>', 'only videos with this tag')
    .option('--model <id>', 'only videos of this model')
    .option('--yes', 'delete them, or with --every create or change the schedule')
    .option('--every <duration>', 'run it in the workers on a schedule, e.g. 1d')
    .option('--stop', 'delete the schedule')
    .addHelpText('after', examples);
  return (context) => run(command.opts<Flags>(), context);
}

async function run(flags: Flags, context: CliContext): Promise<Exit> {
  if (flags.stop) return stop(flags, context);
  if (flags.olderThan === undefined) {
    throw new UsageError('Give the age of old videos, e.g. --older-than 30d');
  }
  const { tag, model } = flags;
  const retention: RetentionInput = {
    olderThanMs: parseDuration('--older-than', flags.olderThan),
    ...(tag !== undefined && { tag }),
    ...(model !== undefined && { model }),
  };
  const everyMs = flags.every === undefined ? undefined : parseDuration('--every', flags.every);
  const storage = await createStorage(storageConfig(context.env));
  if (!flags.yes) return show(storage, { retention, context });
  if (everyMs === undefined) return remove(storage, { retention, context });
  return schedule({ ...retention, everyMs }, context);
}

interface Pruning {
  retention: RetentionInput;
  context: CliContext;
}

async function show(storage: VideoStorage, { retention, context }: Pruning): Promise<Exit> {
  const expired: KeptVideo[] = [];
  for await (const video of listExpired(storage, ruleOf(retention))) {
    if (video.sizeBytes !== null) expired.push(video);
  }
  const total = totalOf(expired);
  const more = expired.length - shownVideos;
  context.output.result(
    (colors) => [
      ...expired.slice(0, shownVideos).map(videoLine),
      ...(more > 0 ? [colors.dim(`and ${counted(more, 'more video')}; --json has all`)] : []),
      `Would delete: ${totalWords(total, 'video')}. Nothing was deleted or scheduled; add --yes to do it.`,
    ],
    { outcome: 'dry_run', ...total, videos: expired.map(listed) },
  );
  return 'ok';
}

async function remove(storage: VideoStorage, { retention, context }: Pruning): Promise<Exit> {
  const removed: FileTotal = { count: 0, sizeBytes: 0 };
  for await (const video of listExpired(storage, ruleOf(retention))) {
    if (!(await removeKept(storage, video)) || video.sizeBytes === null) continue;
    removed.count += 1;
    removed.sizeBytes += video.sizeBytes;
  }
  context.output.result(() => [`Deleted: ${totalWords(removed, 'video')}.`], {
    outcome: 'removed',
    removed,
  });
  return 'ok';
}

async function schedule(
  retention: RetentionInput & { everyMs: number },
  context: CliContext,
): Promise<Exit> {
  const { outcome } = await withClient(context, (client) => client.retention.create(retention));
  context.output.result(
    () => [
      outcome === 'created'
        ? 'Created: the workers delete old videos on this schedule.'
        : 'Updated: the workers delete old videos on the new schedule.',
    ],
    { outcome, ...retention },
  );
  return 'ok';
}

async function stop(flags: Flags, context: CliContext): Promise<Exit> {
  if (Object.keys(flags).length > 1) throw new UsageError('--stop cannot go with other options');
  const { outcome } = await withClient(context, (client) => client.retention.delete());
  const words =
    outcome === 'deleted'
      ? 'Deleted the schedule; no more videos are deleted.'
      : 'There is no schedule.';
  context.output.result(() => [words], { outcome });
  return 'ok';
}

function ruleOf({ olderThanMs, ...filter }: RetentionInput) {
  return { ...filter, beforeMs: Date.now() - olderThanMs };
}

function totalOf(videos: readonly KeptVideo[]): FileTotal {
  const sizeBytes = videos.reduce((sum, video) => sum + (video.sizeBytes ?? 0), 0);
  return { count: videos.length, sizeBytes };
}

function videoLine({ key, sizeBytes, sidecar, storedAt }: KeptVideo): string {
  const name = sidecar ? shortId(sidecar.videoId) : key;
  const size = bytes(sizeBytes ?? 0);
  return [new Date(storedAt).toISOString(), size, sidecar?.model ?? '', name].join('  ');
}

function listed({ key, sizeBytes, sidecar, storedAt }: KeptVideo) {
  return {
    key,
    sizeBytes,
    storedAt: new Date(storedAt).toISOString(),
    ...(sidecar && { videoId: sidecar.videoId, model: sidecar.model }),
  };
}
