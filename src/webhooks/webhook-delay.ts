const firstMs = 5_000;
const maximumMs = 3_600_000;
/** Longest wait of a delivery that was not tried, because enough others to its endpoint were running. */
const busyMaximumMs = { working: 30_000, probing: 600_000 };
const busyFirstMs = 500;

export interface DeliveryAge {
  /** Attempts so far, including those that were not sent. */
  attempt: number;
  /** Milliseconds since the delivery was started. */
  elapsedMs: number;
  /** From 0 to 1. */
  random: number;
}

/**
 * The wait after a failed attempt: 5 s, doubled each time up to 1 h, with jitter. It is not longer than the delivery is
 * old, so that attempts which were not sent do not lengthen it, and a delivery that found no worker for hours begins with
 * short waits.
 */
export function webhookDelay({ attempt, elapsedMs, random }: DeliveryAge): number {
  const byAttempt = firstMs * 2 ** Math.min(attempt - 1, 20);
  return jittered(Math.min(maximumMs, byAttempt, Math.max(firstMs, elapsedMs)), random);
}

/** The wait of a delivery that was not tried. It grows with its age, since many may wait for one endpoint. */
export function busyDelay(
  { elapsedMs, random }: Pick<DeliveryAge, 'elapsedMs' | 'random'>,
  { isProbing }: { isProbing: boolean },
): number {
  const most = isProbing ? busyMaximumMs.probing : busyMaximumMs.working;
  return jittered(Math.min(most, Math.max(busyFirstMs, elapsedMs / 2)), random);
}

/** 80 to 120 %: deliveries that failed together do not return together. */
function jittered(delayMs: number, random: number): number {
  return Math.round(delayMs * (0.8 + 0.4 * random));
}
