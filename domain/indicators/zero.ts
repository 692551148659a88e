/** What TA-Lib takes for zero: a divisor this small is left out of the division. */
export const EPSILON = 1e-14;

export function isZero(value: number): boolean {
  return -EPSILON < value && value < EPSILON;
}

export function isZeroOrNegative(value: number): boolean {
  return value < EPSILON;
}
