import { createLogUpdate } from 'log-update';
import type { VideoSnapshot } from '../../client.ts';
import { cutText } from '../../contract/cut-text.ts';
import type { Output } from '../output.ts';
import { clock, plainLine, progressLine, statusNotes } from './progress-line.ts';

const redrawMs = 120;
/** A query that finds no worker takes 3 s; two in a row are no hiccup. */
const noWorkerAfterMs = 5_000;
/** After the death of a worker the server waits 10 s for it before it asks another one. */
const lostWorkerAfterMs = 20_000;
const noWorkerNote = 'no worker answers; `onetake doctor` says whether one runs';

/** Shows the way of one video on stderr while somebody waits; what the index does not know stays as it was. */
export interface ProgressView {
  show(status: VideoSnapshot): void;
  /** A line of its own that stays. */
  say(line: string): void;
  /** Takes the live line away. */
  end(): void;
}

/** @param startedAt Where the time of lines that stay counts from, milliseconds since the epoch. */
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
      // That the next attempt has begun is no news.
      const news = plainLine(withoutTime(status));
      if (news !== shown) print(plainLine(status));
      shown = news;
    },
    say: print,
    end: () => clearInterval(timer),
  };
}

/** A long note takes more lines of the terminal; this is a few of them. */
function noteStart(note: string): string {
  const start = cutText(note, { bytes: 600 });
  return start === note ? note : `${start}…`;
}

function withoutTime(status: VideoSnapshot): VideoSnapshot {
  if (!status.retrying) return status;
  const { until: _, ...retrying } = status.retrying;
  return { ...status, retrying };
}

/** Tells when an open video has had no worker to speak for it for too long. */
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
