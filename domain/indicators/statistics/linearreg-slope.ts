import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { RunningLine } from './running-line.ts';

/** Slope of the least-squares line through the last `period` values, per bar. */
export const linearregSlope: Indicator = {
  name: 'LINEARREG_SLOPE',
  title: 'Slope of the linear regression',
  params: [periodParam('period', 'Values of the line', 2, 14)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1,
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const line = new RunningLine(period!);
    return streamFromFirstBar((inputs, outputs) => {
      line.next(inputs[0]!);
      outputs[0] = line.slope;
    });
  },
};

function kernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = output.length;
  const line = new RunningLine(period);
  fillWarmUp(output, first);
  for (let i = first; i < length; i++) {
    line.next(input[i]!);
    output[i] = line.slope;
  }
}
