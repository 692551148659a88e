import type { ParamSpec } from '../../parameters/param-spec.ts';
import type { Indicator, IndicatorParams } from '../indicator.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import type { CandleColumns } from './candle.ts';

/** Looks for a pattern that ends at the bar it is asked about, in bars that come one after the other. */
export interface PatternSearch {
  /**
   * TA-Lib's value for bar `i`: above 0 bullish, below 0 bearish, 0 no pattern. Reads bars `i - lookback - 1` (or the first there is)
   * to `i`; the first bar asked about is the pattern's lookback after the first that there is.
   */
  at(bars: CandleColumns, i: number): number;
}

/** What a candle pattern consists of. */
interface CandlePattern {
  readonly name: string;
  readonly title: string;
  readonly params?: readonly ParamSpec[];
  readonly lookback: number;
  search(params: IndicatorParams): PatternSearch;
}

/** Bars that a stream keeps in its columns: when they are full, the last of them move to the front. */
const ROOM = 128;

/** The indicator that gives a pattern's value at each bar, from the first bar that has enough candles before it. */
export function candlePattern(pattern: CandlePattern): Indicator {
  const { lookback } = pattern;
  return {
    name: pattern.name,
    title: pattern.title,
    params: pattern.params ?? [],
    inputs: ['open', 'high', 'low', 'close'],
    outputs: ['value'],
    lookback: () => lookback,
    compute(inputs, params, outputs) {
      const bars = { open: inputs[0]!, high: inputs[1]!, low: inputs[2]!, close: inputs[3]! };
      const output = outputs[0]!;
      const length = output.length;
      const start = firstBar(inputs, outputs) + lookback;
      const search = pattern.search(params);
      fillWarmUp(output, start);
      for (let i = start; i < length; i++) output[i] = search.at(bars, i);
    },
    stream(params) {
      const search = pattern.search(params);
      const column = () => new Float64Array(ROOM);
      const bars = { open: column(), high: column(), low: column(), close: column() };
      const columns = [bars.open, bars.high, bars.low, bars.close];
      let i = -1;
      return streamFromFirstBar((inputs, outputs) => {
        if (++i === ROOM) {
          i = lookback + 1;
          for (const kept of columns) kept.copyWithin(0, ROOM - i);
        }
        for (let k = 0; k < columns.length; k++) columns[k]![i] = inputs[k]!;
        outputs[0] = i < lookback ? Number.NaN : search.at(bars, i);
      });
    },
  };
}
