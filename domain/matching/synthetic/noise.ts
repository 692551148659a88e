// Taken out of Math once: inside a vm context, as test runners use, every look-up of a global is slow.
const { floor, imul } = Math;

/** Mixes one 32-bit word into a hash: the body step and finaliser of MurmurHash3 (A. Appleby, public domain). */
function mix(hash: number, word: number): number {
  let k = imul(word, 0xcc9e2d51);
  k = imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/**
 * A hash of safe integers, from 0 to 2^32 - 1: the same input gives the same output for ever and on every machine, so any moment of
 * a synthetic market can be computed without those before it.
 */
export function hash(seed: number, ...values: readonly number[]): number {
  let h = seed | 0;
  for (const value of values) {
    h = mix(h, value | 0);
    h = mix(h, floor(value / 4294967296));
  }
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A hash as a share: 0 or more and below 1. */
export function hashRatio(seed: number, ...values: readonly number[]): number {
  return hash(seed, ...values) / 4294967296;
}

/** A number for a name, to give each market its own stream of one seed. */
export function hashText(seed: number, text: string): number {
  return hash(seed, ...Array.from(text, (character) => character.codePointAt(0) ?? 0));
}

/** Octaves of the walk: the shortest swing lasts 4 s, the longest 4 s times 2^18, about twelve days. */
const OCTAVES = 19;
const SHORTEST_MS = 4000;
const ROOT_OF_TWO = 1.4142135623730951;

/**
 * A continuous random path at any time: value noise summed over octaves whose height grows with the square root of their length,
 * as the moves of a random walk do. `swing` is the height of the shortest octave; the whole stays within 1,746 times it. Uses only
 * additions and multiplications, so that it is the same on every machine.
 */
export function fractalNoise(seed: number, timeMs: number, swing: number): number {
  let total = 0;
  let height = swing;
  let length = SHORTEST_MS;
  for (let octave = 0; octave < OCTAVES; octave += 1) {
    const position = timeMs / length;
    const index = floor(position);
    const before = hashRatio(seed, octave, index) * 2 - 1;
    const after = hashRatio(seed, octave, index + 1) * 2 - 1;
    total += height * (before + (after - before) * (position - index));
    height *= ROOT_OF_TWO;
    length *= 2;
  }
  return total;
}
