import type { BatchStatus, VideoBatchInput } from '../../contract/batch.ts';
import type { VideoFailure } from '../../contract/failure.ts';
import type { VideoPhase } from '../../contract/messages.ts';

/** Batches by their name; a firing of a schedule has the time in its name, as `list` shows it. */
export interface BatchClient {
  /**
   * Starts a batch whose manifest is in the storage of the workers, or joins the one that is under way with it.
   *
   * @throws {VideoClientError} `key_conflict` when the name is under way with another manifest
   */
  start(batch: VideoBatchInput): Promise<StartedBatch>;
  /** What would become of videos if they were started now, without starting any. */
  lookUp(rows: readonly RowIdentity[]): Promise<RowProspect[]>;
  /** @throws {VideoClientError} `not_found` */
  status(name: string): Promise<BatchSnapshot>;
  /** Waits until the batch has ended or the limit has passed. */
  wait(name: string, options?: WaitForBatchOptions): Promise<BatchOutcome>;
  /** Starts no more rows until `resume`. @throws {VideoClientError} `wrong_phase` */
  pause(name: string): Promise<void>;
  /** @throws {VideoClientError} `wrong_phase` */
  resume(name: string): Promise<void>;
  /**
   * Starts the rows again that failed without being billed: in the run under way, or in a new run of an ended batch,
   * which pays for nothing that is stored.
   *
   * @throws {VideoClientError} `wrong_phase`
   */
  retryFailed(name: string): Promise<{ outcome: 'retried' | 'started_again' }>;
  /** Starts no more rows; what is paid is stored, what is not is cancelled. @throws {VideoClientError} `wrong_phase` */
  keep(name: string): Promise<void>;
  /** Asks for cancellation of the batch and its videos, and returns at once. An ended batch stays as it is. */
  cancel(name: string): Promise<{ outcome: 'cancelling' | 'closed' }>;
  /** Newest first, firings of schedules included. */
  list(filter?: { limit?: number }): Promise<ListedBatch[]>;
}

export interface StartedBatch {
  batchId: string;
  runId: string;
  outcome: 'started' | 'joined';
}

export interface RowIdentity {
  videoId: string;
  requestDigest: string;
}

/**
 * `started`: it would be paid. `joined`, `cached`: it is being made, or there. `billed`: it ended after it was, or may have
 * been, billed, and is not paid again. `conflict`: the id stands for another request.
 */
export type RowProspect = 'started' | 'joined' | 'cached' | 'billed' | 'conflict';

/** A status, and whether it comes from the run itself (`live`), or from what the server remembers. */
export type BatchSnapshot = Pick<BatchStatus, 'name' | 'phase' | 'startedAt'> &
  Partial<BatchStatus> &
  BatchRun;

export interface BatchRun {
  batchId: string;
  runId: string;
  live: boolean;
  closedAt?: string;
  /** Ended without having done all: by a wrong manifest, by force, or as `failAtEnd` asks. */
  failure?: Pick<VideoFailure, 'message'>;
  /** The videos under way by phase, from the server's index, which lags by about a second. */
  videos?: Partial<Record<VideoPhase, number>>;
}

export interface WaitForBatchOptions {
  /** Milliseconds. Without it, waits for the end. */
  timeoutMs?: number;
  /** Called with the status at once and then after each look. */
  onStatus?: (status: BatchSnapshot) => void;
  /** How often the status is read, milliseconds. Default 1,000. */
  intervalMs?: number;
  signal?: AbortSignal;
}

export interface BatchOutcome {
  outcome: 'done' | 'failed' | 'cancelled' | 'pending';
  status: BatchSnapshot;
}

export interface ListedBatch {
  name: string;
  runId: string;
  phase: 'running' | 'done' | 'failed' | 'cancelled';
  startedAt: string;
  closedAt?: string;
}
