import { createInterface } from 'node:readline/promises';
import type { RowProspect, VideoClient } from '../client.ts';
import { workflowIdPrefix } from '../contract/task-queues.ts';
import { ManifestError } from '../manifest/manifest-error.ts';
import { expandDate } from '../manifest/expand-date.ts';
import { quote, type Quote, type Tally } from '../manifest/quote.ts';
import { requestDigest } from '../request-digest.ts';
import type { BatchRow } from '../contract/batch.ts';
import { UsageError, type CliContext } from './context.ts';
import type { Colors } from './output.ts';
import { field } from './report-video.ts';

/** What a batch would ask for now. */
export interface BatchQuote extends Quote {
  /** Rows that ended after they were, or may have been, billed; they are not paid again. */
  billedBefore: number;
}

/**
 * Looks every row up, and counts what would be paid.
 *
 * @throws {ManifestError} The id of a row stands for another request already.
 */
export async function quoteBatch(
  rows: readonly BatchRow[],
  { client, name, file, date }: { client: VideoClient; name: string; file: string; date: string },
): Promise<BatchQuote> {
  const dated = rows.map((row) => expandDate(row, date));
  const prospects = await client.batches.lookUp(
    dated.map(({ key, request }) => ({
      videoId: `${workflowIdPrefix}${name}/${key}`,
      requestDigest: requestDigest(request),
    })),
  );
  const standing = dated.map((row, index) => ({ row, prospect: prospects[index] ?? 'started' }));
  const conflicts = standing.filter(({ prospect }) => prospect === 'conflict');
  if (conflicts.length > 0) throw new ManifestError(file, conflicts.map(conflict));
  const known = new Map(standing.map(({ row, prospect }) => [row, prospect]));
  const billed = standing.filter(({ prospect }) => prospect === 'billed');
  const others = standing.filter(({ prospect }) => prospect !== 'billed').map(({ row }) => row);
  return {
    ...quote(others, (row) => originOf(known.get(row))),
    billedBefore: billed.length,
  };
}

function conflict({ row: { line, key } }: { row: BatchRow }) {
  const message = `"${key}" is already the key of another request: give the row another key, or the batch another --name`;
  return { line, field: 'key', message };
}

function originOf(prospect: RowProspect | undefined) {
  return prospect === 'joined' || prospect === 'hit' ? prospect : 'started';
}

export function quoteLines({ all, byOrigin, byModel, billedBefore }: BatchQuote, colors: Colors) {
  const { started, joined, hit } = byOrigin;
  return [
    field('rows', words({ ...all, rows: all.rows + billedBefore }), colors),
    field('to pay', colors.bold(words(started)), colors),
    ...byModel.map(({ model, ...tally }) => field('', `${model}: ${words(tally)}`, colors)),
    ...(joined.rows > 0
      ? [field('joined', `${words(joined)}: another run makes them`, colors)]
      : []),
    ...(hit.rows > 0 ? [field('there', `${words(hit)}: stored before`, colors)] : []),
    ...(billedBefore > 0
      ? [
          field(
            'ended',
            `${billedBefore} rows that were or may have been billed; not paid again`,
            colors,
          ),
        ]
      : []),
  ];
}

function words({ rows, seconds, rowsWithoutLength }: Tally): string {
  const open =
    rowsWithoutLength === 0 ? '' : `, ${rowsWithoutLength} without a length of their own`;
  return `${rows} ${rows === 1 ? 'video' : 'videos'}, ${seconds} s${open}`;
}

/** One yes, from a person at a terminal. @throws {UsageError} Nobody can be asked. */
export async function confirm(
  question: string,
  { context, signal }: { context: CliContext; signal: AbortSignal },
): Promise<boolean> {
  if (!context.output.isTerminal || process.stdin.isTTY !== true || context.output.json) {
    throw new UsageError('Nobody can be asked here: look at the quote, then add --yes');
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}
