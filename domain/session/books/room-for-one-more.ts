import { allocateCandles, type Candles, closeTime } from '../../market/candles.ts';

/**
 * The same candles with room behind the last for the bar in progress, in which things happen that are written down before it closes. It is
 * thought to open when the last one closes, and to stand at its close. `length` does not count it.
 */
export function roomForOneMore(candles: Candles): Candles {
  const { symbol, timeframe, length } = candles;
  const roomy = allocateCandles(symbol, timeframe, length + 1);
  for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) {
    roomy[name].set(candles[name].subarray(0, length));
  }
  const last = length - 1;
  const close = length === 0 ? Number.NaN : candles.close[last]!;
  roomy.time[length] = length === 0 ? Number.NaN : closeTime(candles, last);
  for (const name of ['open', 'high', 'low', 'close'] as const) roomy[name][length] = close;
  return { ...roomy, length };
}
