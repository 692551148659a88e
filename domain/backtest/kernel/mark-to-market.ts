import {
  CASH,
  COST,
  CUBES,
  DAY,
  DAY_EQUITY,
  DEEPEST,
  DISTANCES,
  DOWNSIDE_SQUARES,
  FLOOR,
  FOURTHS,
  LOST_DAYS,
  MOVED_DAYS,
  PEAK,
  PIVOT,
  RETURN_BLOCK,
  SQUARED_DISTANCES,
  SQUARES,
  SUMS,
  UNITS,
} from './combo-state.ts';
import { BLOCK_BARS, BLOCK_BITS, type MarketTables, returnsBefore } from './market-tables.ts';

/**
 * Carries drawdown and daily returns over the closes of bars `from` to `to` (not included), between which nothing is traded. Equity
 * moves with the close alone then, and monotonously even in its rounding: so the extremes of a block of closes tell whether the block holds
 * a new peak or a deeper drawdown, and most blocks hold neither.
 *
 * @returns the first bar at whose close what is held leaves no equity, which is not carried any more; -1 for none.
 */
export function markToMarket(market: MarketTables, s: Float64Array, at: number, from: number, to: number): number {
  if (s[at + UNITS] === 0) {
    markFlat(s, at);
    markFlatReturns(market, s, at, to);
    return -1;
  }
  const ruinBar = markDrawdown(market, s, at, from, to);
  markReturns(market, s, at, ruinBar < 0 ? to : ruinBar);
  return ruinBar;
}

/** Values the close of bar `bar` with what is held after the fills at that close, equity of 0 or less included. */
export function markClose(market: MarketTables, s: Float64Array, at: number, bar: number): void {
  const equity = equityAt(market, s, at, bar);
  if (equity > s[at + PEAK]!) raisePeak(s, at, equity);
  else if (equity < s[at + FLOOR]!) deepen(s, at, equity);
  const day = s[at + DAY]!;
  if (s[at + UNITS] === 0) markFlatReturns(market, s, at, bar + 1);
  else markReturns(market, s, at, bar + 1);
  if (equity <= 0 && s[at + DAY] !== day) s[at + LOST_DAYS]! += 1;
}

/** Values bars `from` to the end of a run in which all is lost at the close of `from`. */
export function markLost(market: MarketTables, s: Float64Array, at: number, from: number): void {
  s[at + LOST_DAYS]! += market.dayCloses.length - s[at + DAY]!;
  markToMarket(market, s, at, from, market.end);
}

/** Equity at the close of a bar with what is held. */
export function equityAt({ close }: MarketTables, s: Float64Array, at: number, bar: number): number {
  return s[at + CASH]! + (s[at + UNITS] === 0 ? 0 : close[bar]! * s[at + UNITS]! - s[at + COST]!);
}

function markFlat(s: Float64Array, at: number): void {
  const equity = s[at + CASH]!;
  if (equity > s[at + PEAK]!) raisePeak(s, at, equity);
  else if (equity < s[at + FLOOR]!) deepen(s, at, equity);
}

function raisePeak(s: Float64Array, at: number, equity: number): void {
  s[at + PEAK] = equity;
  s[at + FLOOR] = equity * s[at + DEEPEST]!;
}

function deepen(s: Float64Array, at: number, equity: number): void {
  s[at + FLOOR] = equity;
  s[at + DEEPEST] = equity / s[at + PEAK]!;
}

function markDrawdown(market: MarketTables, s: Float64Array, at: number, from: number, to: number): number {
  const { close, blocks } = market;
  const cash = s[at + CASH]!;
  const units = s[at + UNITS]!;
  const cost = s[at + COST]!;
  let peak = s[at + PEAK]!;
  let floor = s[at + FLOOR]!;
  let deepest = s[at + DEEPEST]!;
  if (deepest <= 0) return markAfterLoss(market, s, at, from, to);
  let i = from;
  let ruinBar = -1;
  while (i < to) {
    let end = to;
    if (blocks !== null) {
      const block = i >> BLOCK_BITS;
      end = (block + 1) << BLOCK_BITS;
      if (end > to) end = to;
      const top = cash + ((units > 0 ? blocks.closeMax : blocks.closeMin)[block]! * units - cost);
      const bottom = cash + ((units > 0 ? blocks.closeMin : blocks.closeMax)[block]! * units - cost);
      if (bottom >= floor) {
        if (top <= peak) {
          i = end;
          continue;
        }
        // Whatever the order of its closes, no fall within the block is deeper than from its highest to its lowest.
        if (end - i === BLOCK_BARS && bottom >= top * deepest) {
          peak = top;
          floor = peak * deepest;
          i = end;
          continue;
        }
      }
    }
    for (; i < end; i++) {
      const equity = cash + (close[i]! * units - cost);
      if (equity > peak) {
        peak = equity;
        floor = peak * deepest;
      } else if (equity < floor) {
        if (equity <= 0) {
          ruinBar = i;
          end = to;
          break;
        }
        floor = equity;
        deepest = equity / peak;
      }
    }
    i = end;
  }
  s[at + PEAK] = peak;
  s[at + FLOOR] = floor;
  s[at + DEEPEST] = deepest;
  return ruinBar;
}

/** The same where a close has left no equity already, costs of an entry for instance: no drawdown but another such is deeper. */
function markAfterLoss(market: MarketTables, s: Float64Array, at: number, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const equity = equityAt(market, s, at, i);
    if (equity <= 0) return i;
    if (equity > s[at + PEAK]!) raisePeak(s, at, equity);
  }
  return -1;
}

/** Adds the daily returns that end before bar `to`: while nothing is held all but the first are 0. */
function markFlatReturns(market: MarketTables, s: Float64Array, at: number, to: number): void {
  const { blockEnds } = market;
  const day = s[at + DAY]!;
  const last = returnsBefore(market, day, to);
  if (last === day) return;
  let block = s[at + RETURN_BLOCK]!;
  while (blockEnds[block]! <= day) block++;
  const r = s[at + CASH]! / s[at + DAY_EQUITY]! - 1;
  const square = r * r;
  const loss = r - Math.abs(r);
  s[at + SUMS + block]! += r;
  s[at + SQUARES + block]! += square;
  s[at + CUBES]! += square * r;
  s[at + FOURTHS]! += square * square;
  s[at + DOWNSIDE_SQUARES]! += 0.25 * (loss * loss);
  if (r !== 0) {
    if (s[at + MOVED_DAYS] === 0) s[at + PIVOT] = r;
    const distance = r - s[at + PIVOT]!;
    s[at + MOVED_DAYS]! += 1;
    s[at + DISTANCES]! += distance;
    s[at + SQUARED_DISTANCES]! += distance * distance;
  }
  s[at + DAY] = last;
  s[at + RETURN_BLOCK] = block;
  s[at + DAY_EQUITY] = s[at + CASH]!;
}

/** The same while something is held. */
function markReturns(market: MarketTables, s: Float64Array, at: number, to: number): void {
  const { dayCloses, blockEnds } = market;
  let day = s[at + DAY]!;
  const last = returnsBefore(market, day, to);
  if (last === day) return;
  const cash = s[at + CASH]!;
  const units = s[at + UNITS]!;
  const cost = s[at + COST]!;
  let block = s[at + RETURN_BLOCK]!;
  let equity = s[at + DAY_EQUITY]!;
  let cubes = s[at + CUBES]!;
  let fourths = s[at + FOURTHS]!;
  let downside = s[at + DOWNSIDE_SQUARES]!;
  if (s[at + MOVED_DAYS] === 0) s[at + PIVOT] = (cash + (dayCloses[day]! * units - cost)) / equity - 1;
  s[at + MOVED_DAYS]! += last - day;
  const pivot = s[at + PIVOT]!;
  let distances = s[at + DISTANCES]!;
  let squaredDistances = s[at + SQUARED_DISTANCES]!;
  while (day < last) {
    while (blockEnds[block]! <= day) block++;
    const end = Math.min(last, blockEnds[block]!);
    let sum = s[at + SUMS + block]!;
    let squares = s[at + SQUARES + block]!;
    for (; day < end; day++) {
      const now = cash + (dayCloses[day]! * units - cost);
      const r = now / equity - 1;
      equity = now;
      const square = r * r;
      sum += r;
      squares += square;
      cubes += square * r;
      fourths += square * square;
      const distance = r - pivot;
      distances += distance;
      squaredDistances += distance * distance;
      // min(r, 0) without a branch that no processor could predict.
      const loss = r - Math.abs(r);
      downside += 0.25 * (loss * loss);
    }
    s[at + SUMS + block] = sum;
    s[at + SQUARES + block] = squares;
  }
  s[at + DAY] = day;
  s[at + RETURN_BLOCK] = block;
  s[at + DAY_EQUITY] = equity;
  s[at + CUBES] = cubes;
  s[at + FOURTHS] = fourths;
  s[at + DOWNSIDE_SQUARES] = downside;
  s[at + DISTANCES] = distances;
  s[at + SQUARED_DISTANCES] = squaredDistances;
}
