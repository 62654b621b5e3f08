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

/** The log is asked piece by piece: a row can be large, and the gateway shows a limited number of them. */
const pieceMs = 3_600_000;

export interface LedgerCheckPorts {
  storage: VideoStorage;
  /** Origin of the gateway whose log is read. */
  gateway: string;
  /** Workflow id of the admission of its key: what another account has paid is not in this log. */
  account: string;
  /** The jobs of the account in a window, all of them or an error. */
  findJobs(window: LedgerWindow): Promise<LoggedJob[]>;
  /** True where a run of ours stands for this job, delivered or not. */
  isKnown(jobId: string): Promise<boolean>;
}

export interface LoggedJob {
  jobId: string;
  /** Milliseconds since the epoch. */
  submittedAt: number;
  model?: string;
}

/**
 * Compares what we have paid with the gateway's own task log. Changes nothing.
 *
 * @throws {StorageError} and whatever `findJobs` throws: half a log is no log
 */
export async function checkLedger(
  ports: LedgerCheckPorts,
  window: LedgerWindow,
): Promise<LedgerCheck> {
  // Clocks differ and rows come late: both sides are read further than they are compared.
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

/** Two keys may belong to one account, so a job of any key is known; but only that of our own key must be there. */
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
