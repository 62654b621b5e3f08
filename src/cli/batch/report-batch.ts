import type { BatchSnapshot } from '../../client.ts';
import { countName } from '../../contract/batch-counts.ts';
import { endUnknownWords } from '../../contract/batch-end-words.ts';
import { failures } from '../../contract/failure.ts';
import { endWords } from './end-words.ts';
import type { Colors } from '../output.ts';
import { field } from '../video/report-video.ts';

/** Status or outcome of a batch, for people. */
export function batchLines(status: BatchSnapshot, colors: Colors): string[] {
  const { name, phase, rows, counts, origins, failure, live, closedAt } = status;
  const shown = Object.entries(counts ?? {}).filter(([, count]) => count > 0);
  return [
    `${colors.bold(name)}  ${phase}`,
    ...(rows === undefined ? [] : [field('rows', `${rows}`, colors)]),
    ...shown.map(([state, count]) => field(countName(state), `${count}`, colors)),
    ...(origins && origins.cached > 0
      ? [field('cached', `${origins.cached} of them were already stored`, colors)]
      : []),
    ...endLine(status, colors),
    ...(failure ? [field('message', failure.message, colors)] : []),
    ...failureLines(status, colors),
    ...(live || closedAt !== undefined
      ? []
      : [colors.yellow("! no worker responds; this is the last state in the server's index")]),
  ];
}

function endLine(status: BatchSnapshot, colors: Colors): string[] {
  const { endUnknown } = status;
  const why = endUnknown && endUnknownWords(endUnknown, status);
  const end = endWords(status, Date.now()) ?? why;
  return end === undefined ? [] : [field('end', end, colors)];
}

/** The outcome of a batch, with what to do next. */
export function batchEndLines(status: BatchSnapshot, colors: Colors): string[] {
  const { name, rows = 0, counts, retryable = 0, folder } = status;
  const missing = rows - (counts?.stored ?? 0);
  const head =
    counts && missing === 0
      ? colors.green('✓ all videos are stored')
      : colors.yellow(`■ ${missing} of ${rows} videos are not stored`);
  return [
    head,
    ...batchLines(status, colors).slice(1),
    ...(folder === undefined ? [] : [field('results', `onetake batch results ${name}`, colors)]),
    ...openLines(status, colors),
    ...(retryable > 0 ? [field('retry', `onetake batch retry ${name}`, colors)] : []),
  ];
}

/** A firing of a schedule ends without its unresolved and overdue rows. */
function openLines({ name, counts }: BatchSnapshot, colors: Colors): string[] {
  const { unresolved = 0, overdue = 0 } = counts ?? {};
  if (unresolved + overdue === 0) return [];
  return [
    ...(unresolved > 0 ? [field('decide', 'onetake unresolved', colors)] : []),
    field('collect', `onetake batch retry ${name}`, colors),
  ];
}

function failureLines({ failures: newest = [] }: BatchSnapshot, colors: Colors): string[] {
  return newest.flatMap(({ key, line, kind, billed, message }) => [
    colors.red(`✗ line ${line}, "${key}": ${kind}, billed: ${billed}`),
    field('message', message, colors),
    field('to do', failures[kind].whatToDo, colors),
  ]);
}
