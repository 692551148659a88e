import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { firstBar } from '../warm-up.ts';
import { isZero } from '../zero.ts';
import { wilderColumn, wilderStream } from './wilder-moves.ts';

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
    wilderColumn(inputs[0]!, firstBar(inputs, outputs), period!, balanceStretch, balance, outputs[0]!);
  },
  stream: ({ period }) => wilderStream(period!, 'products', balance),
};

function balance(gain: number, loss: number): number {
  const moved = gain + loss;
  return isZero(moved) ? 0 : 100 * ((gain - loss) / moved);
}

function balanceStretch(
  input: Float64Array,
  from: number,
  to: number,
  period: number,
  state: Float64Array,
  output: Float64Array,
): void {
  const kept = (period - 1) / period;
  const weight = 0.5 / period;
  let gain = state[0]!;
  let loss = state[1]!;
  let previous = input[from - 1]!;
  for (let i = from; i < to; i++) {
    const value = input[i]!;
    const move = value - previous;
    const size = Math.abs(move);
    previous = value;
    // As in the RSI: the gain, or 0, and the loss, or 0, without a branch.
    gain = gain * kept + (size + move) * weight;
    loss = loss * kept + (size - move) * weight;
    output[i] = balance(gain, loss);
  }
  state[0] = gain;
  state[1] = loss;
}
