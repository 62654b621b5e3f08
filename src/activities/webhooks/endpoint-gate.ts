/** Attempts to one endpoint at a time, per process. */
const maxInFlight = 4;
/** After this many failures in a row, one attempt at a time finds out whether the endpoint works again. */
const probeAfter = 3;
/** An endpoint that takes longer to answer occupies slots, even if it answers 2xx. */
const quickMs = 2_000;

/** What an attempt that was let in reports at its end. */
export interface GatePass {
  leave(result: 'works' | 'fails'): void;
}

export interface EndpointGate {
  /** Null if enough attempts to this endpoint, or to endpoints like it, are running. */
  enter(endpointId: string): GatePass | null;
  /** True while only one attempt at a time is let in. */
  isProbing(endpointId: string): boolean;
}

interface State {
  inFlight: number;
  failures: number;
  /** The last attempt was answered with 2xx, and soon. */
  isQuick: boolean;
}

/**
 * Limits the attempts to each endpoint. All endpoints that are dead, slow or not known yet share half of the slots, so that
 * they do not delay the others, however many they are.
 *
 * @param options.slots Attempts that the process can run at a time.
 */
export function createEndpointGate({
  slots,
  now = Date.now,
}: {
  slots: number;
  now?: () => number;
}): EndpointGate {
  const states = new Map<string, State>();
  const maxDoubtful = Math.max(1, Math.floor(slots / 2));
  let doubtful = 0;
  const isProbing = (id: string) => (states.get(id)?.failures ?? 0) >= probeAfter;
  return {
    isProbing,
    enter: (id) => {
      const state = states.get(id) ?? { inFlight: 0, failures: 0, isQuick: false };
      const part = state.isQuick ? 0 : 1;
      if (state.inFlight >= (isProbing(id) ? 1 : maxInFlight)) return null;
      if (!state.isQuick && doubtful >= maxDoubtful) return null;
      const startedAt = now();
      state.inFlight += 1;
      doubtful += part;
      states.set(id, state);
      return {
        leave: (result) => {
          state.inFlight -= 1;
          doubtful -= part;
          state.failures = result === 'works' ? 0 : state.failures + 1;
          state.isQuick = result === 'works' && now() - startedAt < quickMs;
        },
      };
    },
  };
}
