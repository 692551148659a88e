import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { allocateCandles, type Candles } from './candles.ts';
import { type Timeframe, timeframeMs } from './timeframe.ts';

export interface SyntheticCandlesOptions {
  readonly seed: number;
  readonly bars: number;
  readonly symbol?: string;
  readonly timeframe?: Timeframe;
  /** Open time of the first bar. */
  readonly start?: number;
  readonly price?: number;
  /** Standard deviation of a bar's return, as a ratio. */
  readonly volatility?: number;
  /** In shared memory. */
  readonly shared?: boolean;
}

const START = Date.UTC(2024, 0, 1);
/** Steps in a bar: its open, high, low and close are those of the path. */
const STEPS = 6;
/** A regime (trend up, trend down, none) lasts so many bars on average. */
const REGIME_BARS = 120;
/** Drift of a trend, in standard deviations of a bar's return. */
const TREND = 0.12;
const CENTS = 100;

/**
 * Bars of a market that does not exist, for examples, tests and measurements: a random walk whose drift changes between trends and none,
 * in whole cents, without a gap. The same options give the same bits; no logarithm or power is involved.
 */
export function syntheticCandles(options: SyntheticCandlesOptions): Candles {
  const { seed, bars, symbol = 'SYN/USD', timeframe = '1m', start = START, price = 100, volatility = 0.001 } = options;
  const candles = allocateCandles(symbol, timeframe, bars, options.shared);
  const random = xoroshiro128plus(seed);
  const uniform = (): number => uniformFloat64(random);
  const length = timeframeMs(timeframe);
  // The sum of two uniforms less 1 has variance 1/6.
  const scale = volatility * Math.sqrt(6 / STEPS);
  let last = price;
  let drift = 0;
  for (let i = 0; i < bars; i++) {
    if (uniform() * REGIME_BARS < 1) drift = (Math.floor(uniform() * 3) - 1) * TREND * volatility;
    let value = last;
    let high = last;
    let low = last;
    for (let step = 0; step < STEPS; step++) {
      value *= 1 + drift / STEPS + (uniform() + uniform() - 1) * scale;
      if (value > high) high = value;
      if (value < low) low = value;
    }
    candles.time[i] = start + i * length;
    candles.open[i] = inCents(last);
    candles.high[i] = inCents(high);
    candles.low[i] = inCents(low);
    candles.close[i] = inCents(value);
    // Busier when the price moves, as markets are.
    candles.volume[i] = Math.round((uniform() + 0.5) * 100 * (1 + (high - low) / (low * volatility)));
    last = value;
  }
  return candles;
}

/** To the cent, and never to nothing. */
function inCents(value: number): number {
  return Math.max(1, Math.round(value * CENTS)) / CENTS;
}
