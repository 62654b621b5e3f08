import type { LedgerRun } from '../contract/ledger.ts';
import type { LedgerCheckInput } from '../contract/ledger-check.ts';

/** What Temporal adds to the ledger, whose entries are in the storage; and its check, on one Schedule per namespace. */
export interface LedgerClient {
  /** The newest run of each video, as the server's index knows it; absent for one that it knows no more. */
  runs(videoIds: Iterable<string>): Promise<Map<string, LedgerRun>>;
  /** True where a run stands for this job of the gateway, whatever became of it. */
  knowsJob(jobId: string): Promise<boolean>;
  /** Creates the schedule of the check, or changes the one that is there; whether it is paused stays as it is. */
  scheduleCheck(check: LedgerCheckSchedule): Promise<{ outcome: 'created' | 'updated' }>;
  /** No more checks. */
  stopChecks(): Promise<{ outcome: 'deleted' | 'not_there' }>;
}

export interface LedgerCheckSchedule extends LedgerCheckInput {
  /** Milliseconds between two checks. */
  everyMs: number;
}
