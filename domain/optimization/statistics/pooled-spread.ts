/** How many numbers there are, their mean, and the sum of their squared distances from it. */
export interface Spread {
  readonly count: number;
  /** 0 of none. */
  readonly mean: number;
  readonly squares: number;
}

export const NO_SPREAD: Spread = { count: 0, mean: 0, squares: 0 };

/**
 * Spread of the finite numbers among `values`, in one pass.
 *
 * @see Welford, "Note on a Method for Calculating Corrected Sums of Squares and Products", Technometrics 4(3), 1962.
 */
export function spreadOf(values: Iterable<number>): Spread {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    count += 1;
    const distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
  }
  return { count, mean, squares };
}

/**
 * Spread of two sets of numbers together, from those of each: what lies within them, and how far apart their means are.
 *
 * @see Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", Stanford STAN-CS-79-773, 1979.
 */
export function pooledSpread(a: Spread, b: Spread): Spread {
  const count = a.count + b.count;
  if (count === 0) return NO_SPREAD;
  const distance = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (distance * b.count) / count,
    squares: a.squares + b.squares + (distance * distance * a.count * b.count) / count,
  };
}

/** Spread of the same numbers times `factor`. */
export function scaledSpread({ count, mean, squares }: Spread, factor: number): Spread {
  return { count, mean: mean * factor, squares: squares * factor * factor };
}
