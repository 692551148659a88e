import { CandleBuilder } from '../../../domain/market/candle-builder.ts';
import type { Candles } from '../../../domain/market/candles.ts';
import type { Timeframe } from '../../../domain/market/timeframe.ts';

/** Bars that open at those times; prices and volume are told apart by their place. */
export function barsAt(timeframe: Timeframe, times: readonly number[]): Candles {
  const builder = new CandleBuilder('X', timeframe);
  times.forEach((time, i) => builder.add(time, 10 + (i % 7), 20 + (i % 5), 5 - (i % 3), 10 + (i % 4), i + 1));
  return builder.take();
}
