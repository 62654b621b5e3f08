import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { VideoSnapshot } from '../../client.ts';
import { fullVideoId } from '../../client/describe-video.ts';
import { storedVideo, wantedFile } from '../../client/open-video.ts';
import { VideoClientError } from '../../client/video-client-error.ts';
import { storageConfig } from '../../config/storage-config.ts';
import type { KeptFile } from '../../contract/failure.ts';
import type { StoredVideo } from '../../contract/stored-video.ts';
import { createStorage } from '../../storage/create-storage.ts';
import { findStored } from '../../storage/records/stored-videos.ts';
import type { VideoStorage } from '../../storage/video-storage.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import { chooseTarget, writeCopy } from './copy-video.ts';
import type { Exit } from '../exit-codes.ts';
import { openHere, type OpenedHere } from './open-here.ts';
import { field, videoFacts } from './report-video.ts';
import { fullId, shortId } from '../short-id.ts';
import { withClient } from '../with-client.ts';

interface Flags {
  output: string | true;
  force?: true;
}

const examples = `
Examples:
  $ onetake download cat-42 -o cat.mp4
  $ onetake download cat-42 -o - | ffprobe -

Size and SHA-256 are checked. A file written with -o is complete or absent. If a video failed because its file did
not pass the checks, --force copies that file.`;

/** `onetake download`: copies a stored video out of the storage. */
export function configureDownload(command: Command): Run {
  command
    .argument('<id>', 'id of the video, as generate and list show it')
    .requiredOption(
      '-o, --output [file|-]',
      'file to write, or - for stdout (default: a file named after the id)',
    )
    .option('--force', 'let --output replace a file, and copy a file that did not pass the checks')
    .addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([id = '']: string[], flags: Flags, context: CliContext): Promise<Exit> {
  const { output } = context;
  const force = flags.force === true;
  if (flags.output === '-') {
    if (output.json) throw new UsageError('--json prints on stdout, so it cannot go with -o -');
    const { body } = await openWanted(id, { force, context });
    await pipeline(Readable.from(body), process.stdout, { end: false });
    return 'ok';
  }
  const target = await chooseTarget(flags, shortId(id));
  const { video, ...opened } = await openWanted(id, { force, context });
  const copy = await writeCopy({ video, ...opened }, target);
  if ('durationSeconds' in video) {
    output.result(
      (colors) => [field('copy', copy, colors), field('video', videoFacts(video), colors)],
      { outcome: 'copied', copy, video },
    );
  } else {
    output.result((colors) => [field('copy', copy, colors), colors.yellow(`! ${notWhole}`)], {
      outcome: 'copied',
      copy,
      kept: video,
    });
  }
  return 'ok';
}

const notWhole =
  'This file did not pass the checks and may not be a complete video; see `onetake status`';

/** Opens the stored video with this id. @throws {VideoClientError} @throws {StorageError} */
export async function openById(given: string, context: CliContext): Promise<OpenedHere> {
  const storage = await createStorage(storageConfig(context.env));
  return openHere(await findById(given, { storage, context, read: storedVideo }), storage);
}

/** With `force`, also a file that did not pass the checks. @throws {VideoClientError} @throws {StorageError} */
async function openWanted(
  given: string,
  { force, context }: { force: boolean; context: CliContext },
): Promise<OpenedHere<StoredVideo | KeptFile>> {
  const storage = await createStorage(storageConfig(context.env));
  const read = (status: VideoSnapshot) => wantedFile(status, { force });
  return openHere(await findById(given, { storage, context, read }), storage);
}

interface Finding<File> {
  storage: VideoStorage;
  context: CliContext;
  read: (status: VideoSnapshot) => File;
}

/** Temporal deletes closed runs after its retention period; then a full id is looked up in the storage. */
async function findById<File>(
  given: string,
  { storage, context, read }: Finding<File>,
): Promise<File | StoredVideo> {
  try {
    const status = await withClient(context, async (client) =>
      client.status(await fullId(client, given)),
    );
    return read(status);
  } catch (error) {
    const kind = error instanceof VideoClientError ? error.kind : undefined;
    if (kind !== 'not_found' && kind !== 'temporal_unavailable') throw error;
    const kept = await findStored(storage, fullVideoId(given));
    if (kept) return kept;
    throw error;
  }
}
