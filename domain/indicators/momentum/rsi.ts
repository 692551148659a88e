import type { Indicator } from '../indicator.ts';
import { fillWarmUp, firstBar } from '../warm-up.ts';
import { periodParam } from '../period.ts';
import { isZero } from '../zero.ts';
import { seedOfMoves, wilderStream } from './wilder-moves.ts';

/**
 * Relative strength index: the average gain in percent of average gain plus average loss, both smoothed as Wilder does, from 0 to 100; 0
 * where nothing moved.
 */
export const rsi: Indicator = {
  name: 'RSI',
  title: 'Relative strength index',
  params: [periodParam('period', 'Bars of the Wilder averages', 2, 14)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period!,
  compute(inputs, { period }, outputs) {
    rsiKernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream: ({ period }) => wilderStream(period!, strength),
};

function strength(gain: number, loss: number): number {
  const moved = gain + loss;
  return isZero(moved) ? 0 : 100 * (gain / moved);
}

/** Writes the whole of `output`, from the bars of `input` from `first` on. */
export function rsiKernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const start = first + period;
  fillWarmUp(output, start);
  if (start >= length) return;
  let { gain, loss } = seedOfMoves(input, first, period);
  output[start] = strength(gain, loss);
  const rest = period - 1;
  let previous = input[start]!;
  for (let i = start + 1; i < length; i++) {
    const value = input[i]!;
    const move = value - previous;
    const size = Math.abs(move);
    previous = value;
    // Exact, and without a branch that random moves would mispredict: half of size plus move is the gain, or 0.
    gain = (gain * rest + (size + move) / 2) / period;
    loss = (loss * rest + (size - move) / 2) / period;
    output[i] = strength(gain, loss);
  }
}
