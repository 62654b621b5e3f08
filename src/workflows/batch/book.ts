import { workflowInfo } from '@temporalio/workflow';
import {
  defaultBatchWindow,
  type BatchPhase,
  type BatchStatus,
  type PartitionReport,
  type PartitionTally,
  type PreparedBatch,
  type VideoBatchInput,
} from '../../contract/batch.ts';
import { batchOutlook } from '../../contract/batch-outlook.ts';
import { joinedPace } from '../../contract/batch-pace.ts';
import { minus, noCounts, plus } from '../../contract/batch-counts.ts';
import { noOrigins, readOrigins } from '../../contract/batch-origins.ts';

const failuresShown = 10;

/** A partition to start: with all its rows, or with its failed rows that may be started again. */
export interface Assignment {
  index: number;
  rows: string;
  results: string;
  count: number;
  retry?: true;
}

export interface OpenPartition extends Assignment {
  /** Empty until its workflow has been started. */
  workflowId: string;
  tally: PartitionTally;
  /** Number of slots of the window that it has now. */
  held: number;
}

/** The partitions of a batch and the window that they share. Decides only, without side effects. */
export class BatchBook {
  readonly id = workflowInfo().workflowId;
  readonly runId = workflowInfo().firstExecutionRunId;
  readonly folder: string;
  readonly window: number;
  readonly #name: string;
  readonly #open = new Map<number, OpenPartition>();
  /** Failed rows that may be started again, by closed partition. */
  readonly #retryable = new Map<number, number>();
  #phase: BatchPhase = 'preparing';
  #paused = false;
  #all: Assignment[] = [];
  #agenda: Assignment[] = [];
  #settled: PartitionTally = noTally;
  #free: number;
  #begun = 0;

  constructor({ name, window = defaultBatchWindow }: VideoBatchInput) {
    this.#name = name;
    this.folder = `batches/${name}/${this.runId}`;
    this.window = window;
    this.#free = window;
  }

  prepared({ partitions }: PreparedBatch): void {
    this.#all = partitions.map((partition, index) => ({ ...partition, index }));
    this.#agenda = [...this.#all];
    this.#phase = 'running';
  }

  /** Object keys of the results of all partitions. */
  resultKeys(): string[] {
    return this.#all.map(({ results }) => results);
  }

  /** Rows are started partition by partition: a partition begins when all rows of the earlier ones are started. */
  mayBegin(): boolean {
    const isReady = !this.#paused && this.#phase === 'running' && this.#free > 0;
    return isReady && this.#agenda.length > 0 && this.#waitingInOpen() === 0;
  }

  begin(): { next: Assignment; slots: number } {
    const next = this.#agenda.shift();
    if (!next) throw new RangeError('No partition is left to begin');
    const slots = Math.min(this.#free, next.count);
    this.#free -= slots;
    if (!next.retry) this.#begun += 1;
    const tally = { ...noTally, counts: { ...noCounts, waiting: next.count } };
    this.#open.set(next.index, { ...next, workflowId: '', tally, held: slots });
    return { next, slots };
  }

  begunAs(index: number, workflowId: string): void {
    const partition = this.#open.get(index);
    if (partition) partition.workflowId = workflowId;
  }

  reported({ index, released, ...tally }: PartitionReport): void {
    const partition = this.#open.get(index);
    if (!partition) return;
    partition.tally = { ...tally, origins: readOrigins(tally.origins) };
    partition.held -= released;
    this.#free += released;
  }

  /** The last report of the partition counts: a terminated partition leaves rows without an outcome. */
  ended(index: number): void {
    const partition = this.#open.get(index);
    if (!partition) return;
    this.#open.delete(index);
    this.#free += partition.held;
    this.#retryable.set(index, partition.tally.retryable);
    this.#settled = plusTally(this.#settled, partition.tally);
  }

  /** Distributes free slots to the open partitions that have more rows to start. */
  shareOut(): { partition: OpenPartition; slots: number }[] {
    return this.open().flatMap((partition) => {
      const wanted = partition.tally.counts.waiting === 0 ? 0 : partition.count - partition.held;
      const slots = Math.min(this.#free, wanted);
      if (slots <= 0) return [];
      this.#free -= slots;
      partition.held += slots;
      return [{ partition, slots }];
    });
  }

  /** The partitions that can receive signals. */
  open(): OpenPartition[] {
    return [...this.#open.values()].filter(({ workflowId }) => workflowId !== '');
  }

  hasOpen(): boolean {
    return this.#open.size > 0;
  }

  isDone(): boolean {
    return !this.hasOpen() && (this.#agenda.length === 0 || this.#phase === 'keeping');
  }

  pause(): void {
    this.#paused = true;
  }

  /** What was reported before the pause says nothing about the pace after it. */
  resume(): void {
    this.#paused = false;
    this.#settled = withoutPace(this.#settled);
    for (const partition of this.#open.values()) partition.tally = withoutPace(partition.tally);
  }

  /** No more rows are started. */
  keep(): void {
    this.#phase = 'keeping';
    this.#paused = false;
  }

  /** Queues closed partitions with retryable rows again; the open partitions restart such rows themselves. */
  retry(): void {
    for (const assignment of this.#all) {
      const failed = this.#retryable.get(assignment.index) ?? 0;
      if (failed === 0) continue;
      this.#retryable.delete(assignment.index);
      const { counts, retryable } = this.#settled;
      this.#settled = {
        ...this.#settled,
        counts: minus(counts, { ...noCounts, failed }),
        retryable: retryable - failed,
      };
      this.#agenda.push({ ...assignment, count: failed, retry: true });
    }
  }

  close(phase: 'done' | 'cancelled'): void {
    this.#phase = phase;
  }

  status(): BatchStatus {
    const { counts, origins, retryable, failures, pace } = this.#total();
    const settled = this.#settled.pace;
    const open = this.open();
    const phase = this.#paused && this.#phase === 'running' ? 'paused' : this.#phase;
    return {
      name: this.#name,
      phase,
      ...(this.#phase !== 'preparing' && { rows: sum(this.#all) }),
      counts,
      origins,
      retryable,
      window: this.window,
      partitions: {
        total: this.#all.length,
        begun: this.#begun,
        ended: this.#begun - [...this.#open.values()].filter(({ retry }) => !retry).length,
      },
      open: open.map(({ workflowId, tally }) => ({ workflowId, report: tally })),
      startedAt: workflowInfo().startTime.toISOString(),
      folder: this.folder,
      failures,
      ...(settled && { pace: settled }),
      ...batchOutlook({ phase, counts, pace, window: this.window }, Date.now()),
    };
  }

  #total(): PartitionTally {
    const toCome = { ...noTally, counts: { ...noCounts, waiting: sum(this.#agenda) } };
    const open = [...this.#open.values()].map(({ tally }) => tally);
    return [this.#settled, ...open].reduce(plusTally, toCome);
  }

  #waitingInOpen(): number {
    return [...this.#open.values()].reduce((count, { tally }) => count + tally.counts.waiting, 0);
  }
}

const noTally: PartitionTally = {
  counts: noCounts,
  origins: noOrigins,
  retryable: 0,
  failures: [],
};

function plusTally(left: PartitionTally, right: PartitionTally): PartitionTally {
  const pace = joinedPace(left.pace, right.pace);
  return {
    ...(pace && { pace }),
    counts: plus(left.counts, right.counts),
    origins: plus(left.origins, right.origins),
    retryable: left.retryable + right.retryable,
    failures: [...right.failures, ...left.failures].slice(0, failuresShown),
  };
}

function withoutPace({ pace: _pace, ...tally }: PartitionTally): PartitionTally {
  return tally;
}

function sum(assignments: readonly Assignment[]): number {
  return assignments.reduce((rows, { count }) => rows + count, 0);
}
