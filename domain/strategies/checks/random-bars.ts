import { seededRandom } from '../../backtest/analysis/seeded-random.ts';
import { allocateCandles, type Candles } from '../../market/candles.ts';
import { type Timeframe, timeframeMs } from '../../market/timeframe.ts';

const START = 1_704_067_200_000; // 2024-01-01T00:00Z, a Monday
const VOLATILITY = 0.02;

/** A random walk of bars that are consistent (low <= open, close <= high) and without gaps; the same for the same seed. */
export function randomBars(length: number, seed: number, timeframe: Timeframe = '1h'): Candles {
  const { next } = seededRandom(seed);
  const candles = allocateCandles('RANDOM', timeframe, length);
  const step = timeframeMs(timeframe);
  let last = 100;
  for (let i = 0; i < length; i++) {
    const open = last * (1 + VOLATILITY * 0.1 * (next() - 0.5));
    const close = open * (1 + VOLATILITY * (next() - 0.5));
    candles.time[i] = START + i * step;
    candles.open[i] = open;
    candles.high[i] = Math.max(open, close) * (1 + VOLATILITY * 0.3 * next());
    candles.low[i] = Math.min(open, close) * (1 - VOLATILITY * 0.3 * next());
    candles.close[i] = close;
    candles.volume[i] = 1 + 1000 * next();
    last = close;
  }
  return candles;
}
