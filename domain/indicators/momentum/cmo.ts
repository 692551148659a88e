import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar } from '../warm-up.ts';
import { isZero } from '../zero.ts';
import { seedOfMoves, wilderStream } from './wilder-moves.ts';

/**
 * Chande momentum oscillator with Wilder's smoothing, as TA-Lib has it: average gain less average loss in percent of their sum, from
 * -100 to 100; 0 where nothing moved.
 */
export const cmo: Indicator = {
  name: 'CMO',
  title: 'Chande momentum oscillator',
  params: [periodParam('period', 'Bars of the Wilder averages', 2, 14)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period!,
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream: ({ period }) => wilderStream(period!, balance),
};

function balance(gain: number, loss: number): number {
  const moved = gain + loss;
  return isZero(moved) ? 0 : 100 * ((gain - loss) / moved);
}

function kernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const start = first + period;
  fillWarmUp(output, start);
  if (start >= length) return;
  let { gain, loss } = seedOfMoves(input, first, period);
  output[start] = balance(gain, loss);
  const rest = period - 1;
  let previous = input[start]!;
  for (let i = start + 1; i < length; i++) {
    const value = input[i]!;
    const move = value - previous;
    const size = Math.abs(move);
    previous = value;
    // As in the RSI: the gain, or 0, and the loss, or 0, without a branch.
    gain = (gain * rest + (size + move) / 2) / period;
    loss = (loss * rest + (size - move) / 2) / period;
    output[i] = balance(gain, loss);
  }
}
