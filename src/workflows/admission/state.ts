import { defaultMaxJobs, type AdmissionLimits, type Tally } from '../../contract/admission.ts';
import type { StateBefore } from './before-book.ts';
import type { Call } from './calls.ts';
import type { Lease } from './leases.ts';
import type { ModelFailures } from './outages.ts';
import { nobodyReturns, type ReturnsState } from './returns.ts';
import { nobodyWaits, type Lane, type WaitingVideos } from './window.ts';

/** All that an admission knows, as JSON: what it begins with, and what it hands on. Every part of it is bounded. */
export interface AdmissionState {
  limits: AdmissionLimits;
  /** The limits are in the storage as well. */
  areLimitsKept: boolean;
  /** The workers' setting, as the last request said it. */
  maxJobs: number;
  leases: Lease[];
  calls: Call[];
  window: WaitingVideos;
  returns: ReturnsState;
  tallies: Record<string, Tally>;
  /** Absent where no model fails. */
  outages?: ModelFailures[];
  /** The storage that holds the claims of this account. */
  storageId?: string;
}

export const emptyState: AdmissionState = {
  limits: {},
  areLimitsKept: true,
  maxJobs: defaultMaxJobs,
  leases: [],
  calls: [],
  window: nobodyWaits,
  returns: nobodyReturns,
  tallies: {},
};

/** A state as a run handed it on, before there was a window or since. */
export function readState(state: AdmissionState | StateBefore): AdmissionState {
  return 'window' in state ? state : fromBefore(state);
}

/** Whoever has no place in the window requests again by itself, as before. */
function fromBefore({ limits, maxJobs, leases, waiting, tallies }: StateBefore): AdmissionState {
  const lanes = (of: StateBefore['waiting']['batch']): Lane[] =>
    // They do not say since when they wait: before all that come now, in their order.
    of.map(({ tag, asks }) => ({
      tag,
      videos: asks.map(({ videoId }, index) => ({ videoId, sinceMs: index })),
    }));
  return {
    ...emptyState,
    limits,
    areLimitsKept: false,
    maxJobs,
    leases: leases.map(({ state, ask, scopes, sinceMs }) => ({
      // One that was offered a slot has been called, and comes for it or is found to be over.
      state: state === 'reserved' ? 'reserved' : 'held',
      ask,
      countedAtMs: dayOf(scopes) ?? sinceMs,
      sinceMs,
    })),
    window: { interactive: lanes(waiting.interactive), batch: lanes(waiting.batch) },
    tallies,
  };
}

function dayOf(scopes: string[]): number | undefined {
  const day = scopes.find((scope) => scope.startsWith('day/'))?.slice('day/'.length);
  return day === undefined ? undefined : Date.parse(day);
}
