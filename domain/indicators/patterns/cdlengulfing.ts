import { type CandleColumns, isWhite } from './candle.ts';
import { candlePattern } from './candle-pattern.ts';

/**
 * Engulfing: a candle whose body covers that of the candle before, which has the other colour. 100 bullish (white covers black), -100
 * bearish; 80 and -80 when one end of the bodies is the same.
 */
export const cdlengulfing = candlePattern({
  name: 'CDLENGULFING',
  title: 'Engulfing',
  // One more than it needs, as in TA-Lib.
  lookback: 2,
  search: () => ({ at: engulfing }),
});

function engulfing(bars: CandleColumns, i: number): number {
  const white = isWhite(bars, i);
  if (white === isWhite(bars, i - 1)) return 0;
  const open = bars.open[i]!;
  const close = bars.close[i]!;
  const openBefore = bars.open[i - 1]!;
  const closeBefore = bars.close[i - 1]!;
  const covers = white
    ? close >= openBefore && open <= closeBefore && (close > openBefore || open < closeBefore)
    : open >= closeBefore && close <= openBefore && (open > closeBefore || close < openBefore);
  if (!covers) return 0;
  const strength = open !== closeBefore && close !== openBefore ? 100 : 80;
  return white ? strength : -strength;
}
