import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { atrKernel, RunningAtr } from './running-atr.ts';

/** Average true range by Wilder's smoothing, in units of price. The first bar has no true range and is not counted. */
export const atr: Indicator = {
  name: 'ATR',
  title: 'Average true range',
  params: [periodParam('period', 'Bars of the first average and of the weight 1 / period', 1, 14)],
  inputs: ['high', 'low', 'close'],
  outputs: ['value'],
  lookback: ({ period }) => period!,
  compute(inputs, { period }, outputs) {
    const first = firstBar(inputs, outputs);
    atrKernel(inputs[0]!, inputs[1]!, inputs[2]!, first, period!, outputs[0]!);
    fillWarmUp(outputs[0]!, first + period!);
  },
  stream({ period }) {
    const average = new RunningAtr(period!);
    return streamFromFirstBar((inputs, outputs) => {
      outputs[0] = average.next(inputs[0]!, inputs[1]!, inputs[2]!);
    });
  },
};
