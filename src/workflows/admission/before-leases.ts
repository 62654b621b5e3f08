import type {
  AdmissionRequest,
  AdmissionLimits,
  AdmissionRelease,
  Spent,
  Tally,
} from '../../contract/admission.ts';
import { added, nothingSpent, scopesOf } from '../../contract/admission-scopes.ts';

/**
 * What one video holds. `offered`: a slot and its cost, until the video takes them. `held`: both; the video is at the
 * gateway or about to be. `reserved`: only its cost.
 */
export interface Lease {
  state: 'offered' | 'held' | 'reserved';
  ask: AdmissionRequest;
  /** The scopes in which its cost was counted. */
  scopes: string[];
  /** Start of the current state, milliseconds since the epoch. */
  sinceMs: number;
}

/** Unresolved submits keep their reservation; beyond this number, the oldest count as spent. */
const maxReserved = 1_000;
/** How long a count is kept: late verdicts change earlier days; a batch may be run again weeks later. */
const dayMs = 86_400_000;
const keptMs = { day: 3 * dayMs, tag: 3 * dayMs, batch: 31 * dayMs, run: 31 * dayMs };
/** How far back claims are counted when an admission starts without state. */
export const countedMs = keptMs.batch;
/** About 100 KB of JSON; beyond this number, the least recently changed ones are dropped. */
const maxTallies = 1_000;

/** The leases of an admission, one per video, and their counts. */
export interface Leases {
  of(videoId: string): Lease | undefined;
  all(): Lease[];
  slotsTaken(): number;
  spentIn(scope: string): Spent;
  /** Takes a slot, and counts the cost. */
  reserve(ask: AdmissionRequest, moment: { limits: AdmissionLimits; nowMs: number }): void;
  /** The video has taken what it was offered, or requested again. */
  hold(lease: Lease, nowMs: number): void;
  /** Ends a lease; with `maybe`, only its slot is released. */
  settle(lease: Lease, spent: AdmissionRelease['spent'], nowMs: number): void;
  tallies(): Map<string, Tally>;
  /** Takes over the counts from the claims. */
  count(tallies: Record<string, Tally>): void;
}

export function openLeases(state: { leases: Lease[]; tallies: Record<string, Tally> }): Leases {
  const leases = new Map(state.leases.map((lease) => [lease.ask.videoId, lease]));
  const tallies = new Map(Object.entries(state.tallies));
  const all = () => [...leases.values()];
  const spentIn = (scope: string) => tallies.get(scope) ?? nothingSpent;

  const giveBack = ({ ask, scopes }: Lease) => {
    for (const key of scopes) {
      const tally = tallies.get(key);
      if (tally) tallies.set(key, { ...tally, ...added(tally, ask.cost, -1) });
    }
  };
  const keepReserved = (lease: Lease, nowMs: number) => {
    leases.delete(lease.ask.videoId);
    leases.set(lease.ask.videoId, { ...lease, state: 'reserved', sinceMs: nowMs });
    const reserved = all().filter((kept) => kept.state === 'reserved');
    for (const { ask } of reserved.slice(0, -maxReserved)) leases.delete(ask.videoId);
  };
  return {
    of: (videoId) => leases.get(videoId),
    all,
    slotsTaken: () => all().filter((lease) => lease.state !== 'reserved').length,
    spentIn,
    reserve: (ask, { limits, nowMs }) => {
      const scopes = scopesOf(ask, limits, nowMs).map(({ key }) => key);
      for (const key of scopes) {
        tallies.set(key, { ...added(spentIn(key), ask.cost), touchedAt: nowMs });
      }
      leases.set(ask.videoId, { state: 'offered', ask, scopes, sinceMs: nowMs });
    },
    hold: (lease, nowMs) => {
      leases.set(lease.ask.videoId, { ...lease, state: 'held', sinceMs: nowMs });
    },
    settle: (lease, spent, nowMs) => {
      if (spent === 'maybe' && lease.state === 'reserved') return;
      if (spent === 'maybe') return keepReserved(lease, nowMs);
      leases.delete(lease.ask.videoId);
      if (spent === 'no') giveBack(lease);
    },
    tallies: () => tallies,
    count: (counted) => {
      for (const [key, tally] of Object.entries(counted)) tallies.set(key, tally);
    },
  };
}

/** When a slot is released without a message from its video: at its deadline. */
export function expiresAt({ state, sinceMs, ask }: Lease): number {
  return state === 'held' ? sinceMs + ask.deadlineMs : Infinity;
}

/** The counts that the next run gets, bounded to keep the state small. */
export function keptTallies(tallies: Map<string, Tally>, nowMs: number): Record<string, Tally> {
  const fresh = [...tallies].filter(([key, { touchedAt }]) => {
    const kind = key.slice(0, key.indexOf('/')) as keyof typeof keptMs;
    return touchedAt > nowMs - keptMs[kind];
  });
  const newestFirst = fresh.toSorted(([, a], [, b]) => b.touchedAt - a.touchedAt);
  return Object.fromEntries(newestFirst.slice(0, maxTallies));
}
