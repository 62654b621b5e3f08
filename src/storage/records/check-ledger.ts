import type { LedgerEntry, LedgerWindow } from '../../contract/ledger.ts';
import {
  differencesOf,
  settlingMs,
  type JobUnknownLocally,
  type LedgerCheck,
  type SubmitDifference,
} from '../../contract/ledger-check.ts';
import { readLedger } from './read-ledger.ts';
import type { VideoStorage } from '../video-storage.ts';

/** The log is read in pieces: rows can be large, and the gateway limits how many it returns. */
const pieceMs = 3_600_000;

export interface LedgerCheckPorts {
  storage: VideoStorage;
  /** Origin of the gateway whose log is read. */
  gateway: string;
  /** Workflow id of the admission of its API key. Jobs of other accounts are not in this log. */
  account: string;
  /** All jobs of the account in a window. Rejects if the log cannot be read completely. */
  findJobs(window: LedgerWindow): Promise<LoggedJob[]>;
  /** True if a run of ours tracks this job, delivered or not. */
  isKnown(jobId: string): Promise<boolean>;
}

export interface LoggedJob {
  jobId: string;
  /** Milliseconds since the epoch. */
  submittedAt: number;
  model?: string;
}

/**
 * Compares our ledger with the gateway's task log. Read-only.
 *
 * @throws {StorageError} Also rethrows errors of `findJobs`: a partial log cannot be compared.
 */
export async function checkLedger(
  ports: LedgerCheckPorts,
  window: LedgerWindow,
): Promise<LedgerCheck> {
  // Clocks differ and rows can appear late, so both sides are read over a wider window than they are compared.
  const wider = { fromMs: window.fromMs - settlingMs, toMs: window.toMs + settlingMs };
  const there = await readLog(ports, wider);
  const here = (await readLedger(ports.storage, wider)).filter((entry) => isAsked(entry, ports));
  const jobs = [...there.values()].filter((job) => isWithin(window, job.submittedAt));
  const submits = here.filter(({ at, claimKey }) => claimKey && isWithin(window, Date.parse(at)));
  const ours = submits.filter((entry) => isOfAccount(entry, ports));
  const missingAtGateway = ours.filter(({ jobId }) => jobId !== undefined && !there.has(jobId));
  const known = new Set(here.map(({ jobId }) => jobId));
  return {
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
    jobsThere: jobs.length,
    jobsHere: submits.filter(({ jobId }) => jobId !== undefined).length,
    unknownLocally: differencesOf(await findUnknown(ports, jobs, known)),
    missingAtGateway: differencesOf(missingAtGateway.map(submitOf)),
    unresolved: differencesOf(submits.filter(({ jobId }) => jobId === undefined).map(submitOf)),
  };
}

async function readLog(
  { findJobs }: LedgerCheckPorts,
  { fromMs, toMs }: LedgerWindow,
): Promise<Map<string, LoggedJob>> {
  const jobs = new Map<string, LoggedJob>();
  for (let beginMs = fromMs; beginMs < toMs; beginMs += pieceMs) {
    const piece = { fromMs: beginMs, toMs: Math.min(beginMs + pieceMs, toMs) };
    for (const job of await findJobs(piece)) jobs.set(job.jobId, job);
  }
  return jobs;
}

function isAsked({ gateway }: LedgerEntry, ports: LedgerCheckPorts): boolean {
  return gateway === undefined || gateway === ports.gateway;
}

/** Several API keys may share one account, so jobs of any key are known. Only jobs of our own key must be in the log. */
function isOfAccount({ account }: LedgerEntry, ports: LedgerCheckPorts): boolean {
  return account === undefined || account === ports.account;
}

function isWithin({ fromMs, toMs }: LedgerWindow, timeMs: number): boolean {
  return fromMs <= timeMs && timeMs < toMs;
}

async function findUnknown(
  { isKnown }: LedgerCheckPorts,
  jobs: readonly LoggedJob[],
  known: ReadonlySet<string | undefined>,
): Promise<JobUnknownLocally[]> {
  const unknown: JobUnknownLocally[] = [];
  for (const { jobId, submittedAt, model } of jobs) {
    if (known.has(jobId) || (await isKnown(jobId))) continue;
    const at = new Date(submittedAt).toISOString();
    unknown.push({ jobId, submittedAt: at, ...(model !== undefined && { model }) });
  }
  return unknown;
}

function submitOf({ videoId, jobId, model, at }: LedgerEntry): SubmitDifference {
  return {
    videoId,
    at,
    ...(jobId !== undefined && { jobId }),
    ...(model !== undefined && { model }),
  };
}
