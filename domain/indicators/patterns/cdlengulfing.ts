import { isWhite } from './candle.ts';
import { candlePattern, type CandleColumns, type PatternSearch } from './candle-pattern.ts';

/**
 * Engulfing: a candle whose body covers that of the candle before, which has the other colour. 100 bullish (white covers black), -100
 * bearish; 80 and -80 when one end of the bodies is the same.
 */
export const cdlengulfing = candlePattern({
  name: 'CDLENGULFING',
  title: 'Engulfing',
  // One more than it needs, as in TA-Lib.
  lookback: 2,
  search: () => new Engulfing(),
});

class Engulfing implements PatternSearch {
  #openBefore = Number.NaN;
  #closeBefore = Number.NaN;

  next(bars: CandleColumns, i: number): number {
    const open = bars.open[i]!;
    const close = bars.close[i]!;
    const value = engulfing(open, close, this.#openBefore, this.#closeBefore);
    this.#openBefore = open;
    this.#closeBefore = close;
    return value;
  }
}

function engulfing(open: number, close: number, openBefore: number, closeBefore: number): number {
  const white = isWhite(open, close);
  if (white === isWhite(openBefore, closeBefore)) return 0;
  const covers = white
    ? close >= openBefore && open <= closeBefore && (close > openBefore || open < closeBefore)
    : open >= closeBefore && close <= openBefore && (open > closeBefore || close < openBefore);
  if (!covers) return 0;
  const strength = open !== closeBefore && close !== openBefore ? 100 : 80;
  return white ? strength : -strength;
}
