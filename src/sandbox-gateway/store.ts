import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Job } from './job.ts';
import { createLedger, type Ledger, type PaidJob } from './call-ledger.ts';
import type { LoggedRow } from './request-log.ts';
import type { SandboxUpload } from './uploads.ts';

/** State that a run needs to continue after a restart. */
export interface SandboxState {
  ledger: Ledger;
  jobs: Job[];
  /** Requests counted for each scenario, per request identity. */
  counts: Record<string, number>;
  /** The run's default scenarios. */
  scenario: string;
  /** Secret for result addresses, so that they stay valid after a restart. */
  secret: string;
  nextRow: number;
  requestLog: LoggedRow[];
  /** Times of requests about the API key itself. */
  keyCalls: number[];
  uploads: SandboxUpload[];
}

/** The state of a run and its file. */
export interface Store {
  state: SandboxState;
  /** By id, without reading the others: a run of a benchmark has many thousands. */
  job(id: string): Job | undefined;
  paidJob(id: string): PaidJob | undefined;
  /** Writes at once; call it before a response that must survive a restart. */
  save(): void;
  /** Writes soon, several changes together. */
  saveSoon(): void;
  stop(): void;
}

const saveDelayMs = 50;

/**
 * Opens the state of a run, from `file` if it exists.
 *
 * @throws {SyntaxError} The file is not JSON.
 */
export function openStore(file: string | undefined): Store {
  const state = { ...freshState(), ...(file === undefined ? null : readState(file)) };
  // A file of an earlier version has fewer lists.
  state.ledger = { ...createLedger(), ...state.ledger };
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (file !== undefined) writeAtomically(file, JSON.stringify(state));
  };
  return {
    state,
    job: findIn(state.jobs, ({ id }) => id),
    paidJob: findIn(state.ledger.paidJobs, ({ jobId }) => jobId),
    save,
    saveSoon() {
      if (file !== undefined) timer ??= setTimeout(save, saveDelayMs);
    },
    stop: save,
  };
}

/** Finds the first entry with an id in a list that only grows. */
function findIn<Entry>(
  entries: readonly Entry[],
  idOf: (entry: Entry) => string,
): (id: string) => Entry | undefined {
  const known = new Map<string, Entry>();
  let read = 0;
  return (id) => {
    for (const entry of entries.slice(read)) {
      if (!known.has(idOf(entry))) known.set(idOf(entry), entry);
    }
    read = entries.length;
    return known.get(id);
  };
}

function freshState(): SandboxState {
  return {
    ledger: createLedger(),
    jobs: [],
    counts: {},
    scenario: '',
    secret: randomBytes(16).toString('hex'),
    nextRow: 1,
    requestLog: [],
    keyCalls: [],
    uploads: [],
  };
}

function readState(file: string): SandboxState | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SandboxState;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function writeAtomically(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}.tmp`;
  writeFileSync(aside, content);
  renameSync(aside, file);
}
