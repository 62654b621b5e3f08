/** Attempts to one endpoint at a time, per process. A slow endpoint cannot take the slots of the others. */
const maxInFlight = 4;
/** After this many failures in a row, one attempt at a time finds out whether the endpoint works again. */
const probeAfter = 3;

/** What an attempt that was let in reports at its end. */
export interface GatePass {
  leave(result: 'works' | 'fails'): void;
}

export interface EndpointGate {
  /** Null if enough attempts to this endpoint are running. */
  enter(endpointId: string): GatePass | null;
  /** True while only one attempt at a time is let in. */
  isProbing(endpointId: string): boolean;
}

/** Limits the attempts to each endpoint. */
export function createEndpointGate(): EndpointGate {
  const states = new Map<string, { inFlight: number; failures: number }>();
  const isProbing = (id: string) => (states.get(id)?.failures ?? 0) >= probeAfter;
  return {
    isProbing,
    enter: (id) => {
      const state = states.get(id) ?? { inFlight: 0, failures: 0 };
      if (state.inFlight >= (isProbing(id) ? 1 : maxInFlight)) return null;
      state.inFlight += 1;
      states.set(id, state);
      return {
        leave: (result) => {
          state.inFlight -= 1;
          state.failures = result === 'works' ? 0 : state.failures + 1;
          if (state.inFlight === 0 && state.failures === 0) states.delete(id);
        },
      };
    },
  };
}
