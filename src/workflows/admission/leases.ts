import type { AdmissionRequest, AdmissionRelease, Spent, Tally } from '../../contract/admission.ts';
import { added, nothingSpent, scopesOf, settledCost } from '../../contract/admission-scopes.ts';
import type { Charge } from '../../contract/charge.ts';

/** The stored part of a granted request. */
export type LeasedRequest = Pick<
  AdmissionRequest,
  'videoId' | 'claimKey' | 'model' | 'tags' | 'batch' | 'cost' | 'deadlineMs'
>;

/**
 * What one video holds. `held`: a slot and its cost; the video is at the gateway or about to be. `reserved`: only its
 * cost.
 */
export interface Lease {
  state: 'held' | 'reserved';
  ask: LeasedRequest;
  /** When the cost was counted, which determines the scopes; milliseconds since the epoch, like all times here. */
  countedAtMs: number;
  /** Start of the current state. */
  sinceMs: number;
}

/** How a lease ends, and what was charged, if known. */
export type LeaseEnd = Pick<AdmissionRelease, 'spent' | 'charged'>;

/** Unresolved submits keep their reservation; beyond this number, the oldest count as spent. About 100 KB of JSON. */
const maxReserved = 400;
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
  held(): Iterable<Lease>;
  reserved(): Iterable<Lease>;
  heldCount(): number;
  spentIn(scope: string): Spent;
  /** Takes a slot, and counts the cost. */
  grant(ask: AdmissionRequest, nowMs: number): void;
  /** The video requested again: its time starts again. */
  renew(lease: Lease, nowMs: number): void;
  /** Ends a lease; with `maybe`, only its slot is released. */
  settle(lease: Lease, end: LeaseEnd, nowMs: number): void;
  tallies(): Map<string, Tally>;
  /** Takes over the counts from the claims. */
  count(tallies: Record<string, Tally>): void;
}

export function openLeases(state: { leases: Lease[]; tallies: Record<string, Tally> }): Leases {
  const held = new Map<string, Lease>();
  const reserved = new Map<string, Lease>();
  for (const lease of state.leases) {
    (lease.state === 'held' ? held : reserved).set(lease.ask.videoId, lease);
  }
  const tallies = new Map(Object.entries(state.tallies));
  const spentIn = (scope: string) => tallies.get(scope) ?? nothingSpent;

  const keepReserved = (lease: Lease, nowMs: number) => {
    reserved.set(lease.ask.videoId, { ...lease, state: 'reserved', sinceMs: nowMs });
    for (const videoId of reserved.keys()) {
      if (reserved.size <= maxReserved) break;
      reserved.delete(videoId);
    }
  };
  return {
    of: (videoId) => held.get(videoId) ?? reserved.get(videoId),
    all: () => [...held.values(), ...reserved.values()],
    held: () => held.values(),
    reserved: () => reserved.values(),
    heldCount: () => held.size,
    spentIn,
    grant: (ask, nowMs) => {
      for (const { key } of scopesOf(ask, {}, nowMs)) {
        tallies.set(key, { ...added(spentIn(key), ask.cost), touchedAt: nowMs });
      }
      const lease = { ask: keptOf(ask), countedAtMs: nowMs, sinceMs: nowMs };
      held.set(ask.videoId, { state: 'held', ...lease });
    },
    renew: (lease, nowMs) => {
      held.set(lease.ask.videoId, { ...lease, sinceMs: nowMs });
    },
    settle: (lease, { spent, charged }, nowMs) => {
      const isReserved = lease.state === 'reserved';
      if (spent === 'maybe' && isReserved) return;
      (isReserved ? reserved : held).delete(lease.ask.videoId);
      if (spent === 'maybe') keepReserved(lease, nowMs);
      if (spent === 'no') giveBack(tallies, lease);
      if (spent === 'yes') correct(tallies, lease, charged);
    },
    tallies: () => tallies,
    count: (counted) => {
      for (const [key, tally] of Object.entries(counted)) tallies.set(key, tally);
    },
  };
}

function giveBack(tallies: Map<string, Tally>, { ask, countedAtMs }: Lease): void {
  for (const { key } of scopesOf(ask, {}, countedAtMs)) {
    const tally = tallies.get(key);
    if (tally) tallies.set(key, { ...tally, ...added(tally, ask.cost, -1) });
  }
}

/** Replaces the reserved cost by the charged cost. */
function correct(tallies: Map<string, Tally>, lease: Lease, charged: Charge | undefined): void {
  const { ask, countedAtMs } = lease;
  const settled = settledCost(ask.cost, charged);
  if (settled === ask.cost) return;
  giveBack(tallies, lease);
  for (const { key } of scopesOf(ask, {}, countedAtMs)) {
    const tally = tallies.get(key);
    if (tally) tallies.set(key, { ...tally, ...added(tally, settled) });
  }
}

function keptOf(ask: AdmissionRequest): LeasedRequest {
  const { videoId, claimKey, model, tags, batch, cost, deadlineMs } = ask;
  return { videoId, claimKey, model, tags, ...(batch && { batch }), cost, deadlineMs };
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
