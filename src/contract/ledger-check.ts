import type { LedgerWindow } from './ledger.ts';

/** Workflow type name, and id of the schedule that starts it, one per namespace. */
export const ledgerCheckWorkflowType = 'ledgerCheckWorkflow';
export const ledgerCheckId = 'ledger-check';

/**
 * What was submitted later than this is not looked at yet: a submit may take 3 minutes, and the gateway writes its row
 * when the vendor has answered.
 */
export const settlingMs = 10 * 60_000;

/** Each list of a check holds so many at most, so that a result stays small; the counts are whole. */
export const listedDifferences = 200;

/** Input of `ledgerCheckWorkflow`. */
export interface LedgerCheckInput {
  /** How far to look back, milliseconds. What differs is told by each check until it is older than this. */
  sinceMs: number;
}

/** A job in the gateway's own log that nothing here knows. */
export interface JobUnknownLocally {
  jobId: string;
  /** ISO 8601, UTC. */
  submittedAt: string;
  model?: string;
}

/** A submit of ours whose job is not in the gateway's log, or whose outcome nobody knows. */
export interface SubmitDifference {
  videoId: string;
  jobId?: string;
  model?: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** Some differences: how many, and the first of them. */
export interface Differences<T> {
  count: number;
  listed: T[];
}

/** The ledger against the gateway's own task log. Result of `ledgerCheckWorkflow`. */
export interface LedgerCheck {
  /** ISO 8601, UTC. */
  from: string;
  to: string;
  /** Jobs of the window in the gateway's log. */
  jobsThere: number;
  /** Submits of the window here that the gateway accepted. */
  jobsHere: number;
  /** Paid on this account, and nobody here has them: made elsewhere, or the jobs of unresolved submits. */
  unknownLocally: Differences<JobUnknownLocally>;
  /** Accepted from us, and the gateway shows no such job. */
  missingAtGateway: Differences<SubmitDifference>;
  /** Submits without a job: one of `unknownLocally` may be theirs. */
  unresolved: Differences<SubmitDifference>;
}

/** The activity of a check, on queue video-poll. */
export interface LedgerActivities {
  /** Fails with `auth`, not retryable, where the worker has no access to the log. */
  checkLedger(window: LedgerWindow): Promise<LedgerCheck>;
}

export function differencesOf<T>(all: readonly T[]): Differences<T> {
  return { count: all.length, listed: all.slice(0, listedDifferences) };
}

/** The window of a check that begins now, without what is still settling. @throws {RangeError} */
export function checkWindow({ sinceMs }: LedgerCheckInput, nowMs: number): LedgerWindow {
  const window = { fromMs: nowMs - sinceMs, toMs: nowMs - settlingMs };
  if (window.fromMs < window.toMs) return window;
  throw new RangeError(
    `Cannot check the last ${JSON.stringify(sinceMs)} ms: the last ${settlingMs} ms are still settling, so look back further`,
  );
}

/** Workers before 1.0 named the lists `notHere` and `notThere`: recorded results of the activity have these names. */
export function readLedgerCheck(
  check: LedgerCheck & {
    notHere?: LedgerCheck['unknownLocally'];
    notThere?: LedgerCheck['missingAtGateway'];
  },
): LedgerCheck {
  const { notHere, notThere, ...named } = check;
  return {
    ...named,
    ...(notHere && { unknownLocally: notHere }),
    ...(notThere && { missingAtGateway: notThere }),
  };
}
