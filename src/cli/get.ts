import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { fullVideoId } from '../client/describe-video.ts';
import { storedVideo } from '../client/open-video.ts';
import { VideoClientError } from '../client/video-client-error.ts';
import { storageConfig } from '../config.ts';
import type { StoredVideo } from '../contract/stored-video.ts';
import { createStorage } from '../storage/create-storage.ts';
import { findStored } from '../storage/stored-videos.ts';
import type { VideoStorage } from '../storage/video-storage.ts';
import { UsageError, type CliContext, type Run } from './context.ts';
import { checkTarget, writeCopy } from './copy-video.ts';
import type { Exit } from './exit-codes.ts';
import { openHere, type OpenedHere } from './open-here.ts';
import { field, videoFacts } from './report-video.ts';
import { fullId } from './short-id.ts';
import { withClient } from './with-client.ts';

interface Flags {
  output: string;
  force?: true;
}

const examples = `
Examples:
  $ onetake get cat-42 -o cat.mp4
  $ onetake get cat-42 -o - | ffprobe -

Size and SHA-256 are checked on the way; a file of -o is whole or not there.`;

/** `onetake get`: a stored video, out of its storage. */
export function configureGet(command: Command): Run {
  command
    .argument('<id>', 'id of the video, as generate and list show it')
    .requiredOption('-o, --output <file|->', 'where to write it; - is stdout')
    .option('--force', 'let --output replace a file')
    .addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([id = '']: string[], flags: Flags, context: CliContext): Promise<Exit> {
  const { output } = context;
  const target = { path: flags.output, force: flags.force === true };
  if (flags.output === '-') {
    if (output.json) throw new UsageError('--json prints on stdout, so it cannot go with -o -');
    const { body } = await openById(id, context);
    await pipeline(Readable.from(body), process.stdout, { end: false });
    return 'ok';
  }
  await checkTarget(target);
  const opened = await openById(id, context);
  const copy = await writeCopy(opened, target);
  const { video } = opened;
  output.result(
    (colors) => [field('copy', copy, colors), field('video', videoFacts(video), colors)],
    { outcome: 'copied', copy, video },
  );
  return 'ok';
}

/** Opens the stored video that a person means. @throws {VideoClientError} @throws {StorageError} */
export async function openById(given: string, context: CliContext): Promise<OpenedHere> {
  const storage = await createStorage(storageConfig(context.env));
  return openHere(await findById(given, { storage, context }), storage);
}

/** Temporal keeps a closed run for days only, and the storage keeps its videos: then the whole id finds them there. */
async function findById(
  given: string,
  { storage, context }: { storage: VideoStorage; context: CliContext },
): Promise<StoredVideo> {
  try {
    const status = await withClient(context, async (client) =>
      client.status(await fullId(client, given)),
    );
    return storedVideo(status);
  } catch (error) {
    const kind = error instanceof VideoClientError ? error.kind : undefined;
    if (kind !== 'not_found' && kind !== 'temporal_unavailable') throw error;
    const kept = await findStored(storage, fullVideoId(given));
    if (kept) return kept;
    throw error;
  }
}
