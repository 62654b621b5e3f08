/** Reproducible random numbers: the same seed gives the same sequence. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number, inclusive. */
  between(first: number, last: number): number;
  /** One of the choices, by weight. */
  pick<T extends { weight: number }>(choices: readonly T[]): T;
}

/** mulberry32: 32 bits of state are enough to choose times. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (first, last) => first + Math.floor(next() * (last - first + 1)),
    pick: (choices) => {
      let left = next() * choices.reduce((sum, { weight }) => sum + weight, 0);
      const found = choices.find(({ weight }) => (left -= weight) < 0) ?? choices.at(-1);
      if (!found) throw new RangeError('Cannot pick from no choices');
      return found;
    },
  };
}
