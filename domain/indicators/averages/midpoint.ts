import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { firstBar } from '../warm-up.ts';
import { middleKernel, middleStream } from './middle-of-range.ts';

/** Middle between the highest and the lowest close of `period` bars. */
export const midpoint: Indicator = {
  name: 'MIDPOINT',
  title: 'Midpoint of closes',
  params: [periodParam('period', 'Bars looked at', 2, 14)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    middleKernel(inputs[0]!, inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream: ({ period }) => middleStream(period!, 0, 0),
};
