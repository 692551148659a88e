import type { ProtectiveStops } from '../../strategies/rules.ts';
import { RETURN_BLOCKS } from './market-tables.ts';

/*
 * What one combination carries from tile to tile: so many doubles in a row, so that a tile of a combination touches a few cache lines and
 * no object. Names are places in the row.
 */
/** Cash without what is held: a position moves it when it is closed. */
export const CASH = 0;
/** Units held, negative when short. */
export const UNITS = 1;
export const ENTRY_PRICE = 2;
export const ENTRY_BAR = 3;
/** Commission paid on the entry of what is held. */
export const ENTRY_COMMISSION = 4;
/** Prices of the exits; infinitely far away for none. */
export const STOP = 5;
export const TARGET = 6;
/** Where the trailing stop stands, before rounding to ticks; NaN for none. */
export const TRAIL = 7;
/** What was ordered at the last close and fills at the next open (`OPEN_LONG`...), and whether because the position's time is over. */
export const PENDING = 8;
export const TIMED_OUT = 9;
/** Units x entry price. */
export const COST = 10;
/** Highest equity at a close; the equity at which the drawdown is as deep as the deepest; their ratio then. */
export const PEAK = 11;
export const FLOOR = 12;
export const DEEPEST = 13;
/** Number of the next daily return, its block, and the equity at which it began. */
export const DAY = 14;
export const RETURN_BLOCK = 15;
export const DAY_EQUITY = 16;
/** Bars in which anything was held, and the last of them. */
export const EXPOSURE = 17;
export const LAST_EXPOSED = 18;
export const TRADES = 19;
export const WINS = 20;
export const GROSS_PROFIT = 21;
export const GROSS_LOSS = 22;
export const COMMISSION = 23;
export const FILLS = 24;
/** 1 once equity has fallen to 0, and days at whose end nothing was left. */
export const RUINED = 25;
export const LOST_DAYS = 26;
/** Distances of the exits, which differ between combinations: ratios, NaN for none; the bars of a time stop, Infinity for none. */
export const STOP_LOSS = 27;
export const TAKE_PROFIT = 28;
export const TRAILING_STOP = 29;
export const MAX_BARS = 30;
/** 1 where any exit but the time stop is given. */
export const WATCHES_PRICES = 31;
export const CUBES = 32;
export const FOURTHS = 33;
export const DOWNSIDE_SQUARES = 34;
/**
 * Daily returns counted about the first of them, so that a deviation much smaller than their mean is not lost in its squares: that first
 * one, their number, the sums of the distances from it and of their squares. Days without a position after their first are 0 and not counted.
 */
export const PIVOT = 35;
export const MOVED_DAYS = 36;
export const DISTANCES = 37;
export const SQUARED_DISTANCES = 38;
/** Sums of the daily returns and of their squares, by block. */
export const SUMS = 39;
export const SQUARES = SUMS + RETURN_BLOCKS;
export const STATE_SIZE = SQUARES + RETURN_BLOCKS;

/** Sets the state of a combination before its first bar. */
export function initialise(s: Float64Array, at: number, cash: number, stops: ProtectiveStops): void {
  s.fill(0, at, at + STATE_SIZE);
  s[at + CASH] = cash;
  s[at + PEAK] = cash;
  s[at + FLOOR] = cash;
  s[at + DEEPEST] = 1;
  s[at + DAY_EQUITY] = cash;
  s[at + LAST_EXPOSED] = -1;
  s[at + STOP_LOSS] = stops.stopLoss ?? Number.NaN;
  s[at + TAKE_PROFIT] = stops.takeProfit ?? Number.NaN;
  s[at + TRAILING_STOP] = stops.trailingStop ?? Number.NaN;
  s[at + MAX_BARS] = stops.maxBars ?? Number.POSITIVE_INFINITY;
  s[at + WATCHES_PRICES] = watchesPrices(stops) ? 1 : 0;
}

/** Whether any exit looks at prices inside the bars. */
export function watchesPrices({ stopLoss, takeProfit, trailingStop }: ProtectiveStops): boolean {
  return stopLoss !== undefined || takeProfit !== undefined || trailingStop !== undefined;
}
