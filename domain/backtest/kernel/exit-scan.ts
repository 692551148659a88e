import { STOP, TARGET, TRAIL, TRAILING_STOP, UNITS } from './combo-state.ts';
import { BLOCK_BARS, BLOCK_BITS, type MarketTables } from './market-tables.ts';

/**
 * The first of bars `from` to `to` (not included) that reaches an exit of what is held, or `to`. A trailing stop is moved by each bar
 * before that one.
 */
export function findExit(market: MarketTables, s: Float64Array, at: number, from: number, to: number): number {
  const isLong = s[at + UNITS]! > 0;
  if (Number.isNaN(s[at + TRAIL])) {
    return isLong
      ? firstTouch(market.low, market.lowMin, market.high, market.highMax, s[at + STOP]!, s[at + TARGET]!, from, to)
      : firstTouch(market.low, market.lowMin, market.high, market.highMax, s[at + TARGET]!, s[at + STOP]!, from, to);
  }
  return isLong ? trailLong(market, s, at, from, to) : trailShort(market, s, at, from, to);
}

/** The first bar whose low reaches down to `lower` or whose high reaches up to `upper`. */
function firstTouch(
  low: Float64Array,
  lowMin: Float64Array,
  high: Float64Array,
  highMax: Float64Array,
  lower: number,
  upper: number,
  from: number,
  to: number,
): number {
  let i = from;
  while (i < to) {
    const block = i >> BLOCK_BITS;
    let end = (block + 1) << BLOCK_BITS;
    if (end > to) end = to;
    if (lowMin[block]! > lower && highMax[block]! < upper) {
      i = end;
      continue;
    }
    for (; i < end; i++) if (low[i]! <= lower || high[i]! >= upper) return i;
  }
  return to;
}

function trailLong(market: MarketTables, s: Float64Array, at: number, from: number, to: number): number {
  const { low, lowMin, high, highMax } = market;
  const keep = 1 - s[at + TRAILING_STOP]!;
  const stop = s[at + STOP]!;
  const target = s[at + TARGET]!;
  let trail = s[at + TRAIL]!;
  let i = from;
  while (i < to) {
    const block = i >> BLOCK_BITS;
    let end = (block + 1) << BLOCK_BITS;
    if (end > to) end = to;
    // Nowhere in the block the trail is higher than its highest high brings it.
    const highest = Math.max(trail, highMax[block]! * keep);
    if (lowMin[block]! > highest && lowMin[block]! > stop && highMax[block]! < target) {
      if (end - i === BLOCK_BARS) trail = highest;
      else for (; i < end; i++) if (high[i]! * keep > trail) trail = high[i]! * keep;
      i = end;
      continue;
    }
    for (; i < end; i++) {
      if (low[i]! <= trail || low[i]! <= stop || high[i]! >= target) {
        s[at + TRAIL] = trail;
        return i;
      }
      const moved = high[i]! * keep;
      if (moved > trail) trail = moved;
    }
  }
  s[at + TRAIL] = trail;
  return to;
}

function trailShort(market: MarketTables, s: Float64Array, at: number, from: number, to: number): number {
  const { low, lowMin, high, highMax } = market;
  const keep = 1 + s[at + TRAILING_STOP]!;
  const stop = s[at + STOP]!;
  const target = s[at + TARGET]!;
  let trail = s[at + TRAIL]!;
  let i = from;
  while (i < to) {
    const block = i >> BLOCK_BITS;
    let end = (block + 1) << BLOCK_BITS;
    if (end > to) end = to;
    const lowest = Math.min(trail, lowMin[block]! * keep);
    if (highMax[block]! < lowest && highMax[block]! < stop && lowMin[block]! > target) {
      if (end - i === BLOCK_BARS) trail = lowest;
      else for (; i < end; i++) if (low[i]! * keep < trail) trail = low[i]! * keep;
      i = end;
      continue;
    }
    for (; i < end; i++) {
      if (high[i]! >= trail || high[i]! >= stop || low[i]! <= target) {
        s[at + TRAIL] = trail;
        return i;
      }
      const moved = low[i]! * keep;
      if (moved < trail) trail = moved;
    }
  }
  s[at + TRAIL] = trail;
  return to;
}
