/** How two series stand to each other at a bar; `APART` where one of them is NaN. */
export const APART = 0;
export const ABOVE = 1;
export const BELOW = 2;
export const EQUAL = 3;

/**
 * Runs of bars over which two series keep their relation, in rising order: run k begins at `bars[k]` and holds until the next one
 * begins. A relation changes seldom, so that all that follows costs by the change and not by the bar.
 */
export interface RelationRuns {
  readonly bars: Int32Array;
  readonly states: Uint8Array;
  count: number;
}

/** Room for the runs of a tile of `tileBars` bars. */
export function allocateRuns(tileBars: number): RelationRuns {
  return { bars: new Int32Array(tileBars), states: new Uint8Array(tileBars), count: 0 };
}

/** A copy of the runs that is kept, in the memory of an older copy where they fit. */
export function keepRuns(runs: RelationRuns, older: RelationRuns | null): RelationRuns {
  const { bars, states, count } = runs;
  const fits = older !== null && older.bars.length >= count;
  const kept = fits ? older : allocateRuns(Math.min(bars.length, 2 * count));
  kept.count = count;
  for (let k = 0; k < count; k++) {
    kept.bars[k] = bars[k]!;
    kept.states[k] = states[k]!;
  }
  return kept;
}

/**
 * Runs of `a` against `b` on bars `from` to `to` (not included); a shift reads so many bars before. Every index read has to lie in
 * its column: `from` is at least each shift.
 */
export function scanColumns(
  a: Float64Array,
  shiftA: number,
  b: Float64Array,
  shiftB: number,
  from: number,
  to: number,
  runs: RelationRuns,
): void {
  const { bars, states } = runs;
  let count = 0;
  let i = from;
  while (i < to) {
    const left = a[i - shiftA]!;
    const right = b[i - shiftB]!;
    bars[count] = i++;
    if (left > right) {
      states[count++] = ABOVE;
      while (i < to && a[i - shiftA]! > b[i - shiftB]!) i++;
    } else if (left < right) {
      states[count++] = BELOW;
      while (i < to && a[i - shiftA]! < b[i - shiftB]!) i++;
    } else if (left === right) {
      states[count++] = EQUAL;
      while (i < to && a[i - shiftA]! === b[i - shiftB]!) i++;
    } else {
      states[count++] = APART;
      while (i < to && (Number.isNaN(a[i - shiftA]) || Number.isNaN(b[i - shiftB]))) i++;
    }
  }
  runs.count = count;
}

/** The same for a constant on the right. */
export function scanLevel(
  a: Float64Array,
  shiftA: number,
  level: number,
  from: number,
  to: number,
  runs: RelationRuns,
): void {
  const { bars, states } = runs;
  let count = 0;
  let i = from;
  while (i < to) {
    const left = a[i - shiftA]!;
    bars[count] = i++;
    if (left > level) {
      states[count++] = ABOVE;
      while (i < to && a[i - shiftA]! > level) i++;
    } else if (left < level) {
      states[count++] = BELOW;
      while (i < to && a[i - shiftA]! < level) i++;
    } else if (left === level) {
      states[count++] = EQUAL;
      while (i < to && a[i - shiftA]! === level) i++;
    } else {
      states[count++] = APART;
      while (i < to && Number.isNaN(a[i - shiftA])) i++;
    }
  }
  runs.count = count;
}
