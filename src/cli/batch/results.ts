import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Command } from 'commander';
import type { BatchRowResult } from '../../contract/batch.ts';
import type { StoredVideo } from '../../contract/stored-video.ts';
import { resultsCsv, resultsJsonl } from '../../manifest/results-text.ts';
import { readBatchResults } from '../../storage/records/batch-results.ts';
import { openStorage } from './manifest.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import { CopyFailed, copyVideo } from '../video/copy-video.ts';
import type { Exit } from '../exit-codes.ts';
import { fileName } from '../video/file-name.ts';
import { withClient } from '../with-client.ts';

interface Flags {
  csv?: true;
  jsonl?: true;
  copy?: string;
  force?: true;
}

const examples = `
Examples:
  $ onetake batch results launch --csv > launch-results.csv
  $ onetake batch results launch --copy videos/

Results grow while the batch runs.`;

/** `onetake batch results`: one line for each row that has a result. */
export function configureBatchResults(command: Command): Run {
  command
    .argument('<name>', 'name of the batch, as `batch list` shows it')
    .option('--csv', 'print CSV')
    .option('--jsonl', 'print JSONL (default)')
    .option('--copy <folder>', 'copy the stored videos to this folder instead')
    .option('--force', 'let --copy replace files')
    .addHelpText('after', examples);
  return (context) => run(command.args, command.opts<Flags>(), context);
}

async function run([name = '']: string[], flags: Flags, context: CliContext): Promise<Exit> {
  if (flags.csv && flags.jsonl) throw new UsageError('Give one of --csv and --jsonl');
  const { folder } = await withClient(context, (client) => client.batches.status(name));
  const results =
    folder === undefined ? [] : await readBatchResults(await openStorage(context.env), folder);
  if (flags.copy !== undefined) return copyAll(results, { ...flags, to: flags.copy, context });
  const text = flags.csv ? resultsCsv(results) : resultsJsonl(results);
  context.output.result(() => (text === '' ? [] : [text.trimEnd()]), { name, results });
  return 'ok';
}

type CopiedRow = Pick<BatchRowResult, 'key' | 'output'> & { video: { key: string } };

/**
 * File names of the copies: `output` of the row, otherwise its key. If two names are equal, ignoring case, the later
 * one gets a part of the digest of its key.
 */
export function copyNames(rows: readonly CopiedRow[]): string[] {
  const folded = (name: string) => name.toLowerCase();
  const taken = new Set(
    rows.flatMap(({ output }) => (output === undefined ? [] : [folded(output)])),
  );
  return rows.map(({ key, output, video }) => {
    if (output !== undefined) return basename(output);
    const ending = extname(video.key);
    const name = fileName(key, ending);
    const own = taken.has(folded(name)) ? fileName(key, `-${digestOf(key)}${ending}`) : name;
    taken.add(folded(own));
    return own;
  });
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

/** Copies one video after the other, also after a copy failed. */
async function copyAll(
  results: readonly BatchRowResult[],
  { to, force, context }: { to: string; force?: true; context: CliContext },
): Promise<Exit> {
  const { env, output } = context;
  const storage = await openStorage(env);
  await mkdir(to, { recursive: true });
  const copies: { key: string; copy?: string; error?: string }[] = [];
  const stored = results.flatMap(({ video, ...row }) => (video ? [{ ...row, video }] : []));
  const names = copyNames(stored);
  for (const [index, { key, video }] of stored.entries()) {
    const path = join(to, names[index] ?? key);
    try {
      const source = video as StoredVideo;
      const target = { path, force: force === true };
      copies.push({ key, copy: await copyVideo(source, { target, storage }) });
    } catch (error) {
      if (!(error instanceof CopyFailed)) throw error;
      copies.push({ key, error: error.message });
    }
  }
  const failed = copies.flatMap(({ error }) => (error === undefined ? [] : [error]));
  const report = failed.length === 0 ? output.result : output.badResult;
  report(() => [...failed, `${copies.length - failed.length} videos copied to "${to}"`], {
    copies,
  });
  return failed.length === 0 ? 'ok' : 'failed';
}
