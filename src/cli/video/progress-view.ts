import { createLogUpdate } from 'log-update';
import type { VideoSnapshot } from '../../client.ts';
import { clock } from '../../contract/clock-text.ts';
import { cutText } from '../../contract/cut-text.ts';
import type { Output } from '../output.ts';
import { plainLine, progressLine, statusNotes } from './progress-line.ts';

const redrawMs = 120;
/** A query without a worker takes 3 s, so this is two in a row. */
const noWorkerAfterMs = 5_000;
/** When a worker dies, the server waits 10 s before it uses another one. */
const lostWorkerAfterMs = 20_000;
const noWorkerNote = 'no worker responds; `onetake doctor` shows whether one is running';

/** Shows progress of one video on stderr. A snapshot from the index keeps earlier live values. */
export interface ProgressView {
  show(status: VideoSnapshot): void;
  /** Prints a permanent line. */
  say(line: string): void;
  /** Removes the live line. */
  end(): void;
}

/** @param startedAt Origin of the times in permanent lines, milliseconds since the epoch. */
export function createProgressView(output: Output, startedAt = Date.now()): ProgressView {
  return output.isTerminal ? liveView(output, startedAt) : plainView(output, startedAt);
}

function liveView(output: Output, startedAt: number): ProgressView {
  const draw = createLogUpdate(process.stderr);
  let status: VideoSnapshot | undefined;
  let frame = 0;
  const watchdog = createWorkerWatchdog();
  const redraw = () => {
    if (!status) return;
    const elapsedMs = Date.now() - Date.parse(status.startedAt);
    const { columns, colors } = output;
    const notes = [...(watchdog.isSilent() ? [noWorkerNote] : []), ...statusNotes(status)];
    const line = progressLine(status, { elapsedMs, frame, columns, colors });
    draw([line, ...notes.map((note) => `  ${colors.yellow(noteStart(note))}`)].join('\n'));
    frame += 1;
  };
  const timer = setInterval(redraw, redrawMs);
  return {
    show: (next) => {
      status = next.live ? next : { ...status, ...next };
      watchdog.see(next);
      redraw();
    },
    say: (line) => {
      draw.clear();
      draw.persist(`[${clock(Date.now() - startedAt)}] ${line}`);
      redraw();
    },
    end: () => {
      clearInterval(timer);
      draw.clear();
      draw.done();
    },
  };
}

function plainView(output: Output, startedAt: number): ProgressView {
  const watchdog = createWorkerWatchdog();
  let status: VideoSnapshot | undefined;
  let shown = '';
  let told = false;
  const print = (text: string) => output.note(`[${clock(Date.now() - startedAt)}] ${text}`);
  const timer = setInterval(() => {
    if (watchdog.isSilent() && !told) print(noWorkerNote);
    told ||= watchdog.isSilent();
  }, 1_000);
  return {
    show: (next) => {
      status = next.live ? next : { ...status, ...next };
      watchdog.see(next);
      // A new attempt alone prints no line.
      const news = plainLine(withoutTime(status));
      if (news !== shown) print(plainLine(status));
      shown = news;
    },
    say: print,
    end: () => clearInterval(timer),
  };
}

/** Limits a note to a few lines of the terminal. */
function noteStart(note: string): string {
  const start = cutText(note, { bytes: 600 });
  return start === note ? note : `${start}…`;
}

function withoutTime(status: VideoSnapshot): VideoSnapshot {
  if (!status.retrying) return status;
  const { retrying, waiting, ...rest } = status;
  const { until: _, ...retried } = retrying;
  return { ...rest, retrying: retried, ...(waiting && { waiting: { ...waiting, asOf: '' } }) };
}

/** Detects that no worker has answered queries of an open video for too long. */
function createWorkerWatchdog() {
  let silentSince: number | undefined;
  let limitMs = noWorkerAfterMs;
  return {
    see: ({ live, phase }: VideoSnapshot) => {
      if (live) limitMs = lostWorkerAfterMs;
      const isOpen = !['stored', 'failed', 'cancelled'].includes(phase);
      if (live || !isOpen) silentSince = undefined;
      else silentSince ??= Date.now();
    },
    isSilent: () => silentSince !== undefined && Date.now() - silentSince > limitMs,
  };
}
