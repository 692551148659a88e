import type { PositionRange } from './commands.ts';

/** The first position of a range that none of the covered ranges holds; its end when all do. */
export function firstMissing({ from, to }: PositionRange, covered: readonly PositionRange[]): number {
  let next = from;
  for (const range of covered.toSorted((a, b) => a.from - b.from)) {
    if (range.from > next) break;
    next = Math.max(next, range.to);
  }
  return Math.min(next, to);
}

/** What of positions 0 to `positions` none of the covered ranges holds, rising. */
export function missingRanges(positions: number, covered: readonly PositionRange[]): readonly PositionRange[] {
  const missing: PositionRange[] = [];
  let next = 0;
  for (const { from, to } of covered.toSorted((a, b) => a.from - b.from)) {
    if (from > next) missing.push({ from: next, to: from });
    next = Math.max(next, to);
  }
  if (next < positions) missing.push({ from: next, to: positions });
  return missing;
}
