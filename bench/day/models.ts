/** A model of the simulated day: how long its jobs take at the vendor. */
export interface SimulatedModel {
  name: string;
  /** Jobs a day. */
  jobs: number;
  /** Milliseconds at the vendor. @param day Share of the day that has passed, 0–1. */
  duration(random: Random, day: number): number;
  /** The gateway gives no time of completion. */
  isUntimed?: true;
}

export interface Random {
  /** 0 ≤ x < 1 */
  uniform(): number;
  normal(): number;
}

const secondMs = 1_000;
const lognormal = (medianSeconds: number, sigma: number) => (random: Random) =>
  medianSeconds * secondMs * Math.exp(sigma * random.normal());

export const simulatedModels: readonly SimulatedModel[] = [
  { name: 'no spread, 110 s', jobs: 900, duration: () => 110_000 },
  { name: 'narrow, 120 s, σ 0.1', jobs: 900, duration: lognormal(120, 0.1) },
  { name: 'usual, 120 s, σ 0.25', jobs: 900, duration: lognormal(120, 0.25) },
  { name: 'wide, 120 s, σ 0.6', jobs: 900, duration: lognormal(120, 0.6) },
  { name: 'slow, 400 s, σ 0.1', jobs: 400, duration: lognormal(400, 0.1) },
  {
    name: 'drifting, 90 to 180 s, σ 0.1',
    jobs: 597,
    duration: (random, day) => lognormal(90 + 90 * day, 0.1)(random),
  },
  {
    name: 'without time of completion, 120 s, σ 0.25',
    jobs: 400,
    duration: lognormal(120, 0.25),
    isUntimed: true,
  },
  { name: 'three jobs only, 120 s, σ 0.25', jobs: 3, duration: lognormal(120, 0.25) },
];

/** The same numbers on every machine: mulberry32, and a sum of uniform numbers in place of functions with rounding. */
export function seededRandom(seed: number): Random {
  let state = seed;
  const uniform = () => {
    state = Math.trunc(state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Array.from({ length: 12 }, uniform).reduce((sum, one) => sum + one, -6);
  return { uniform, normal };
}
