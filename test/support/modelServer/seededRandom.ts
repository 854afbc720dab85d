/** Whole numbers from `low` to `high`, both included; the same ones for the same seed. */
export type Random = (low: number, high: number) => number;

/** Mulberry32: small, even enough for odd chunk sizes. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (low, high) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return low + (((mixed ^ (mixed >>> 14)) >>> 0) % (high - low + 1));
  };
}
