import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { atrKernel, RunningAtr } from './running-atr.ts';

/**
 * Average true range in percent of the close; 0 where the close is 0. With a period of 1 TA-Lib gives the true range in units of
 * price; this is percent for every period.
 */
export const natr: Indicator = {
  name: 'NATR',
  title: 'Average true range, percent of the close',
  params: [periodParam('period', 'Bars of the first average and of the weight 1 / period', 1, 14)],
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  lookback: ({ period }) => period!,
  compute(inputs, { period }, outputs) {
    const start = firstBar(inputs, outputs) + period!;
    atrKernel(inputs[0]!, inputs[1]!, inputs[2]!, start - period!, period!, outputs[0]!);
    toPercent(outputs[0]!, inputs[2]!, start);
    fillWarmUp(outputs[0]!, start);
  },
  stream({ period }) {
    const average = new RunningAtr(period!);
    return streamFromFirstBar((inputs, outputs) => {
      const range = average.next(inputs[0]!, inputs[1]!, inputs[2]!);
      outputs[0] = Number.isNaN(range) ? range : percentOf(inputs[2]!, range);
    });
  },
};

function percentOf(close: number, range: number): number {
  return close === 0 ? 0 : (range / close) * 100;
}

/** In place. */
function toPercent(ranges: Float64Array, close: Float64Array, start: number): void {
  const length = ranges.length;
  for (let i = start; i < length; i++) ranges[i] = percentOf(close[i]!, ranges[i]!);
}
