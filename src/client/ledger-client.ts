import type { LedgerRun } from '../contract/ledger.ts';
import type { LedgerCheckInput } from '../contract/ledger-check.ts';

/**
 * The runs behind the entries of the ledger, which are in the storage, and the scheduled check of the ledger. A
 * namespace has one such schedule.
 */
export interface LedgerClient {
  /**
   * Reads the newest run of each video from the server's index. The map has no entry for a video whose run has been
   * deleted.
   *
   * @example
   * ```ts
   * import { createVideoClient } from 'onetake';
   *
   * const videos = await createVideoClient();
   * const runs = await videos.ledger.runs(['video/order-1001']);
   * console.log(runs.get('video/order-1001')?.billed);
   * ```
   */
  runs(videoIds: Iterable<string>): Promise<Map<string, LedgerRun>>;
  /** Whether any run, open or closed, has this job id. */
  knowsJob(jobId: string): Promise<boolean>;
  /** Creates or updates the schedule of the check. An update keeps the paused state. */
  scheduleCheck(check: LedgerCheckSchedule): Promise<{ outcome: 'created' | 'updated' }>;
  /** Deletes the schedule of the check. */
  stopChecks(): Promise<{ outcome: 'deleted' | 'not_there' }>;
}

/** How often the ledger is checked, and how far back. */
export interface LedgerCheckSchedule extends LedgerCheckInput {
  /** Milliseconds between two checks. */
  everyMs: number;
}
