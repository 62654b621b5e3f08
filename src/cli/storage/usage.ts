import Table from 'cli-table3';
import type { Command } from 'commander';
import { storageConfig } from '../../config/storage-config.ts';
import type { FileTotal } from '../../contract/retention.ts';
import { createStorage, storagePlace } from '../../storage/create-storage.ts';
import { measureUsage, type StorageUsage } from '../../storage/records/storage-usage.ts';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import type { Colors } from '../output.ts';
import { field } from '../video/report-video.ts';
import { bytes, counted, spaceWords } from './words.ts';
import { plainTable } from '../table.ts';

/** Older days are in `--json`. */
const shownDays = 14;

const examples = `
Examples:
  $ onetake storage
  $ onetake storage prune --older-than 30d`;

/** `onetake storage`: usage. Reads the storage only, so it needs no server. */
export function configureStorageUsage(command: Command): Run {
  command.addHelpText('after', examples);
  return run;
}

async function run({ env, output }: CliContext): Promise<Exit> {
  const settings = storageConfig(env);
  const usage = await measureUsage(await createStorage(settings));
  const place = storagePlace(settings);
  output.result((colors) => usageLines(place, usage, colors), { storage: place, ...usage });
  return 'ok';
}

function usageLines(place: string, usage: StorageUsage, colors: Colors): string[] {
  const { oldest, byModel, byDay, temporary, space } = usage;
  const older = byDay.length - shownDays;
  return [
    field('storage', place, colors),
    field('videos', totalWords(usage, 'video'), colors),
    ...(oldest === undefined ? [] : [field('oldest', oldest, colors)]),
    field('leftover', totalWords(temporary, 'unfinished file'), colors),
    ...(space ? [field('disk', spaceLine(space, colors), colors)] : []),
    ...(byModel.length === 0 ? [] : ['', totalTable('model', byModel, ({ model }) => model)]),
    ...(byDay.length === 0
      ? []
      : ['', totalTable('day', byDay.slice(0, shownDays), ({ day }) => day)]),
    ...(older > 0 ? [colors.dim(`and ${counted(older, 'older day')}; --json has all`)] : []),
  ];
}

function spaceLine(space: StorageUsage['space'] & object, colors: Colors): string {
  return space.nearlyFull ? colors.yellow(spaceWords(space)) : spaceWords(space);
}

/** `3 videos, 12.0 MB`. */
export function totalWords({ count, sizeBytes }: FileTotal, name: string): string {
  return count === 0 ? `no ${name}` : `${counted(count, name)}, ${bytes(sizeBytes)}`;
}

function totalTable<T extends FileTotal>(
  name: string,
  rows: readonly T[],
  nameOf: (row: T) => string,
): string {
  const table = new Table({ ...plainTable, head: [name, 'videos', 'size'] });
  table.push(...rows.map((row) => [nameOf(row), String(row.count), bytes(row.sizeBytes)]));
  return table.toString();
}
