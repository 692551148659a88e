/** Rounds of the network; four are enough to make a strong permutation of a strong round function. */
const ROUNDS = 4;

/** A 32-bit mix of a half, a round and the seed: Murmur3's finaliser over their sum. */
function mix(half: number, round: number, seed: number): number {
  let h = (half + Math.imul(round + 1, 0x9e3779b1) + seed) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * A seeded permutation of the whole numbers below `size`, computed for one number at a time and without a list: a Feistel network on
 * the next power of four, walked on until the result lies below `size`. So a random sample without repetition has an address for each draw.
 *
 * @param size at least 1, at most 2^52.
 * @see Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002 (cycle walking).
 */
export function permutation(size: number, seed: number): (position: number) => number {
  let halfBits = 1;
  while (4 ** halfBits < size) halfBits += 1;
  const half = 2 ** halfBits;
  const once = (value: number): number => {
    let left = Math.floor(value / half);
    let right = value % half;
    for (let round = 0; round < ROUNDS; round++) {
      const next = (left ^ (mix(right, round, seed) % half)) >>> 0;
      left = right;
      right = next;
    }
    return left * half + right;
  };
  return (position) => {
    let value = once(position);
    while (value >= size) value = once(value);
    return value;
  };
}
