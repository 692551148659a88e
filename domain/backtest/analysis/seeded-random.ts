import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Draws that depend on the seed and on nothing else. */
export interface SeededRandom {
  /** In [0, 1). */
  readonly next: () => number;
  /** A whole number in [0, below). */
  readonly index: (below: number) => number;
  /** The same from half the random bits, for loops that do little else: chances are unequal by at most below / 2^32 of themselves. */
  readonly quickIndex: (below: number) => number;
}

const LARGEST_SEED = 2 ** 32 - 1;

/** Starts a sequence. Throws a `RangeError` for a seed that the generator would take for another one. */
export function seededRandom(seed: number): SeededRandom {
  if (!(Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED)) {
    throw new RangeError(`the seed is ${seed}: give a whole number from 0 to ${LARGEST_SEED}`);
  }
  const generator = xoroshiro128plus(seed);
  const next = (): number => uniformFloat64(generator);
  return {
    next,
    index: (below) => Math.floor(next() * below),
    quickIndex: (below) => Math.floor(((generator.next() >>> 0) / 2 ** 32) * below),
  };
}

/** Checks how often to draw. Throws a `RangeError` that names the field. */
export function checkedCount(field: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= 1_000_000) return value;
  throw new RangeError(`${field} is ${value}: give a whole number from 1 to 1000000`);
}
