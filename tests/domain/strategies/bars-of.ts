import { allocateCandles, type Candles } from '../../../domain/market/candles.ts';
import type { Timeframe } from '../../../domain/market/timeframe.ts';
import { timeframeMs } from '../../../domain/market/timeframe.ts';

interface Columns {
  readonly open?: readonly number[];
  readonly high?: readonly number[];
  readonly low?: readonly number[];
  readonly volume?: readonly number[];
  readonly timeframe?: Timeframe;
  /** Open of the first bar. */
  readonly start?: number;
}

/** Bars without gaps from their closes; what else is not given equals the close, and the volume 1. */
export function barsOf(close: readonly number[], columns: Columns = {}): Candles {
  const { open = close, high = close, low = close, volume, timeframe = '1h', start = 0 } = columns;
  const candles = allocateCandles('TEST', timeframe, close.length);
  const step = timeframeMs(timeframe);
  close.forEach((value, i) => {
    candles.time[i] = start + i * step;
    candles.open[i] = open[i]!;
    candles.high[i] = high[i]!;
    candles.low[i] = low[i]!;
    candles.close[i] = value;
    candles.volume[i] = volume?.[i] ?? 1;
  });
  return candles;
}
