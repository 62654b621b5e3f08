import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

/** Clock of the sandbox gateway: real time for stamps, scaled time for jobs and delays. */
export interface GatewayClock {
  /** Milliseconds since the epoch, unscaled; used for all time stamps in bodies. */
  now(): number;
  /** Gateway milliseconds between a stamp and now, i.e. real milliseconds times the speed. */
  since(stampMs: number): number;
  /** The stamp at which a job submitted at `stampMs` reaches `gatewayMs` of its life. */
  stampAt(stampMs: number, gatewayMs: number): number;
  /** Real milliseconds of gateway milliseconds. */
  realMs(gatewayMs: number): number;
  /** Waits in gateway milliseconds; returns early if the gateway stops. */
  sleep(gatewayMs: number): Promise<void>;
  /** Ends every sleep. */
  stop(): void;
  stopped(): boolean;
}

/**
 * Creates the clock of one run.
 *
 * @param speed Gateway seconds per real second.
 */
export function createGatewayClock({
  now,
  speed,
}: {
  now: () => number;
  speed: number;
}): GatewayClock {
  const ending = new AbortController();
  // One for each sleep.
  setMaxListeners(0, ending.signal);
  return {
    now,
    since: (stampMs) => (now() - stampMs) * speed,
    stampAt: (stampMs, gatewayMs) => stampMs + gatewayMs / speed,
    realMs: (gatewayMs) => gatewayMs / speed,
    async sleep(gatewayMs) {
      if (gatewayMs <= 0 || ending.signal.aborted) return;
      await wait(gatewayMs / speed, undefined, { signal: ending.signal }).catch(() => undefined);
    },
    stop: () => ending.abort(),
    stopped: () => ending.signal.aborted,
  };
}
