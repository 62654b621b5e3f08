import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import type { CliContext, Run } from '../context.ts';
import { openWithSystem } from '../open-with-system.ts';
import { writeCopy } from './copy-video.ts';
import type { Exit } from '../exit-codes.ts';
import { openById } from './download.ts';
import type { OpenedHere } from './open-here.ts';
import { field } from './report-video.ts';

const examples = `
Example:
  $ onetake play cat-42

If no player is found, it prints the path of the file.`;

/** `onetake play`: opens a stored video in the system's player. */
export function configurePlay(command: Command): Run {
  command
    .argument('<id>', 'id of the video, as generate and list show it')
    .addHelpText('after', examples);
  return (context) => run(command.args, context);
}

async function run([id = '']: string[], context: CliContext): Promise<Exit> {
  const path = await localFile(await openById(id, context));
  const isOpened = await openWithSystem(path, context.env);
  const outcome = isOpened ? 'opened' : 'no_opener';
  context.output.result(
    (colors) => [
      ...(isOpened ? [] : [colors.yellow('! no player was found')]),
      field('file', path, colors),
    ],
    { outcome, path },
  );
  return 'ok';
}

/** Checks a local file in place. Any other video is copied to a temporary folder and kept for the player. */
async function localFile(opened: OpenedHere): Promise<string> {
  if (opened.path === undefined) {
    const folder = await mkdtemp(join(tmpdir(), 'onetake-'));
    const path = join(folder, basename(opened.video.key));
    return writeCopy(opened, { path, force: false });
  }
  const chunks = opened.body[Symbol.asyncIterator]();
  while (!(await chunks.next()).done);
  return opened.path;
}
