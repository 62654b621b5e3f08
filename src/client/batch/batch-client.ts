import type { BatchStatus, VideoBatchInput } from '../../contract/batch.ts';
import type { VideoFailure } from '../../contract/failure.ts';
import type { VideoPhase } from '../../contract/messages.ts';
import type { RowIdentity, RowProspect } from '../../contract/row-prospect.ts';

/**
 * Batches, by name. A batch that a schedule started has the time in its name, as `list` shows it.
 *
 * All methods except `start`, `lookUp` and `list` throw `not_found` if there is no such batch.
 */
export interface BatchClient {
  /**
   * Starts a batch whose manifest is in the workers' storage, or joins the open batch with the same manifest.
   *
   * @throws {VideoClientError} `invalid_request`; `key_conflict` if an open batch has this name and another manifest
   *
   * @example
   * ```ts
   * import { createVideoClient } from 'onetake';
   *
   * const videos = await createVideoClient();
   * // `onetake batch run` writes such a manifest: one BatchRow as JSON per line
   * await videos.batches.start({ name: 'tonight', manifest: { key: 'manifests/tonight.jsonl' } });
   * const { outcome, status } = await videos.batches.wait('tonight');
   * console.log(outcome, status.counts);
   * ```
   */
  start(batch: VideoBatchInput): Promise<StartedBatch>;
  /** Reports what a start of these videos would do, without starting any. Results are in the order of `rows`. */
  lookUp(rows: readonly RowIdentity[]): Promise<RowProspect[]>;
  /**
   * Queries the run for its status. If no worker answers, returns what the server's index knows, with `live: false`.
   *
   * @throws {VideoClientError} `not_found`
   */
  status(name: string): Promise<BatchSnapshot>;
  /** Waits until the batch has ended or `timeoutMs` has passed. @throws {VideoClientError} `not_found` */
  wait(name: string, options?: WaitForBatchOptions): Promise<BatchOutcome>;
  /** Starts no more rows until `resume`. @throws {VideoClientError} `wrong_phase` if the batch has ended */
  pause(name: string): Promise<void>;
  /** Ends a pause. @throws {VideoClientError} `wrong_phase` if the batch has ended */
  resume(name: string): Promise<void>;
  /**
   * Starts again the failed rows with `billed: no`. An open batch does so in its run; for an ended batch a new run
   * starts, which does not pay again for stored videos.
   *
   * @throws {VideoClientError} `wrong_phase` if the ended batch was not started by a client
   */
  retryFailed(name: string): Promise<{ outcome: 'retried' | 'started_again' }>;
  /**
   * Starts no more rows. Videos that are paid for are stored; all others are cancelled.
   *
   * @throws {VideoClientError} `wrong_phase` if the batch has ended
   */
  keep(name: string): Promise<void>;
  /** Requests cancellation of the batch and its videos, and returns at once. An ended batch is not changed. */
  cancel(name: string): Promise<{ outcome: 'cancelling' | 'closed' }>;
  /** Lists batches, newest first, including those that schedules started. Default limit 50. */
  list(filter?: { limit?: number }): Promise<ListedBatch[]>;
}

/** Result of `start`. `started`: a new run. `joined`: the open run with the same manifest. */
export interface StartedBatch {
  batchId: string;
  runId: string;
  outcome: 'started' | 'joined';
}

/** A status. `live`: the run itself answered; otherwise it comes from the history and the index of the server. */
export type BatchSnapshot = Pick<BatchStatus, 'name' | 'phase' | 'startedAt'> &
  Partial<Omit<BatchStatus, 'pace'>> &
  BatchRun;

/** What a snapshot adds to the status of the workflow. Times are ISO 8601, UTC. */
export interface BatchRun {
  batchId: string;
  runId: string;
  live: boolean;
  /** Object key of its manifest. Absent if it was started by name, without a client. */
  manifest?: string;
  closedAt?: string;
  /** The run failed: the manifest is invalid, the run was terminated, or rows failed with `failAtEnd`. */
  failure?: Pick<VideoFailure, 'message'>;
  /** Number of open videos by phase, from the server's index, which lags by about a second. */
  videos?: Partial<Record<VideoPhase, number>>;
}

/** Options of `wait`. */
export interface WaitForBatchOptions {
  /** Maximum wait in milliseconds. Default: no limit. */
  timeoutMs?: number;
  /** Called with the status at once, then after each read. */
  onStatus?: (status: BatchSnapshot) => void;
  /** Interval between two reads of the status in milliseconds. Default 1,000. */
  intervalMs?: number;
  /** When aborted, the wait rejects with an `AbortError`. The batch continues. */
  signal?: AbortSignal;
}

/** Result of `wait`. `pending`: `timeoutMs` has passed and the batch continues. */
export interface BatchOutcome {
  outcome: 'done' | 'failed' | 'cancelled' | 'pending';
  status: BatchSnapshot;
}

/** A batch as the server's index knows it. Times are ISO 8601, UTC. */
export interface ListedBatch {
  name: string;
  runId: string;
  phase: 'running' | 'done' | 'failed' | 'cancelled';
  startedAt: string;
  closedAt?: string;
}
