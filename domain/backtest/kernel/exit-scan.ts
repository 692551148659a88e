import { STOP, TARGET, TRAIL, TRAILING_STOP, UNITS } from './combo-state.ts';
import type { KernelTerms } from './kernel-terms.ts';
import { BLOCK_BARS, BLOCK_BITS, type MarketTables } from './market-tables.ts';

/** Rounding a price to a tick takes a quotient this near to a whole number for it: so far a stop may lie beyond its trail. */
const TICK_SLACK = 2e-9;

/**
 * The first of bars `from` to `to` (not included) that reaches an exit of what is held, or `to`. A trailing stop is moved by each bar
 * before that one.
 */
export function findExit(
  market: MarketTables,
  terms: KernelTerms,
  s: Float64Array,
  at: number,
  from: number,
  to: number,
): number {
  const isLong = s[at + UNITS]! > 0;
  if (!Number.isNaN(s[at + TRAIL])) {
    return isLong ? trailLong(market, terms, s, at, from, to) : trailShort(market, terms, s, at, from, to);
  }
  const [stop, target] = [s[at + STOP]!, s[at + TARGET]!];
  return isLong ? firstTouch(market, stop, target, from, to) : firstTouch(market, target, stop, from, to);
}

/** The first bar whose low reaches down to `lower` or whose high reaches up to `upper`. */
function firstTouch(market: MarketTables, lower: number, upper: number, from: number, to: number): number {
  const { low, high, blocks } = market;
  let i = from;
  while (i < to) {
    let end = to;
    if (blocks !== null) {
      const block = i >> BLOCK_BITS;
      end = Math.min(to, (block + 1) << BLOCK_BITS);
      if (blocks.lowMin[block]! > lower && blocks.highMax[block]! < upper) {
        i = end;
        continue;
      }
    }
    for (; i < end; i++) if (low[i]! <= lower || high[i]! >= upper) return i;
  }
  return to;
}

function trailLong(
  market: MarketTables,
  terms: KernelTerms,
  s: Float64Array,
  at: number,
  from: number,
  to: number,
): number {
  const { low, high, blocks } = market;
  const { steps } = terms;
  const keep = 1 - s[at + TRAILING_STOP]!;
  const reach = steps.tick > 0 ? 1 + TICK_SLACK : 1;
  const stop = s[at + STOP]!;
  const target = s[at + TARGET]!;
  let trail = s[at + TRAIL]!;
  let i = from;
  while (i < to) {
    let end = to;
    if (blocks !== null) {
      const block = i >> BLOCK_BITS;
      end = Math.min(to, (block + 1) << BLOCK_BITS);
      const bottom = blocks.lowMin[block]!;
      const moved = blocks.highMax[block]! * keep;
      // Nowhere in the block the trail is higher than its highest high brings it.
      const highest = moved > trail ? moved : trail;
      if (bottom > highest * reach && bottom > stop && blocks.highMax[block]! < target) {
        if (end - i === BLOCK_BARS) trail = highest;
        else for (let k = i; k < end; k++) if (high[k]! * keep > trail) trail = high[k]! * keep;
        i = end;
        continue;
      }
    }
    for (; i < end; i++) {
      const reached = low[i]! <= trail * reach && low[i]! <= steps.stop(-1, trail);
      if (reached || low[i]! <= stop || high[i]! >= target) {
        s[at + TRAIL] = trail;
        return i;
      }
      if (high[i]! * keep > trail) trail = high[i]! * keep;
    }
  }
  s[at + TRAIL] = trail;
  return to;
}

function trailShort(
  market: MarketTables,
  terms: KernelTerms,
  s: Float64Array,
  at: number,
  from: number,
  to: number,
): number {
  const { low, high, blocks } = market;
  const { steps } = terms;
  const keep = 1 + s[at + TRAILING_STOP]!;
  const reach = steps.tick > 0 ? 1 - TICK_SLACK : 1;
  const stop = s[at + STOP]!;
  const target = s[at + TARGET]!;
  let trail = s[at + TRAIL]!;
  let i = from;
  while (i < to) {
    let end = to;
    if (blocks !== null) {
      const block = i >> BLOCK_BITS;
      end = Math.min(to, (block + 1) << BLOCK_BITS);
      const top = blocks.highMax[block]!;
      const moved = blocks.lowMin[block]! * keep;
      const lowest = moved < trail ? moved : trail;
      if (top < lowest * reach && top < stop && blocks.lowMin[block]! > target) {
        if (end - i === BLOCK_BARS) trail = lowest;
        else for (let k = i; k < end; k++) if (low[k]! * keep < trail) trail = low[k]! * keep;
        i = end;
        continue;
      }
    }
    for (; i < end; i++) {
      const reached = high[i]! >= trail * reach && high[i]! >= steps.stop(1, trail);
      if (reached || high[i]! >= stop || low[i]! <= target) {
        s[at + TRAIL] = trail;
        return i;
      }
      if (low[i]! * keep < trail) trail = low[i]! * keep;
    }
  }
  s[at + TRAIL] = trail;
  return to;
}
