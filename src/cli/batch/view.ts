import { createLogUpdate } from 'log-update';
import type { BatchSnapshot } from '../../client.ts';
import { etaMs, finished } from '../../contract/batch-counts.ts';
import type { Output } from '../output.ts';
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
      draw(
        [head ?? '', rest.join(' · ')]
          .map((line) => line.slice(0, columns - 1))
          .map((line, index) => (index === 0 ? line : colors.dim(line)))
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
      const line = countWords(status).join(' · ');
      const isDue = Date.now() - shownAt >= plainEveryMs || status.closedAt !== undefined;
      if (line === shown || !isDue) return;
      output.note(`[${clock(Date.now() - Date.parse(status.startedAt))}] ${line}`);
      shown = line;
      shownAt = Date.now();
    },
    end: () => {},
  };
}

/** `paused 12/40 ███░░ 30 % 0:42, 1:20 to go · stored 11 · failed 1 · running 8 · queued 12`. */
export function batchLine(status: BatchSnapshot, nowMs: number): string {
  const { phase, rows, counts, startedAt } = status;
  if (!counts || rows === undefined) return `${phase}…`;
  const percent = rows === 0 ? 0 : Math.floor((finished(counts) / rows) * 100);
  const eta = etaMs(status, nowMs);
  const time = clock(nowMs - Date.parse(startedAt));
  const head = [
    phase,
    `${finished(counts)}/${rows}`,
    bar(percent),
    `${percent} %`,
    eta === null ? time : `${time}, about ${clock(eta)} to go`,
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
  const shown = [...Object.entries(others), ...making].filter(([, count]) => count > 0);
  return [
    `${phase} ${finished(counts)}/${rows}`,
    ...shown.map(([name, count]) => `${name} ${count}`),
  ];
}
