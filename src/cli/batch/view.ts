import { createLogUpdate } from 'log-update';
import type { BatchSnapshot } from '../../client.ts';
import { countName, finished } from '../../contract/batch-counts.ts';
import type { Output } from '../output.ts';
import { endWords, heldWords } from './end-words.ts';
import { clock } from '../../contract/clock-text.ts';
import { bar } from '../video/progress-line.ts';

/** In a pipe, a line for each row would be too much. */
const plainEveryMs = 10_000;

export interface BatchView {
  show(status: BatchSnapshot): void;
  /** Removes the live line. */
  end(): void;
}

/** Shows progress of a batch on stderr. */
export function createBatchView(output: Output): BatchView {
  return output.isTerminal ? liveView(output) : plainView(output);
}

function liveView(output: Output): BatchView {
  const draw = createLogUpdate(process.stderr);
  return {
    show: (status) => {
      const [head, ...rest] = batchLine(status, Date.now()).split(' · ');
      const { columns, colors } = output;
      const held = heldWords(status);
      const paints = [(line: string) => line, colors.dim, colors.yellow];
      draw(
        [head ?? '', rest.join(' · '), ...(held === undefined ? [] : [`  ${held}`])]
          .map((line, index) => paints[index]?.(line.slice(0, columns - 1)))
          .join('\n'),
      );
    },
    end: () => {
      draw.clear();
      draw.done();
    },
  };
}

function plainView(output: Output): BatchView {
  let shown = '';
  let shownAt = 0;
  return {
    show: (status) => {
      const held = heldWords(status);
      const line = [...countWords(status), ...(held === undefined ? [] : [held])].join(' · ');
      const isDue = Date.now() - shownAt >= plainEveryMs || status.closedAt !== undefined;
      if (line === shown || !isDue) return;
      const end = endWords(status, Date.now());
      const text = end === undefined ? line : `${line} · ${end}`;
      output.note(`[${clock(Date.now() - Date.parse(status.startedAt))}] ${text}`);
      shown = line;
      shownAt = Date.now();
    },
    end: () => {},
  };
}

/** `running 12/40 ███░░ 30 % 0:42, about 1:20 left, until 14:32 · stored 11 · failed 1 · running 8 · queued 12`. */
export function batchLine(status: BatchSnapshot, nowMs: number): string {
  const { phase, rows, counts, startedAt } = status;
  if (!counts || rows === undefined) return `${phase}…`;
  const percent = rows === 0 ? 0 : Math.floor((finished(counts) / rows) * 100);
  const time = clock(nowMs - Date.parse(startedAt));
  const end = endWords(status, nowMs);
  const head = [
    phase,
    `${finished(counts)}/${rows}`,
    bar(percent),
    `${percent} %`,
    end === undefined ? time : `${time}, ${end}`,
  ].join(' ');
  return [head, ...countWords(status).slice(1)].join(' · ');
}

/** Counts of rows by state; running rows are split by the phase of their video if the index knows it. */
function countWords({ phase, rows, counts, videos = {} }: BatchSnapshot): string[] {
  if (!counts || rows === undefined) return [phase];
  const { running, ...others } = counts;
  const known = Object.entries(videos)
    .filter(([name]) => name === 'waiting' || !(name in others))
    .map(([name, count]) => [name === 'waiting' ? 'waiting for a slot' : name, count] as const);
  const making = known.length > 0 ? known : [['running', running] as const];
  const rest = Object.entries(others).map(([state, count]) => [countName(state), count] as const);
  const shown = [...rest, ...making].filter(([, count]) => count > 0);
  return [
    `${phase} ${finished(counts)}/${rows}`,
    ...shown.map(([name, count]) => `${name} ${count}`),
  ];
}
