/**
 * True range of a bar: from the lower of its low and the close before to the higher of its high and the close before, in units of
 * price. Compared in the order in which TA-Lib compares.
 */
export function trueRange(high: number, low: number, closeBefore: number): number {
  let range = high - low;
  const toHigh = Math.abs(high - closeBefore);
  if (toHigh > range) range = toHigh;
  const toLow = Math.abs(low - closeBefore);
  return toLow > range ? toLow : range;
}
