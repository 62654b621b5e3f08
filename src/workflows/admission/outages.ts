import type { AdmissionRequest, AdmissionRelease, ModelOutage } from '../../contract/admission.ts';
import type { Lease } from './leases.ts';

/** This many consecutive vendor failures of one model are an outage. */
export const failuresInARow = 5;
/** After this time without news, the next videos are sent as usual. */
const forgottenMs = 30 * 60_000;
/** Keeps the state small; beyond this number, the model with the oldest last failure is dropped. */
const mostModels = 50;

export interface ModelFailures {
  model: string;
  /** Consecutive failures up to now. */
  failures: number;
  /** Milliseconds since the epoch. */
  lastMs: number;
}

/** Which models fail repeatedly at their vendor. */
export interface Outages {
  ended(model: string, ending: AdmissionRelease['ending'], nowMs: number): void;
  /** Returns the outage that a video has to wait for. One job of the model at a time tests whether it still fails. */
  holdsBack(
    ask: Pick<AdmissionRequest, 'model' | 'videoId'>,
    at: { held: Iterable<Lease>; nowMs: number },
  ): ModelOutage | null;
  all(nowMs: number): ModelFailures[];
  snapshot(): ModelFailures[];
}

export function openOutages(state: readonly ModelFailures[]): Outages {
  const models = new Map(state.map((each) => [each.model, each]));
  /** Number of consecutive failures; 0 while there is no outage. */
  const failuresOf = (model: string, nowMs: number) => {
    const { failures, lastMs } = models.get(model) ?? { failures: 0, lastMs: 0 };
    return failures >= failuresInARow && nowMs - lastMs < forgottenMs ? failures : 0;
  };
  return {
    ended: (model, ending, nowMs) => {
      if (ending === undefined) return;
      const { failures = 0, lastMs = nowMs } = models.get(model) ?? {};
      models.delete(model);
      if (ending === 'made') return;
      const before = nowMs - lastMs < forgottenMs ? failures : 0;
      models.set(model, { model, failures: before + 1, lastMs: nowMs });
      const [oldest] = models.keys();
      if (models.size > mostModels && oldest !== undefined) models.delete(oldest);
    },
    holdsBack: ({ model, videoId }, { held, nowMs }) => {
      const failures = failuresOf(model, nowMs);
      if (failures === 0) return null;
      const isTried = [...held].some(({ ask }) => ask.model === model && ask.videoId !== videoId);
      return isTried ? { model, failures } : null;
    },
    all: (nowMs) => [...models.values()].filter(({ model }) => failuresOf(model, nowMs) > 0),
    snapshot: () => [...models.values()],
  };
}
