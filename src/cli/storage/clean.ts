import type { Command } from 'commander';
import { storageConfig } from '../../config/storage-config.ts';
import { abandonedAfterMs } from '../../contract/retention.ts';
import { createStorage } from '../../storage/create-storage.ts';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import { parseDuration } from '../schedule/times.ts';
import { totalWords } from './usage.ts';

const examples = `
Examples:
  $ onetake storage clean
  $ onetake storage clean --untouched 1h

Workers do the same at startup. Files of a running download are kept, because they were written recently.`;

/** `onetake storage clean`: deletes the leftovers of killed workers. */
export function configureStorageClean(command: Command): Run {
  command
    .option(
      '--untouched <duration>',
      'only files that were last written longer ago than this (default: 1d)',
    )
    .addHelpText('after', examples);
  return (context) => run(command.opts<{ untouched?: string }>(), context);
}

async function run({ untouched }: { untouched?: string }, context: CliContext): Promise<Exit> {
  const untouchedMs =
    untouched === undefined ? abandonedAfterMs : parseDuration('--untouched', untouched);
  const storage = await createStorage(storageConfig(context.env));
  const removed = await storage.sweep({ untouchedMs });
  context.output.result(() => [`Deleted: ${totalWords(removed, 'unfinished file')}.`], {
    outcome: 'cleaned',
    removed,
  });
  return 'ok';
}
