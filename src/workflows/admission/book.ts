import type {
  AdmissionAnswer,
  AdmissionRequest,
  AdmissionLimits,
  AdmissionRelease,
  AdmissionStatus,
  LimitsChange,
  Tally,
} from '../../contract/admission.ts';
import { exceededCap, scopesOf } from '../../contract/admission-scopes.ts';
import { callMs, openCalls, type Call, type Calls } from './calls.ts';
import {
  expiresAt,
  keptTallies,
  openLeases,
  type Lease,
  type LeaseEnd,
  type Leases,
} from './leases.ts';
import { changedLimits, jobsOf } from './limits.ts';
import { openOutages, type Outages } from './outages.ts';
import { openPace, type Pace } from './pace.ts';
import { openReturns, type Returns } from './returns.ts';
import type { AdmissionState } from './state.ts';
import { admissionStatus } from './status.ts';
import { standBack, wait } from './wait-answer.ts';
import { openWindow, type AdmissionWindow } from './window.ts';

/**
 * When limits change, at most this many videos are signalled at once, since their cap may be full now. Each refused
 * video passes the signal on to the next one of its lane.
 */
const mostHints = 100;

/**
 * The decisions of an admission, without side effects: never more slots than jobs, never a count above a cap, and
 * waiting videos are called when a slot is free. Neither time nor size of a decision grows with the number of waiting
 * videos. All times are milliseconds since the epoch.
 */
export interface AdmissionBook {
  ask(ask: AdmissionRequest, nowMs: number): AdmissionAnswer;
  release(release: AdmissionRelease, nowMs: number): void;
  /** The video could not be signalled: its run has closed. */
  gone(videoId: string, nowMs: number): void;
  /** Like `release`, but only if the lease is still the one that was checked. */
  ended(seen: Lease, end: LeaseEnd, nowMs: number): void;
  /** Releases slots with an expired deadline, and slots whose called video did not request in time. */
  expire(nowMs: number): void;
  setLimits(change: LimitsChange, nowMs: number): AdmissionLimits;
  limits(): AdmissionLimits;
  /** Starts with the limits from the storage and the counts from the claims. */
  begin(kept: { limits?: AdmissionLimits; tallies?: Record<string, Tally> }): void;
  /** Videos to signal now, at most `most`; each is returned once. */
  takeReady(most: number): string[];
  hasReady(): boolean;
  leases(): Lease[];
  calls(): Call[];
  isAnyoneWaiting(nowMs: number): boolean;
  /** When `expire` has to run next; Infinity if never. */
  expiresAt(): number;
  /** Number of slots that are held, or kept for a called video. */
  slotsTaken(): number;
  /** @param most Lists at most this many videos of each kind; default all. */
  status(nowMs: number, most?: number): AdmissionStatus;
  snapshot(nowMs: number): Omit<AdmissionState, 'areLimitsKept'>;
}

interface Page {
  limits: AdmissionLimits;
  maxJobs: number;
  window: AdmissionWindow;
  returns: Returns;
  calls: Calls;
  leases: Leases;
  outages: Outages;
  pace: Pace;
}

export function openBook(state: AdmissionState): AdmissionBook {
  const page: Page = {
    limits: state.limits,
    maxJobs: state.maxJobs,
    window: openWindow(state.window),
    returns: openReturns(state.returns),
    calls: openCalls(state.calls),
    leases: openLeases(state),
    outages: openOutages(state.outages ?? []),
    pace: openPace(state.holds),
  };
  return { ...decisionsOf(page), ...viewOf(page) };
}

/** A submit that was refused says nothing about how long jobs take. */
function wasJob({ state }: Lease, { spent, ending }: AdmissionRelease): boolean {
  return state === 'held' && (spent !== 'no' || ending !== undefined);
}

type Decisions = Pick<
  AdmissionBook,
  'ask' | 'release' | 'gone' | 'ended' | 'expire' | 'setLimits' | 'begin' | 'takeReady'
>;

function decisionsOf(page: Page): Decisions {
  const { leases, window, calls, outages, pace } = page;
  const settle = (lease: Lease | undefined, end: LeaseEnd, nowMs: number) => {
    if (lease) leases.settle(lease, end, nowMs);
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
    release: (release, nowMs) => {
      const { videoId, ending, ...end } = release;
      const lease = leases.of(videoId);
      if (lease) outages.ended(lease.ask.model, ending, nowMs);
      if (lease && wasJob(lease, release)) pace.held(nowMs - lease.sinceMs);
      settle(lease, end, nowMs);
    },
    gone: (videoId, nowMs) => {
      window.remove(videoId);
      calls.end(videoId);
      callWaiting(page, nowMs);
    },
    ended: (seen, end, nowMs) => {
      const lease = leases.of(seen.ask.videoId);
      settle(lease === seen ? lease : undefined, end, nowMs);
    },
    expire: (nowMs) => {
      const expired = [...leases.held()].filter((lease) => expiresAt(lease) <= nowMs);
      for (const lease of expired) leases.settle(lease, { spent: 'maybe' }, nowMs);
      calls.expire(nowMs);
      callWaiting(page, nowMs);
    },
    setLimits: (change, nowMs) => {
      page.limits = changedLimits(page.limits, change);
      callWaiting(page, nowMs);
      for (const videoId of window.heads(mostHints)) calls.hint(videoId);
      return page.limits;
    },
    begin: (kept) => {
      page.limits = kept.limits ?? page.limits;
      leases.count(kept.tallies ?? {});
    },
    takeReady: calls.take,
  };
}

function viewOf(page: Page): Omit<AdmissionBook, keyof Decisions> {
  const { leases, window, calls, returns, outages, pace } = page;
  return {
    limits: () => page.limits,
    hasReady: calls.areDue,
    leases: leases.all,
    calls: calls.all,
    isAnyoneWaiting: (nowMs) => waitingIn(page, nowMs).some((count) => count > 0),
    expiresAt: () =>
      Math.min(
        ...[...leases.held()].map(expiresAt),
        ...calls.all().map(({ sinceMs }) => sinceMs + callMs),
      ),
    slotsTaken: () => slotsTaken(page),
    status: (nowMs, most) => admissionStatus(page, { nowMs, most }),
    snapshot: (nowMs) => ({
      limits: page.limits,
      maxJobs: page.maxJobs,
      leases: leases.all(),
      calls: calls.all(),
      window: window.snapshot(),
      returns: returns.snapshot(),
      tallies: keptTallies(leases.tallies(), nowMs),
      ...(outages.snapshot().length > 0 && { outages: outages.snapshot() }),
      ...(pace.snapshot().length > 0 && { holds: pace.snapshot() }),
    }),
  };
}

function answer(
  page: Page,
  { ask, nowMs }: { ask: AdmissionRequest; nowMs: number },
): AdmissionAnswer {
  const { leases, window, calls, limits } = page;
  const { videoId } = ask;
  const lease = leases.of(videoId);
  const isSame = lease?.ask.claimKey === ask.claimKey;
  if (lease && isSame && lease.state === 'held') {
    leases.renew(lease, nowMs);
    return { outcome: 'granted' };
  }
  // The same submit has spent nothing. Another one means that a person pays again: the first one stays counted.
  if (lease) leases.settle(lease, { spent: isSame ? 'no' : 'yes' }, nowMs);
  const scopes = scopesOf(ask, limits, nowMs);
  const message = exceededCap(scopes, { cost: ask.cost, spentIn: leases.spentIn });
  const isExpected = calls.end(videoId);
  if (message !== null) return refuse(page, { videoId, message });
  const outage = page.outages.holdsBack(ask, { held: leases.held(), nowMs });
  if (outage) return standBack(page, { ask, nowMs, outage });
  if (!isExpected && slotsTaken(page) >= jobsOf(page)) return wait(page, { ask, nowMs });
  window.remove(videoId);
  leases.grant(ask, nowMs);
  return { outcome: 'granted' };
}

/** A cap that is full for one video is often full for the next one. */
function refuse(
  { window, calls }: Page,
  { videoId, message }: { videoId: string; message: string },
): AdmissionAnswer {
  const next = window.remove(videoId);
  if (next !== null) calls.hint(next);
  return { outcome: 'refused', message };
}

/** Calls videos while slots are free. */
function callWaiting(page: Page, nowMs: number): void {
  while (slotsTaken(page) < jobsOf(page)) {
    const videoId = page.window.next();
    if (videoId === null) return;
    page.calls.call(videoId, nowMs);
  }
}

function slotsTaken({ leases, calls }: Page): number {
  return leases.heldCount() + calls.count();
}

function waitingIn({ window, returns }: Page, nowMs: number): number[] {
  return [...Object.values(window.size()), ...Object.values(returns.outside(nowMs))];
}
