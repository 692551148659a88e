const MIX_1 = 0xcc9e2d51;
const MIX_2 = 0x1b873593;

const rotated = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/**
 * MurmurHash3 (x86, 32 bit) of a text's character codes, which must be ASCII: ids are. Whole numbers of 32 bits only, so that every
 * machine and every version of the language gives the same.
 *
 * @see Appleby, A., MurmurHash3.cpp, function MurmurHash3_x86_32 (public domain).
 */
export function murmurHash3(text: string, seed = 0): number {
  const blocks = text.length >>> 2;
  const byte = (index: number): number => text.charCodeAt(index) & 0xff;
  let hash = seed;
  for (let block = 0; block < blocks; block += 1) {
    const at = block * 4;
    const word = byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
    hash ^= Math.imul(rotated(Math.imul(word, MIX_1), 15), MIX_2);
    hash = Math.imul(rotated(hash, 13), 5) + 0xe6546b64;
  }
  let tail = 0;
  for (let index = text.length - 1; index >= blocks * 4; index -= 1) tail = (tail << 8) | byte(index);
  if (text.length % 4 > 0) hash ^= Math.imul(rotated(Math.imul(tail, MIX_1), 15), MIX_2);
  hash ^= text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * A number of [-1, 1), evenly distributed, that is a function of the seed, of what it is for and of its place: no state, so that a
 * replay, another process and a preview give the same, in whatever order they ask.
 */
export function seededUniform(seed: string, purpose: string, n: number): number {
  return murmurHash3(`${seed}|${purpose}|${n}`) / 0x8000_0000 - 1;
}
