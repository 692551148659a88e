import type { Indicator, IndicatorParams } from '../indicators/indicator.ts';
import type { PriceName } from '../market/candles.ts';
import type { Timeframe } from '../market/timeframe.ts';

/**
 * A series of numbers that a strategy reads, as plain data: a field of the bars, or one output of an indicator. Engines compute
 * it once and share it between all that ask for the same; a strategy sees only a `Line`, never the column behind it.
 */
export type LineSpec = PriceLine | IndicatorLine;

interface Placed {
  /** Bars of this timeframe instead of the run's own; a value is seen from the close of its bar on. */
  readonly timeframe?: Timeframe;
  /** The value of so many bars (of its own timeframe) before: a whole number of at least 0. */
  readonly shift?: number;
}

export interface PriceLine extends Placed {
  readonly kind: 'price';
  readonly name: PriceName;
}

export interface IndicatorLine extends Placed {
  readonly kind: 'indicator';
  readonly indicator: Indicator;
  /** Complete with defaults. */
  readonly params: IndicatorParams;
  /** Which of `indicator.outputs`. */
  readonly output: number;
  /** What a single-input indicator reads in place of its own input. It has the timeframe of this line. */
  readonly of?: LineSpec;
}
