/** Degree, coefficients and first direction numbers of each dimension from the second on. */
type Directions = readonly [degree: number, coefficients: number, ...first: number[]];

/**
 * The first rows of the table `new-joe-kuo-6.21201`.
 *
 * @see Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30, 2008.
 */
const JOE_KUO: readonly Directions[] = [
  [1, 0, 1],
  [2, 1, 1, 3],
  [3, 1, 1, 3, 1],
  [3, 2, 1, 1, 1],
  [4, 1, 1, 1, 3, 3],
  [4, 4, 1, 3, 5, 13],
  [5, 2, 1, 1, 5, 5, 17],
  [5, 4, 1, 1, 5, 5, 5],
  [5, 7, 1, 1, 7, 11, 19],
  [5, 11, 1, 1, 5, 1, 1],
  [5, 13, 1, 1, 1, 3, 11],
  [5, 14, 1, 3, 5, 5, 31],
  [6, 1, 1, 3, 3, 9, 7, 49],
  [6, 13, 1, 1, 1, 15, 21, 21],
  [6, 16, 1, 3, 1, 13, 27, 49],
];

/** Dimensions that the table covers. */
export const MOST_SOBOL_DIMENSIONS = JOE_KUO.length + 1;
const BITS = 32;

/** The direction numbers of one dimension, each shifted to the top of its 32 bits. */
function directionNumbers(dimension: number): Uint32Array {
  const v = new Uint32Array(BITS);
  if (dimension === 0) {
    for (let k = 0; k < BITS; k++) v[k] = 2 ** (BITS - 1 - k);
    return v;
  }
  const [degree, coefficients, ...first] = JOE_KUO[dimension - 1]!;
  for (let k = 0; k < degree; k++) v[k] = first[k]! * 2 ** (BITS - 1 - k);
  for (let k = degree; k < BITS; k++) {
    let value = v[k - degree]! ^ (v[k - degree]! >>> degree);
    for (let j = 1; j < degree; j++) if ((coefficients >>> (degree - 1 - j)) & 1) value ^= v[k - j]!;
    v[k] = value >>> 0;
  }
  return v;
}

/**
 * The Sobol sequence in `dimensions` dimensions: `point(i, out)` writes point `i` (from 0, the origin) into `out`, numbers in [0, 1).
 * Each point stands for itself, so any part of the sequence is computed without the rest. Points come in the order of Gray code.
 *
 * @param shift one number of 32 bits for each dimension, xored into it (a digital shift keeps the evenness); zeros by default.
 */
export function sobol(dimensions: number, shift: ArrayLike<number> = []): (i: number, out: Float64Array) => void {
  if (dimensions < 1 || dimensions > MOST_SOBOL_DIMENSIONS) {
    throw new RangeError(`a Sobol sequence of ${dimensions} dimensions: from 1 to ${MOST_SOBOL_DIMENSIONS} are known`);
  }
  const directions = Array.from({ length: dimensions }, (_, dimension) => directionNumbers(dimension));
  return (i, out) => {
    const gray = (i ^ (i >>> 1)) >>> 0;
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const v = directions[dimension]!;
      let bits = (shift[dimension] ?? 0) | 0;
      for (let k = 0, rest = gray; rest !== 0; k++, rest >>>= 1) if (rest & 1) bits ^= v[k]!;
      out[dimension] = (bits >>> 0) / 2 ** BITS;
    }
  };
}
