import type { Indicator, IndicatorParams } from '../indicator.ts';
import type { ParamSpec } from '../../parameters/param-spec.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/** Looks for a pattern that ends at the bar it is given, in bars that come one after the other. */
export interface PatternSearch {
  /** TA-Lib's value for the bar: above 0 bullish, below 0 bearish, 0 no pattern. Of no meaning while the pattern warms up. */
  next(open: number, high: number, low: number, close: number): number;
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
      const [open, high, low, close] = inputs as readonly [Float64Array, Float64Array, Float64Array, Float64Array];
      const output = outputs[0]!;
      const length = output.length;
      const first = firstBar(inputs, outputs);
      const search = pattern.search(params);
      for (let i = first; i < length; i++) output[i] = search.next(open[i]!, high[i]!, low[i]!, close[i]!);
      fillWarmUp(output, first + pattern.lookback);
    },
    stream(params) {
      const search = pattern.search(params);
      let warmUp = pattern.lookback;
      return streamFromFirstBar((inputs, outputs) => {
        const value = search.next(inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!);
        outputs[0] = warmUp > 0 ? Number.NaN : value;
        if (warmUp > 0) warmUp--;
      });
    },
  };
}
