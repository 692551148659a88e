import type { LineSpec } from './line-spec.ts';

/** A line, or a constant level. */
export type Operand = LineSpec | number;

/**
 * Something that is true or false at the close of each bar. Comparisons are strict and false where a side is NaN.
 *
 * `crossed-above`: `a > b` now and not at the bar before, provided `a < b` was seen since a side was last NaN. So equal bars in
 * between hide no cross, a touch (above, equal, above) fires again, and a series that starts above has to be below once.
 * `crossed-below` is its mirror. These are the crosses of vectorbt.
 */
export type Condition =
  | { readonly kind: 'above' | 'below' | 'crossed-above' | 'crossed-below'; readonly a: Operand; readonly b: Operand }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'always' };

/** Exits that watch the price inside the bars. Ratios of the price; absent = none. */
export interface ProtectiveStops {
  /** Distance of the stop loss from the signal bar's close, e.g. 0.05. */
  readonly stopLoss?: number;
  /** Distance of the take profit from the signal bar's close. */
  readonly takeProfit?: number;
  /**
   * Distance of the trailing stop from the best price since entry: it starts at the signal bar's close, and each bar moves it by its
   * high (low for a short) after the bar has been checked against it.
   */
  readonly trailingStop?: number;
  /** Bars after the entry bar at whose close a market exit is ordered. */
  readonly maxBars?: number;
}

/**
 * A strategy that is a set of conditions: one definition which the event engine asks bar by bar and the signal kernel scans in
 * tiles. What a bar's conditions lead to is `decideSignal`; orders are market orders, filled as the broker settings say.
 */
export interface Rules {
  readonly enterLong?: Condition;
  readonly exitLong?: Condition;
  readonly enterShort?: Condition;
  readonly exitShort?: Condition;
  readonly stops?: ProtectiveStops;
}

/** Bits of what is true at a bar. */
export const ENTER_LONG = 1;
export const EXIT_LONG = 2;
export const ENTER_SHORT = 4;
export const EXIT_SHORT = 8;

/** What a bar asks of the position. */
export const HOLD = 0;
export const OPEN_LONG = 1;
export const OPEN_SHORT = 2;
export const CLOSE = 3;

/**
 * What the conditions of a bar mean for a position, the same in every engine. Entries in both directions at once cancel each other, and
 * so do entry and exit of one side. An allowed entry of the other side turns the position round (`OPEN_LONG` while short).
 *
 * @param position sign of the position: -1, 0 or 1.
 * @param bits `ENTER_LONG | ...`, already without the entries that the broker's direction forbids.
 */
export function decideSignal(position: -1 | 0 | 1, bits: number): 0 | 1 | 2 | 3 {
  const long = (bits & (ENTER_LONG | EXIT_LONG)) === ENTER_LONG;
  const short = (bits & (ENTER_SHORT | EXIT_SHORT)) === ENTER_SHORT;
  if (long !== short) {
    if (long && position <= 0) return OPEN_LONG;
    if (short && position >= 0) return OPEN_SHORT;
  }
  if (position > 0 && (bits & (ENTER_LONG | EXIT_LONG)) === EXIT_LONG) return CLOSE;
  if (position < 0 && (bits & (ENTER_SHORT | EXIT_SHORT)) === EXIT_SHORT) return CLOSE;
  return HOLD;
}
