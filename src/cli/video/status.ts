import type { Command } from 'commander';
import type { VideoSnapshot } from '../../client.ts';
import { expectedWords } from '../../contract/expected-time.ts';
import type { CliContext, Run } from '../context.ts';
import type { Exit } from '../exit-codes.ts';
import type { Colors } from '../output.ts';
import { statusNotes } from './progress-line.ts';
import {
  cancellationLines,
  failureLines,
  field,
  videoPlace,
  videoFacts,
  warningWords,
} from './report-video.ts';
import { fullId, shortId } from '../short-id.ts';
import { withClient } from '../with-client.ts';

const examples = `
Example:
  $ onetake status cat-42

Exits with 0 if stored, 1 if failed, 3 if under way, 4 if cancelled.`;

/** `onetake status`: shows the status once. */
export function configureStatus(command: Command): Run {
  command
    .argument('<id>', 'id of the video, as generate and list show it')
    .addHelpText('after', examples);
  return (context) => run(command.args, context);
}

async function run([given = '']: string[], context: CliContext): Promise<Exit> {
  const status = await withClient(context, async (client) =>
    client.status(await fullId(client, given)),
  );
  context.output.result((colors) => statusLines(status, colors), status);
  return phaseExit(status);
}

function phaseExit({ phase }: VideoSnapshot): Exit {
  switch (phase) {
    case 'stored':
      return 'ok';
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
    default:
      return 'pending';
  }
}

function statusLines(status: VideoSnapshot, colors: Colors): string[] {
  const { videoId, phase, progressPercent, model, jobId, billed, startedAt, deadlineAt } = status;
  const { video, failure, cancellation, unresolved, live } = status;
  const expected = expectedWords(status, Date.now());
  const shown = failure ?? unresolved?.failure;
  const isExplained = shown !== undefined || cancellation !== undefined;
  const isClosed = phase === 'stored' || phase === 'failed' || phase === 'cancelled';
  const percent = progressPercent === undefined || isClosed ? '' : `, ${progressPercent} %`;
  return [
    `${colors.bold(shortId(videoId))}  ${paint(phase, colors)}${percent}`,
    ...(model === undefined ? [] : [field('model', model, colors)]),
    ...(jobId === undefined || isExplained ? [] : [field('job', jobId, colors)]),
    ...(isExplained ? [] : [field('billed', billed, colors)]),
    field('started', startedAt, colors),
    ...(expected === undefined ? [] : [field('expected', expected, colors)]),
    ...(deadlineAt === undefined || isClosed ? [] : [field('deadline', deadlineAt, colors)]),
    ...(video ? [field('file', videoPlace(video), colors)] : []),
    ...(video ? [field('video', videoFacts(video), colors)] : []),
    ...(shown ? failureLines(shown, colors) : []),
    ...(cancellation ? cancellationLines(cancellation, colors) : []),
    ...(status.warnings ?? []).map((warning) => colors.yellow(`! ${warningWords(warning)}`)),
    ...statusNotes(status).map((note) => colors.yellow(`! ${note}`)),
    ...(live || isClosed
      ? []
      : [colors.yellow("! no worker responds; this is the last state in the server's index")]),
  ];
}

/** The phase in its color. */
export function paint(phase: VideoSnapshot['phase'], colors: Colors): string {
  switch (phase) {
    case 'stored':
      return colors.green(phase);
    case 'failed':
      return colors.red(phase);
    case 'unresolved':
    case 'overdue':
    case 'cancelled':
      return colors.yellow(phase);
    default:
      return colors.cyan(phase);
  }
}
