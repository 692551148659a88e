import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { firstBar } from '../warm-up.ts';
import { middleKernel, middleStream } from './middle-of-range.ts';

/** Middle between the highest high and the lowest low of `period` bars. */
export const midprice: Indicator = {
  name: 'MIDPRICE',
  title: 'Midpoint of the price range',
  params: [periodParam('period', 'Bars looked at', 2, 14)],
  inputs: ['high', 'low'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    middleKernel(inputs[0]!, inputs[1]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream: ({ period }) => middleStream(period!, 0, 1),
};
