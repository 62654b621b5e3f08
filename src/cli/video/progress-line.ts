import type { VideoSnapshot } from '../../client.ts';
import { clock } from '../../contract/clock-text.ts';
import { expectation, expectedWords, usualWords } from '../../contract/expected-time.ts';
import { placeAt } from '../../contract/place-in-queue.ts';
import type { Attention } from '../../contract/video-job.ts';
import { retryWords, type TimeTexts } from '../../contract/retry-words.ts';
import type { Colors } from '../output.ts';
import { timeOfDay, timeToTheMinute } from '../time-text.ts';

const barWidth = 20;
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

export interface LineOptions {
  elapsedMs: number;
  /** Number of redraws. */
  frame: number;
  columns: number;
  colors: Colors;
}

/** The live line: phase, bar, percent, elapsed and expected time, model, job id; cut at the terminal's width. */
export function progressLine(status: VideoSnapshot, options: LineOptions): string {
  const { elapsedMs, frame, columns, colors } = options;
  const percent = status.progressPercent;
  const head = [
    spinner[frame % spinner.length] ?? '',
    status.phase.padEnd(10),
    `${bar(percent)} ${percent === undefined ? '   ' : String(percent).padStart(3)} %`,
    clock(elapsedMs).padStart(5),
  ].join(' ');
  const expected = expectedWords(status, Date.parse(status.startedAt) + elapsedMs);
  const tail = [expected, status.model, status.jobId]
    .filter((part) => part !== undefined)
    .join(' · ');
  const room = columns - 1 - head.length - 2;
  return room < 8 || tail === ''
    ? head.slice(0, columns - 1)
    : `${head}  ${colors.dim(shorten(tail, room))}`;
}

/** For logs and pipes: one line for each change, without elapsed time. */
export function plainLine(status: VideoSnapshot): string {
  const isClosed = ['stored', 'failed', 'cancelled'].includes(status.phase);
  const known = isClosed ? undefined : status.progressPercent;
  const percent = known === undefined ? [] : [`${known} %`];
  const job = status.jobId === undefined ? [] : [`job ${status.jobId}`];
  const model = status.model === undefined ? [] : [status.model];
  const expected = expectation(status, 0);
  const usual = expected ? [usualWords(expected)] : [];
  return [status.phase, ...percent, ...usual, ...model, ...job, ...statusNotes(status)].join(' · ');
}

/** Notes beside phase and percent; empty if there are no problems. */
export function statusNotes(status: VideoSnapshot, nowMs: number = Date.now()): string[] {
  const { attention, unknownWord, retrying } = status;
  const waiting = status.waiting && placeAt(status.waiting, nowMs);
  return [
    ...(attention ? [attentionNotes[attention]] : []),
    ...(unknownWord === undefined
      ? []
      : [`the gateway says "${unknownWord}", which counts as running`]),
    ...(retrying ? [retryWords(retrying, local, waiting)] : []),
  ];
}

const attentionNotes: Readonly<Record<Attention, string>> = {
  auth: 'the gateway refuses the API key; the job continues; check GATEWAY_API_KEY of the worker',
  quota:
    'the quota is used up: top up and re-enable the API key; the job continues and is still polled',
  gateway_unavailable: 'the gateway does not respond; the job continues and is still polled',
  task_not_found: 'the gateway says "no such task"; the job is still polled, more slowly',
  other_key:
    'the gateway says "no such task" for an API key other than the one that paid; the job is still polled',
  other_account:
    'not polled: the API key of the worker belongs to another account than the one that paid',
  status_unknown: 'the gateway has not reported a state for a while; the job is still polled',
};

/** `████░░░░`; full only at 100 %. */
export function bar(percent = 0): string {
  const filled = Math.floor((Math.min(100, Math.max(0, percent)) / 100) * barWidth);
  return '█'.repeat(filled) + '░'.repeat(barWidth - filled);
}

function shorten(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

const local: TimeTexts = { second: timeOfDay, minute: timeToTheMinute };
