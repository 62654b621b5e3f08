import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import type { CliContext, Env, Run } from '../context.ts';
import { writeCopy } from './copy-video.ts';
import type { Exit } from '../exit-codes.ts';
import { openById } from './download.ts';
import type { OpenedHere } from './open-here.ts';
import { field } from './report-video.ts';

const examples = `
Example:
  $ onetake play cat-42

Where no program is found to open it with, it says where the file is.`;

/** `onetake play`: a stored video in the program that this machine plays videos with. */
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
      ...(isOpened ? [] : [colors.yellow('! no program was found to open it with')]),
      field('file', path, colors),
    ],
    { outcome, path },
  );
  return 'ok';
}

/** A file of this machine is checked where it is; any other is copied, and left for the player. */
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

/** False where there is no such program. What becomes of it is not waited for: a player may run for hours. */
async function openWithSystem(path: string, env: Env): Promise<boolean> {
  const [program, ...args] = openerOf(process.platform);
  const child = spawn(program, [...args, path], { env, stdio: 'ignore', detached: true });
  try {
    await once(child, 'spawn');
  } catch {
    return false;
  }
  child.unref();
  return true;
}

function openerOf(platform: NodeJS.Platform): [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  return platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
}
