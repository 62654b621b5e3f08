import type {
  BatchPartitionInput,
  BatchRowFailure,
  BatchRowPhase,
  BatchRowResult,
  PartitionControl,
  PartitionReport,
  PartitionRow,
  PartitionTally,
} from '../../contract/batch.ts';
import type { BatchPace } from '../../contract/batch-pace.ts';
import { noCounts } from '../../contract/batch-counts.ts';
import { noOrigins } from '../../contract/batch-origins.ts';
import type { BookedRow } from './booked-row.ts';
import { newPace, paceAfter } from './row-pace.ts';
import { rowVideoId, type RowEnd } from './row.ts';

/** After this many rows, results are written and reported to the batch; this bounds both histories. */
const rowsPerReport = 20;
/** Free slots are returned when they are a large enough share of the window; smaller numbers after a quiet time. */
const shareOfWindow = 1 / 8;
const failuresShown = 5;
const messageShown = 300;

const openStates = ['running', 'joined', 'overdue', 'unresolved'] as const;

/** The rows of a partition and its share of the window. Decides only, without side effects. */
export class PartitionBook {
  readonly #index: number;
  readonly #window: number;
  readonly #name: string;
  #rows: BookedRow[] = [];
  #unrecorded = new Set<BookedRow>();
  #failures: BatchRowFailure[] = [];
  #slots: number;
  #paused = false;
  #keeping = false;
  #handsOn = false;
  #endedSinceReport = 0;
  #toldWaiting = true;
  #pace: BatchPace | undefined;

  constructor({ batch, index, window, slots }: BatchPartitionInput) {
    this.#name = batch.name;
    this.#index = index;
    this.#window = window;
    this.#slots = slots;
  }

  add(rows: readonly PartitionRow[]): void {
    this.#rows = rows.map((row) => ({
      row,
      videoId: rowVideoId(this.#name, row.key),
      state: 'waiting',
      origin: 'started',
      holdsSlot: false,
    }));
  }

  control({ slots = 0, paused = this.#paused, retry, keep }: PartitionControl): void {
    this.#slots += slots;
    if (this.#paused && !paused && this.#pace) this.#pace = newPace();
    this.#paused = paused;
    this.#keeping ||= keep === true;
    if (!retry) return;
    for (const booked of this.#rows) if (mayRetry(booked)) booked.state = 'waiting';
  }

  mayTake(): boolean {
    return !this.#paused && !this.#keeping && this.#slots > 0 && this.#waiting() > 0;
  }

  /** Takes the next row to start, and a slot of the window. */
  take(): BookedRow {
    const next = this.#rows.find(({ state }) => state === 'waiting');
    if (!next) throw new RangeError('No row waits');
    this.#pace ??= newPace();
    const takenAtMs = Date.now();
    Object.assign(next, { state: 'running', origin: 'started', holdsSlot: true, takenAtMs });
    this.#slots -= 1;
    return next;
  }

  /** Another run generates the video, so the row needs no slot of this batch. */
  joined(booked: BookedRow): void {
    Object.assign(booked, { state: 'joined', origin: 'joined' });
    this.#freeSlot(booked);
  }

  /** True if all remaining rows wait for a verdict or a person. */
  isAside(): boolean {
    return this.hasOpen() && this.#waiting() === 0 && this.#rows.every((row) => !isMoving(row));
  }

  /** Stops waiting for rows that wait for a verdict or a person; their videos continue. */
  handOn(): void {
    this.#handsOn = true;
  }

  /** A row that waits for a verdict or a person releases its slot and appears in the results. */
  aside({ videoId, phase, billed, jobId }: BatchRowPhase): void {
    const booked = this.#rows.find((row) => row.videoId === videoId && isOpen(row));
    if (!booked) return;
    const moving = booked.origin === 'joined' ? 'joined' : 'running';
    booked.state = phase === 'running' ? moving : phase;
    if (phase === 'running') return;
    this.#freeSlot(booked);
    const job = jobId === undefined ? {} : { jobId };
    this.#note(booked, { state: phase, origin: booked.origin, billed, ...job });
  }

  /** @param end Null if nothing was started for the row. */
  end(booked: BookedRow, end: RowEnd | null): void {
    if (end) this.#pace = paceAfter(this.#pace, booked, end);
    this.#freeSlot(booked);
    this.#endedSinceReport += 1;
    booked.state = end?.state ?? 'waiting';
    if (end === null) return;
    booked.origin = end.origin;
    this.#note(booked, end);
    if (!end.failure) return;
    const { kind, billed } = end.failure;
    const { key, line } = booked.row;
    const message = end.failure.message.slice(0, messageShown);
    const newest = { key, line, kind, billed, message };
    this.#failures = [newest, ...this.#failures].slice(0, failuresShown);
  }

  isDone(): boolean {
    const isOver = this.#keeping || this.#waiting() === 0;
    return isOver && !(this.#handsOn ? this.#rows.some(isMoving) : this.hasOpen());
  }

  hasOpen(): boolean {
    return this.#rows.some(isOpen);
  }

  /** The videos that this batch has started. */
  ownVideoIds(): string[] {
    const own = this.#rows.filter((row) => isOpen(row) && row.origin === 'started');
    return own.map(({ videoId }) => videoId);
  }

  /** True if there are unreported changes, even if they are too few to report now. */
  isUntold(): boolean {
    return this.#unrecorded.size > 0 || this.hasSurplus();
  }

  hasSurplus(): boolean {
    return this.#surplus() > 0;
  }

  isReportDue(): boolean {
    return (
      this.#surplus() >= Math.max(1, this.#window * shareOfWindow) ||
      this.#endedSinceReport >= rowsPerReport ||
      this.#waiting() > 0 !== this.#toldWaiting
    );
  }

  isRecordDue(): boolean {
    const { size } = this.#unrecorded;
    return size >= rowsPerReport || (size > 0 && this.isDone());
  }

  /** Results that have to be written; `recorded` confirms them. */
  unrecorded(): BatchRowResult[] {
    const noted = [...this.#unrecorded];
    return noted.flatMap(({ result }) => (result ? [result] : []));
  }

  /** A row that has changed meanwhile still has to be written. */
  recorded(results: readonly BatchRowResult[]): void {
    for (const booked of this.#unrecorded) {
      if (booked.result && results.includes(booked.result)) this.#unrecorded.delete(booked);
    }
  }

  /** Builds the report for the batch; returns the slots that this partition does not need. */
  report(): PartitionReport {
    const released = this.#surplus();
    this.#slots -= released;
    this.#endedSinceReport = 0;
    this.#toldWaiting = this.#waiting() > 0;
    return { index: this.#index, released, ...this.tally() };
  }

  tally(): PartitionTally {
    const counts = { ...noCounts };
    const origins = { ...noOrigins };
    for (const row of this.#rows) {
      counts[row.state] += 1;
      if (row.state === 'stored' || isOpen(row)) origins[row.origin] += 1;
    }
    const retryable = this.#rows.filter(mayRetry).length;
    const pace = this.#pace && { pace: this.#pace };
    return { counts, origins, retryable, failures: this.#failures, ...pace };
  }

  #waiting(): number {
    return this.#rows.filter(({ state }) => state === 'waiting').length;
  }

  #surplus(): number {
    return this.#keeping ? this.#slots : Math.max(0, this.#slots - this.#waiting());
  }

  #freeSlot(booked: BookedRow): void {
    if (booked.holdsSlot) this.#slots += 1;
    booked.holdsSlot = false;
  }

  #note(booked: BookedRow, end: RowEnd): void {
    const { key, line, output } = booked.row;
    const { videoId } = booked;
    booked.result = { key, line, videoId, ...end, ...(output !== undefined && { output }) };
    this.#unrecorded.add(booked);
  }
}

function isOpen({ state }: BookedRow): boolean {
  return openStates.some((open) => open === state);
}

function isMoving({ state }: BookedRow): boolean {
  return state === 'running' || state === 'joined';
}

function mayRetry({ state, result }: BookedRow): boolean {
  return state === 'failed' && result?.billed === 'no';
}
