import type { Spent, VideoCost } from './admission.ts';
import { added, nothingSpent } from './admission-scopes.ts';
import { chargeOf, type Charge } from './charge.ts';
import type { Billed } from './failure.ts';
import type { VideoPhase } from './messages.ts';

/**
 * Where a submit stands. `accepted`: the gateway made a job; whether it delivered, the storage alone cannot say.
 * `unknown`: nobody knows whether there is a job. All others are phases of its video.
 */
export type LedgerState = VideoPhase | 'accepted' | 'unknown';

/** A submit that was paid, or may have been. One that surely cost nothing leaves no claim, and is not here. */
export interface LedgerEntry {
  /** When it was sent; of a job that was adopted by its id alone, when its video was stored. ISO 8601, UTC. */
  at: string;
  videoId: string;
  /** Absent for an adopted job. */
  claimKey?: string;
  jobId?: string;
  model?: string;
  tags: string[];
  batch?: string;
  /** What the request asks for, as the admission reserved it; absent parts cannot be told from the request. */
  reserved: VideoCost;
  /** What was spent of it for good; absent while the job may still fail, or nobody knows. */
  settled?: VideoCost;
  /** What the gateway says it multiplied the price with, e.g. `{ seconds: 8, size: 1 }`; on routes that say it. */
  chargedRatios?: Record<string, number>;
  /** What the gateway says it charged, in its own currency; absent while it has not said so. */
  charged?: Charge;
  billed: Billed;
  state: LedgerState;
  /** Origin of the gateway that was asked, and the workflow id of the admission that let it through. */
  gateway?: string;
  account?: string;
}

/** Milliseconds since the epoch; the end is not part of it. */
export interface LedgerWindow {
  fromMs: number;
  toMs: number;
}

/** What Temporal knows of the newest run of a video. */
export interface LedgerRun {
  phase: VideoPhase;
  billed: Billed;
  jobId?: string;
}

/**
 * The entry, with what a run of its video says. A run tells of this submit only if both name the same job, or neither
 * names one: the video may have been submitted again, or its key asked for with another request.
 *
 * A claim that is there says that money may have been spent; no run says otherwise.
 */
export function withRun(entry: LedgerEntry, run: LedgerRun | undefined): LedgerEntry {
  if (!run || entry.state === 'stored' || run.jobId !== entry.jobId) return entry;
  if (run.billed === 'no' && entry.billed !== 'no') return entry;
  return settled({ ...entry, state: run.phase, billed: run.billed });
}

/** Where the job has come to its end: until then it may fail, and the gateway give its money back. */
const ended: readonly LedgerState[] = ['delivering', 'stored', 'failed'];

/** What is billed at the end was spent as it was reserved; `charged` says it in the gateway's own currency. */
export function settled(entry: Omit<LedgerEntry, 'settled'>): LedgerEntry {
  const isSettled = entry.billed === 'yes' && ended.includes(entry.state);
  return isSettled ? { ...entry, settled: entry.reserved } : entry;
}

export const ledgerGroups = ['model', 'tag', 'day', 'batch'] as const;
export type LedgerGroup = (typeof ledgerGroups)[number];

/** Sums of some entries; what nobody can tell of an entry is in no sum, but counted. */
export interface LedgerTotal {
  name: string;
  jobs: number;
  billed: Record<Billed, number>;
  reserved: Spent;
  settled: Spent;
  /** In the gateway's currency, of the jobs whose charge is known. */
  charged: { jobs: number; money: number };
  /** Jobs whose seconds, or whose price, cannot be told. */
  untold: { seconds: number; money: number };
}

/** Sums by model, tag, UTC day or batch, in the order of their names. A job with two tags counts for both. */
export function totalsBy(entries: Iterable<LedgerEntry>, group: LedgerGroup): LedgerTotal[] {
  const groups = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    for (const name of namesOf(entry, group)) {
      const members = groups.get(name) ?? [];
      members.push(entry);
      groups.set(name, members);
    }
  }
  return [...groups]
    .map(([name, members]) => ledgerTotal(name, members))
    .toSorted((one, other) => one.name.localeCompare(other.name));
}

export function ledgerTotal(name: string, entries: readonly LedgerEntry[]): LedgerTotal {
  const billed = { no: 0, yes: 0, maybe: 0 };
  const untold = { seconds: 0, money: 0 };
  const quotas: number[] = [];
  let [reserved, spent] = [nothingSpent, nothingSpent];
  for (const entry of entries) {
    billed[entry.billed] += 1;
    if (entry.reserved.seconds === undefined) untold.seconds += 1;
    if (entry.reserved.money === undefined) untold.money += 1;
    reserved = added(reserved, entry.reserved);
    if (entry.charged) quotas.push(entry.charged.quota);
    if (entry.settled) spent = added(spent, entry.settled);
  }
  const { money } = chargeOf(quotas.reduce((sum, quota) => sum + quota, 0));
  const charged = { jobs: quotas.length, money };
  return { name, jobs: entries.length, billed, reserved, settled: spent, charged, untold };
}

function namesOf({ model, tags, at, batch }: LedgerEntry, group: LedgerGroup): string[] {
  switch (group) {
    case 'model':
      return [model ?? '(unknown)'];
    case 'tag':
      return tags.length === 0 ? ['(none)'] : [...new Set(tags)];
    case 'day':
      return [at.slice(0, 10)];
    case 'batch':
      return [batch ?? '(none)'];
  }
}
