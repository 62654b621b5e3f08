import {
  defaultMaxJobs,
  type AdmissionAnswer,
  type AdmissionRequest,
  type AdmissionLimits,
  type AdmissionRelease,
  type AdmissionStatus,
  type AdmittedVideo,
  type LimitsChange,
  type Tally,
} from '../../contract/admission.ts';
import { exceededCap, scopesOf } from '../../contract/admission-scopes.ts';
import { expiresAt, keptTallies, openLeases, type Lease, type Leases } from './before-leases.ts';
import { changedLimits } from './limits.ts';
import { nobodyWaits, openQueue, type AdmissionQueue, type WaitingAsks } from './before-queue.ts';

/** The state of an admission before the window existed: waiting videos with their whole request. */
export interface StateBefore {
  limits: AdmissionLimits;
  /** The setting of the workers, from the last request. */
  maxJobs: number;
  leases: Lease[];
  waiting: WaitingAsks;
  tallies: Record<string, Tally>;
}

export const emptyState: StateBefore = {
  limits: {},
  maxJobs: defaultMaxJobs,
  leases: [],
  waiting: nobodyWaits,
  tallies: {},
};

/**
 * The version before the window (see before.ts). Decides without side effects: never more slots than jobs, never a
 * count above a cap, and every waiting video is signalled when its wait can end. All times are milliseconds since the
 * epoch.
 */
export interface BookBefore {
  ask(ask: AdmissionRequest, nowMs: number): AdmissionAnswer;
  release(release: AdmissionRelease, nowMs: number): void;
  /** The video could not be signalled: its run has closed. */
  gone(videoId: string, nowMs: number): void;
  /** Like `release`, but only if the lease is still the one that was checked. */
  ended(seen: Lease, spent: AdmissionRelease['spent'], nowMs: number): void;
  /** Releases slots with an expired deadline. */
  expire(nowMs: number): void;
  setLimits(change: LimitsChange, nowMs: number): AdmissionLimits;
  /** Takes over what was spent according to the claims. */
  count(tallies: Record<string, Tally>): void;
  /** Videos to signal since the last call. */
  takeReady(): string[];
  hasReady(): boolean;
  leases(): Lease[];
  isAnyoneWaiting(): boolean;
  status(): AdmissionStatus;
  snapshot(nowMs: number): StateBefore;
}

interface Page {
  limits: AdmissionLimits;
  maxJobs: number;
  queue: AdmissionQueue;
  leases: Leases;
  ready: string[];
}

export function openBook(state: StateBefore): BookBefore {
  const { limits, maxJobs } = state;
  const leases = openLeases(state);
  const queue = openQueue(state.waiting);
  const page: Page = { limits, maxJobs, queue, leases, ready: [] };
  const settle = (lease: Lease | undefined, spent: AdmissionRelease['spent'], nowMs: number) => {
    if (lease) leases.settle(lease, spent, nowMs);
    callWaiting(page, nowMs);
  };
  return {
    ask: (ask, nowMs) => {
      page.maxJobs = ask.maxJobs;
      callWaiting(page, nowMs);
      const given = answer(page, { ask, nowMs });
      callWaiting(page, nowMs);
      return given;
    },
    release: ({ videoId, spent }, nowMs) => settle(leases.of(videoId), spent, nowMs),
    gone: (videoId, nowMs) => {
      queue.remove(videoId);
      const lease = leases.of(videoId);
      settle(lease?.state === 'offered' ? lease : undefined, 'no', nowMs);
    },
    ended: (seen, spent, nowMs) => {
      const lease = leases.of(seen.ask.videoId);
      settle(lease === seen ? lease : undefined, spent, nowMs);
    },
    expire: (nowMs) => {
      const expired = leases.all().filter((lease) => expiresAt(lease) <= nowMs);
      for (const lease of expired) leases.settle(lease, 'maybe', nowMs);
      callWaiting(page, nowMs);
    },
    setLimits: (change, nowMs) => {
      page.limits = changedLimits(page.limits, change);
      callWaiting(page, nowMs);
      return page.limits;
    },
    count: leases.count,
    takeReady: () => page.ready.splice(0),
    hasReady: () => page.ready.length > 0,
    leases: leases.all,
    isAnyoneWaiting: () => Object.values(queue.size()).some((count) => count > 0),
    status: () => statusOf(page),
    snapshot: (nowMs) => snapshotOf(page, nowMs),
  };
}

function answer(
  page: Page,
  { ask, nowMs }: { ask: AdmissionRequest; nowMs: number },
): AdmissionAnswer {
  const { leases, queue } = page;
  const lease = leases.of(ask.videoId);
  const isSame = lease?.ask.claimKey === ask.claimKey;
  if (lease && isSame && lease.state !== 'reserved') {
    leases.hold(lease, nowMs);
    return { outcome: 'granted' };
  }
  // The same submit requests again, so it has spent nothing. A different submit means that a person has decided to
  // pay again: the first one stays counted.
  if (lease) leases.settle(lease, isSame ? 'no' : 'yes', nowMs);
  const message = exceeded(page, { ask, nowMs });
  if (message !== null) {
    queue.remove(ask.videoId);
    return { outcome: 'refused', message };
  }
  if (!queue.has(ask.videoId)) queue.add(ask);
  callWaiting(page, nowMs);
  const offered = leases.of(ask.videoId);
  if (!offered) return { outcome: 'waiting' };
  page.ready = page.ready.filter((videoId) => videoId !== ask.videoId);
  leases.hold(offered, nowMs);
  return { outcome: 'granted' };
}

/** Calls the videos that have to wait no longer: a slot is theirs, or a cap is full. */
function callWaiting(page: Page, nowMs: number): void {
  const { queue, leases, limits, ready } = page;
  for (;;) {
    const vain = queue.dropWhere((ask) => exceeded(page, { ask, nowMs }) !== null);
    ready.push(...vain.map(({ videoId }) => videoId));
    const next = leases.slotsTaken() < jobsOf(page) ? queue.next() : null;
    if (!next) return;
    leases.reserve(next, { limits, nowMs });
    ready.push(next.videoId);
  }
}

function exceeded(
  { limits, leases }: Page,
  { ask, nowMs }: { ask: AdmissionRequest; nowMs: number },
): string | null {
  return exceededCap(scopesOf(ask, limits, nowMs), { cost: ask.cost, spentIn: leases.spentIn });
}

function jobsOf({ limits, maxJobs }: Page): number {
  return limits.jobs ?? maxJobs;
}

function statusOf(page: Page): AdmissionStatus {
  const { limits, leases, queue } = page;
  const isReserved = ({ state }: Lease) => state === 'reserved';
  const all = leases.all();
  return {
    limits: { ...limits, jobs: jobsOf(page) },
    inFlight: all.filter((lease) => !isReserved(lease)).map(shown),
    reserved: all.filter(isReserved).map(shown),
    waiting: queue.size(),
    spent: Object.fromEntries(
      [...leases.tallies()].map(([key, { videos, seconds, money }]) => [
        key,
        { videos, seconds, money },
      ]),
    ),
  };
}

function shown({ ask, sinceMs }: Lease): AdmittedVideo {
  const { videoId, model, tags, batch, cost } = ask;
  const since = new Date(sinceMs).toISOString();
  return { videoId, since, model, tags, ...(batch && { batch: batch.name }), cost };
}

function snapshotOf({ limits, maxJobs, queue, leases }: Page, nowMs: number): StateBefore {
  return {
    limits,
    maxJobs,
    leases: leases.all(),
    waiting: queue.snapshot(),
    tallies: keptTallies(leases.tallies(), nowMs),
  };
}
