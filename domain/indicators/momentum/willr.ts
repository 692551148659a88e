import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { ExtremesChunk, RunningMaximum, RunningMinimum } from '../sliding-extremes.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/** Williams' %R: how far the close lies below the highest high, in percent of the range of `period` bars, from -100 to 0; 0 without a range. */
export const willr: Indicator = {
  name: 'WILLR',
  title: "Williams' %R",
  params: [periodParam('period', 'Bars of the range', 2, 14)],
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    const [high, low, close] = inputs as [Float64Array, Float64Array, Float64Array];
    const output = outputs[0]!;
    const start = firstBar(inputs, outputs) + period! - 1;
    const length = close.length;
    fillWarmUp(output, start);
    const chunk = new ExtremesChunk(high, low, period!);
    const { highest, lowest } = chunk;
    for (let from = start; from < length; from += chunk.size) {
      const bars = Math.min(chunk.size, length - from);
      chunk.fill(from, from + bars);
      for (let k = 0; k < bars; k++) output[from + k] = percentBelow(highest[k]!, lowest[k]!, close[from + k]!);
    }
  },
  stream({ period }) {
    const highest = new RunningMaximum(period!);
    const lowest = new RunningMinimum(period!);
    let bars = 0;
    return streamFromFirstBar((inputs, outputs) => {
      const top = highest.next(inputs[0]!);
      const bottom = lowest.next(inputs[1]!);
      outputs[0] = ++bars < period! ? Number.NaN : percentBelow(top, bottom, inputs[2]!);
    });
  },
};

function percentBelow(highest: number, lowest: number, close: number): number {
  const hundredth = (highest - lowest) / -100;
  return hundredth === 0 ? 0 : (highest - close) / hundredth;
}
