import type { Indicator, IndicatorParams } from '../indicator.ts';
import type { ParamSpec } from '../../parameters/param-spec.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/** Bars as columns, so that a search can be called without boxing numbers. */
export interface CandleColumns {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/** Looks for a pattern that ends at the bar it is given, in bars that come one after the other. */
export interface PatternSearch {
  /** TA-Lib's value for bar `i`: above 0 bullish, below 0 bearish, 0 no pattern. Of no meaning while the pattern warms up. */
  next(bars: CandleColumns, i: number): number;
}

/** What a candle pattern consists of. */
export interface CandlePattern {
  readonly name: string;
  readonly title: string;
  readonly params?: readonly ParamSpec[];
  readonly lookback: number;
  search(params: IndicatorParams): PatternSearch;
}

/** The indicator that gives a pattern's value at each bar, from the first bar that has enough candles before it. */
export function candlePattern(pattern: CandlePattern): Indicator {
  return {
    name: pattern.name,
    title: pattern.title,
    params: pattern.params ?? [],
    inputs: ['open', 'high', 'low', 'close'],
    outputs: ['value'],
    lookback: () => pattern.lookback,
    compute(inputs, params, outputs) {
      const bars = { open: inputs[0]!, high: inputs[1]!, low: inputs[2]!, close: inputs[3]! };
      const output = outputs[0]!;
      const length = output.length;
      const first = firstBar(inputs, outputs);
      const search = pattern.search(params);
      for (let i = first; i < length; i++) output[i] = search.next(bars, i);
      fillWarmUp(output, first + pattern.lookback);
    },
    stream(params) {
      const search = pattern.search(params);
      const bar = () => new Float64Array(1);
      const bars = { open: bar(), high: bar(), low: bar(), close: bar() };
      let warmUp = pattern.lookback;
      return streamFromFirstBar((inputs, outputs) => {
        bars.open[0] = inputs[0]!;
        bars.high[0] = inputs[1]!;
        bars.low[0] = inputs[2]!;
        bars.close[0] = inputs[3]!;
        const value = search.next(bars, 0);
        outputs[0] = warmUp > 0 ? Number.NaN : value;
        if (warmUp > 0) warmUp--;
      });
    },
  };
}
