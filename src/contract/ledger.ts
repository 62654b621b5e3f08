import type { Spent, VideoCost } from './admission.ts';
import { added, nothingSpent } from './admission-scopes.ts';
import { chargeOf, type Charge } from './charge.ts';
import type { Billed } from './failure.ts';
import type { VideoPhase } from './messages.ts';

/**
 * State of a submit. `accepted`: the gateway created a job, and its result is not in the storage. `unknown`: it is
 * unknown whether a job exists. All others are phases of the video.
 */
export type LedgerState = VideoPhase | 'accepted' | 'unknown';

/** A submit that was or may have been billed. Submits that certainly cost nothing are not in the ledger. */
export interface LedgerEntry {
  /** When it was submitted; for a job that was adopted by its id alone, when its video was stored. ISO 8601, UTC. */
  at: string;
  videoId: string;
  /** Absent for an adopted job. */
  claimKey?: string;
  jobId?: string;
  model?: string;
  tags: string[];
  batch?: string;
  /** The cost that the admission reserved. A field is absent if the request does not determine it. */
  reserved: VideoCost;
  /** The final cost; absent while the job may still fail, or if unknown. */
  settled?: VideoCost;
  /** Price multipliers that the gateway reported, e.g. `{ seconds: 8, size: 1 }`. Not all routes report them. */
  chargedRatios?: Record<string, number>;
  /** What the gateway has reported as charged, in its currency; absent until then. */
  charged?: Charge;
  billed: Billed;
  state: LedgerState;
  /** Origin of the gateway. `account` is the workflow id of the admission. */
  gateway?: string;
  account?: string;
}

/** Milliseconds since the epoch; `toMs` is exclusive. */
export interface LedgerWindow {
  fromMs: number;
  toMs: number;
}

/** The newest run of a video, from the server's index. */
export interface LedgerRun {
  phase: VideoPhase;
  billed: Billed;
  jobId?: string;
}

/**
 * Adds the state of a run to an entry. The run belongs to this submit only if both have the same job, or neither has
 * one: the video may have been submitted again, or its key used with another request.
 *
 * An existing claim means that money may have been spent. A run cannot revoke that.
 */
export function withRun(entry: LedgerEntry, run: LedgerRun | undefined): LedgerEntry {
  if (!run || entry.state === 'stored' || run.jobId !== entry.jobId) return entry;
  if (run.billed === 'no' && entry.billed !== 'no') return entry;
  return settled({ ...entry, state: run.phase, billed: run.billed });
}

/**
 * Adds the states of runs to the entries that need them.
 *
 * @param read Reads the newest runs, e.g. `ledger.runs` of the client. Not called if no entry needs it.
 */
export async function withRuns(
  entries: readonly LedgerEntry[],
  read: (videoIds: string[]) => Promise<ReadonlyMap<string, LedgerRun>>,
): Promise<readonly LedgerEntry[]> {
  const open = entries.filter(({ state }) => state !== 'stored');
  if (open.length === 0) return entries;
  const runs = await read(open.map(({ videoId }) => videoId));
  return entries.map((entry) => withRun(entry, runs.get(entry.videoId)));
}

/** The job has ended in these states. Before that it may fail and be refunded. */
const ended: readonly LedgerState[] = ['delivering', 'stored', 'failed'];

/** Sets `settled` to the reserved cost if the job has ended and is billed. `charged` has the gateway's own amount. */
export function settled(entry: Omit<LedgerEntry, 'settled'>): LedgerEntry {
  const isSettled = entry.billed === 'yes' && ended.includes(entry.state);
  return isSettled ? { ...entry, settled: entry.reserved } : entry;
}

/** Fields that totals can be grouped by. */
export const ledgerGroups = ['model', 'tag', 'day', 'batch'] as const;
/** One of {@link ledgerGroups}. */
export type LedgerGroup = (typeof ledgerGroups)[number];

/** Sums of entries. Unknown amounts are not in the sums; `untold` counts them. */
export interface LedgerTotal {
  name: string;
  jobs: number;
  billed: Record<Billed, number>;
  reserved: Spent;
  settled: Spent;
  /** Jobs with a known charge, and its sum in the gateway's currency. */
  charged: { jobs: number; money: number };
  /** Number of jobs with unknown seconds or unknown price, and of those that are or may be billed without a known charge. */
  untold: { seconds: number; money: number; charge: number };
}

/** Totals by model, tag, UTC day or batch, sorted by name. A job with two tags counts for both. */
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

/** The total of some entries, under a name. */
export function ledgerTotal(name: string, entries: readonly LedgerEntry[]): LedgerTotal {
  const billed = { no: 0, yes: 0, maybe: 0 };
  const untold = { seconds: 0, money: 0, charge: 0 };
  const quotas: number[] = [];
  let [reserved, spent] = [nothingSpent, nothingSpent];
  for (const entry of entries) {
    billed[entry.billed] += 1;
    if (entry.reserved.seconds === undefined) untold.seconds += 1;
    if (entry.reserved.money === undefined) untold.money += 1;
    reserved = added(reserved, entry.reserved);
    if (entry.charged) quotas.push(entry.charged.quota);
    else if (entry.billed !== 'no') untold.charge += 1;
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
