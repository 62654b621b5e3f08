/** A start is expected only once so many jobs have ended: fewer say little about how long jobs take. */
const leastHolds = 5;
/** The newest are kept, so that the expectation follows a vendor that becomes slower. */
const mostHolds = 20;

export interface Queued {
  /** 1 is the next one. */
  place: number;
  /** How long each slot has been taken so far, milliseconds. */
  agesMs: number[];
  /** The number of slots that are allowed. */
  jobs: number;
  nowMs: number;
}

/**
 * How long jobs have held their slots. The expected start follows from these durations and not from the times of the
 * grants, because slots that were filled together become free together, and because no video is granted while none asks.
 */
export interface Pace {
  held(durationMs: number): void;
  /** When a waiting video is expected to get its slot, milliseconds since the epoch; undefined if that is not known. */
  startOf(queued: Queued): number | undefined;
  /** Mean duration, milliseconds; undefined if it is not known. */
  meanMs(): number | undefined;
  snapshot(): number[];
}

export function openPace(state: readonly number[] = []): Pace {
  let holds = [...state];
  const isKnown = () => holds.length >= leastHolds;
  return {
    held: (durationMs) => {
      holds = [...holds, Math.max(0, durationMs)].slice(-mostHolds);
    },
    startOf: (queued) => {
      const hasSlots = queued.jobs > 0 && queued.agesMs.length > 0;
      return hasSlots && isKnown() ? startOf(queued, holds) : undefined;
    },
    meanMs: () => (isKnown() ? mean(holds) : undefined),
    snapshot: () => holds,
  };
}

/** The videos take the slots in the order in which these become free, and hold each for a usual duration. */
function startOf({ place, agesMs, jobs, nowMs }: Queued, holds: number[]): number {
  const usualMs = mean(holds);
  const freeAfterMs = agesMs.map((age) => remaining(age, holds)).toSorted((a, b) => a - b);
  // Above a lowered limit, the first slots that become free stay empty.
  const slots = freeAfterMs.slice(Math.max(0, freeAfterMs.length - jobs));
  // When each video of the queue gets its slot. It frees the slot later than all earlier ones free theirs.
  const starts: number[] = [];
  for (let [taken, freed] = [0, 0]; starts.length < place;) {
    const first = slots[taken] ?? Infinity;
    const again = (starts[freed] ?? Infinity) + usualMs;
    if (first <= again) taken += 1;
    else freed += 1;
    starts.push(Math.min(first, again));
  }
  return Math.round(nowMs + (starts.at(-1) ?? 0));
}

/** How much longer a job takes that has run for so long: as recorded jobs did that have taken longer than that. */
function remaining(ageMs: number, holds: number[]): number {
  const longer = holds.filter((held) => held > ageMs);
  return longer.length > 0 ? mean(longer) - ageMs : mean(holds);
}

function mean(numbers: number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
