import type { DurationMs, EpochMs } from '../../../domain/market/decimal.ts';

/** Some time, `until` not included. Lists of them have no order and may overlap unless they say so. */
export interface Interval {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

export function lengthOf(intervals: readonly Interval[]): DurationMs {
  return intervals.reduce((sum, { from, until }) => sum + until - from, 0);
}

/** What is left of intervals, in order, without the times of `others`. */
export function without(intervals: readonly Interval[], others: readonly Interval[]): readonly Interval[] {
  const holes = others.toSorted((a, b) => a.from - b.from);
  return intervals
    .toSorted((a, b) => a.from - b.from)
    .flatMap((interval) => {
      const left: Interval[] = [];
      let { from } = interval;
      for (const hole of holes) {
        if (hole.from > from) left.push({ from, until: Math.min(hole.from, interval.until) });
        from = Math.max(from, hole.until);
        if (from >= interval.until) break;
      }
      if (from < interval.until) left.push({ from, until: interval.until });
      return left.filter((piece) => piece.until > piece.from);
    });
}

/** The first `ms` of intervals that are in order and do not overlap. */
export function firstOf(intervals: readonly Interval[], ms: DurationMs): readonly Interval[] {
  const first: Interval[] = [];
  let left = ms;
  for (const { from, until } of intervals) {
    if (left <= 0) break;
    first.push({ from, until: Math.min(until, from + left) });
    left -= until - from;
  }
  return first;
}
