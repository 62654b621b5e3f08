import type { LedgerWindow } from './ledger.ts';

/** Workflow type of the check. */
export const ledgerCheckWorkflowType = 'ledgerCheckWorkflow';
/** Workflow id and schedule id of the check, one per namespace. */
export const ledgerCheckId = 'ledger-check';

/**
 * Younger submits are not checked: a submit may take several minutes, and the gateway writes its row only after the
 * vendor has answered.
 */
export const settlingMs = 10 * 60_000;

/** Maximum length of each list, which keeps results small. The counts are complete. */
export const listedDifferences = 200;

/** Input of `ledgerCheckWorkflow`. */
export interface LedgerCheckInput {
  /** Age of the oldest submits to check, milliseconds. Every check reports a difference until it is older than this. */
  sinceMs: number;
}

/** A job in the gateway's log that is unknown here. */
export interface JobUnknownLocally {
  jobId: string;
  /** ISO 8601, UTC. */
  submittedAt: string;
  model?: string;
}

/** A submit of ours whose job is not in the gateway's log, or whose outcome is unknown. */
export interface SubmitDifference {
  videoId: string;
  jobId?: string;
  model?: string;
  /** ISO 8601, UTC. */
  at: string;
}

/** Differences of one kind: their count, and the first of them. */
export interface Differences<T> {
  count: number;
  listed: T[];
}

/** The ledger compared with the gateway's task log. Result of `ledgerCheckWorkflow`. */
export interface LedgerCheck {
  /** ISO 8601, UTC. */
  from: string;
  to: string;
  /** Number of jobs in the gateway's log for this window. */
  jobsThere: number;
  /** Number of accepted submits in the ledger for this window. */
  jobsHere: number;
  /** Jobs of this account that are not in the ledger: submitted elsewhere, or by unresolved submits. */
  unknownLocally: Differences<JobUnknownLocally>;
  /** Accepted submits whose job is not in the gateway's log. */
  missingAtGateway: Differences<SubmitDifference>;
  /** Submits without a known job. Their jobs may be in `unknownLocally`. */
  unresolved: Differences<SubmitDifference>;
}

/** The activity of a check, on queue video-poll. */
export interface LedgerActivities {
  /** Compares both logs. Fails with `auth`, not retryable, if the worker has no access to the gateway's log. */
  checkLedger(window: LedgerWindow): Promise<LedgerCheck>;
}

/** The count of all differences, and the first {@link listedDifferences} of them. */
export function differencesOf<T>(all: readonly T[]): Differences<T> {
  return { count: all.length, listed: all.slice(0, listedDifferences) };
}

/** The window of a check that starts at `nowMs`, without younger submits. @throws {RangeError} It would be empty. */
export function checkWindow({ sinceMs }: LedgerCheckInput, nowMs: number): LedgerWindow {
  const window = { fromMs: nowMs - sinceMs, toMs: nowMs - settlingMs };
  if (window.fromMs < window.toMs) return window;
  throw new RangeError(
    `Cannot check the last ${JSON.stringify(sinceMs)} ms: submits of the last ${settlingMs} ms are not checked yet, so use a longer time`,
  );
}

/** Reads a result. Workers before 1.0 named the lists `notHere` and `notThere`. */
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
