import { defaultMaxJobs, type AdmissionLimits, type Tally } from '../../contract/admission.ts';
import type { StateBefore } from './before-book.ts';
import type { Call } from './calls.ts';
import type { Lease } from './leases.ts';
import type { ModelFailures } from './outages.ts';
import { nobodyReturns, type ReturnsState } from './returns.ts';
import { nobodyWaits, type Lane, type WaitingVideos } from './window.ts';

/** The whole state of an admission as JSON, as a run receives it and passes it on. Every part is bounded. */
export interface AdmissionState {
  limits: AdmissionLimits;
  /** True if the limits are also in the storage. */
  areLimitsKept: boolean;
  /** The setting of the workers, from the last request. */
  maxJobs: number;
  leases: Lease[];
  calls: Call[];
  window: WaitingVideos;
  returns: ReturnsState;
  tallies: Record<string, Tally>;
  /** Absent if no model fails. */
  outages?: ModelFailures[];
  /** How long the last jobs held their slots, milliseconds. Absent while none has ended. */
  holds?: number[];
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

/** Reads the state that the previous run passed on, in the format before the window or the current one. */
export function readState(state: AdmissionState | StateBefore): AdmissionState {
  return 'window' in state ? state : fromBefore(state);
}

/** Videos without a place in the window request again on their own, as before. */
function fromBefore({ limits, maxJobs, leases, waiting, tallies }: StateBefore): AdmissionState {
  const lanes = (of: StateBefore['waiting']['batch']): Lane[] =>
    // These entries have no waiting time, so they are placed before all new ones, in their order.
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
      // A video with an offered slot has been signalled: it takes the slot, or its run is found to be closed.
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
