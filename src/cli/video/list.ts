import Table from 'cli-table3';
import type { Command } from 'commander';
import type { ListedVideo } from '../../client.ts';
import { videoPhases, type VideoPhase } from '../../contract/messages.ts';
import { UsageError, type CliContext, type Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import type { Colors } from '../output.ts';
import { clock } from '../../contract/clock-text.ts';
import { shortId } from '../short-id.ts';
import { paint } from './status.ts';
import { plainTable } from '../table.ts';
import { withClient } from '../with-client.ts';

interface Flags {
  phase?: string;
  limit: string;
}

const examples = `
Example:
  $ onetake list --phase unresolved`;

/** `onetake list`: from the server's index, which lags by about a second. */
export function configureList(command: Command): Run {
  command
    .option('--phase <phase>', `only videos in this phase: ${videoPhases.join(', ')}`)
    .option('--limit <number>', 'how many at most', '20')
    .addHelpText('after', examples);
  return (context) => run(command.opts<Flags>(), context);
}

async function run(flags: Flags, context: CliContext): Promise<Exit> {
  const phase = parsePhase(flags.phase);
  const limit = Number(flags.limit);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new UsageError(`Cannot use --limit "${flags.limit}": it must be a whole number from 1`);
  }
  const videos = await withClient(context, (client) =>
    client.list({ limit, ...(phase !== undefined && { phase }) }),
  );
  const none = `No video${phase === undefined ? ' yet' : ` is ${phase}`}.`;
  context.output.result(
    (colors) => (videos.length === 0 ? [none] : [renderTable(videos, colors)]),
    { videos },
  );
  return 'ok';
}

function parsePhase(text: string | undefined): VideoPhase | undefined {
  if (text === undefined) return undefined;
  const phase = videoPhases.find((name) => name === text);
  if (phase) return phase;
  throw new UsageError(`Unknown phase "${text}": it must be one of ${videoPhases.join(', ')}`);
}

function renderTable(videos: readonly ListedVideo[], colors: Colors): string {
  const table = new Table({
    head: ['id', 'phase', 'billed', 'model', 'started', 'took', 'job'].map((name) =>
      colors.dim(name),
    ),
    ...plainTable,
  });
  for (const video of videos) {
    const { videoId, phase, billed, model = '', startedAt, closedAt, jobId = '' } = video;
    const took = closedAt === undefined ? '' : clock(Date.parse(closedAt) - Date.parse(startedAt));
    table.push([
      shortId(videoId),
      paint(phase, colors),
      billed,
      model,
      when(startedAt),
      took,
      jobId,
    ]);
  }
  return table.toString();
}

function when(iso: string): string {
  const date = new Date(iso);
  const pad = (value: number) => String(value).padStart(2, '0');
  const day = `${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${date.toTimeString().slice(0, 8)}`;
}
