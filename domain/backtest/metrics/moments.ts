/** A standard deviation of returns up to this is the rounding of equal returns (they are read off ratios near 1), not dispersion. */
export const NO_DISPERSION = 1e-15;

const BLOCK = 1024;

/** The sum, in blocks with a compensated total, so that ten million terms lose no digit that matters. One fixed order. */
export function sum(values: Float64Array): number {
  let total = 0;
  let lost = 0;
  for (let from = 0; from < values.length; from += BLOCK) {
    const to = Math.min(from + BLOCK, values.length);
    let block = 0;
    for (let i = from; i < to; i++) block += values[i]!;
    const next = total + block;
    lost += Math.abs(total) >= Math.abs(block) ? total - next + block : block - next + total;
    total = next;
  }
  return total + lost;
}

/** Mean of the values; `NaN` of none. */
export function mean(values: Float64Array): number {
  return sum(values) / values.length;
}

/** The first four moments of a sample. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Sums of the powers of the distances from the mean. */
  readonly squares: number;
  readonly cubes: number;
  readonly fourths: number;
  readonly min: number;
  readonly max: number;
}

/** Two passes: the mean, then what is about it. */
export function momentsOf(values: Float64Array): Moments {
  const centre = mean(values);
  let squares = 0;
  let cubes = 0;
  let fourths = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const distance = value - centre;
    const square = distance * distance;
    squares += square;
    cubes += square * distance;
    fourths += square * square;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { n: values.length, mean: centre, squares, cubes, fourths, min, max };
}

/** Standard deviation with n - 1 in the denominator, and exactly 0 for values that are all the same. */
export function standardDeviation({ n, squares, min, max }: Moments): number {
  if (min === max) return 0; // their mean may differ from them in the last bit
  return Math.sqrt(squares / (n - 1));
}

/** Skewness G1, corrected for the size of the sample (Joanes and Gill 1998). Needs three values that differ. */
export function unbiasedSkewness({ n, squares, cubes }: Moments): number {
  const variance = squares / n;
  const biased = cubes / n / (variance * Math.sqrt(variance));
  return (Math.sqrt(n * (n - 1)) / (n - 2)) * biased;
}

/** Excess kurtosis G2 (0 for the normal distribution), corrected for the size of the sample. Needs four values that differ. */
export function unbiasedExcessKurtosis({ n, squares, fourths }: Moments): number {
  const variance = squares / n;
  const biased = fourths / n / (variance * variance) - 3;
  return ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * biased + 6);
}
