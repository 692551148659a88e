import type { Indicator, IndicatorStream } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { firstBar } from '../warm-up.ts';
import { isZero } from '../zero.ts';
import { wilderColumn, type WilderForm, wilderStream } from './wilder-moves.ts';

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
    wilderColumn(inputs[0]!, firstBar(inputs, outputs), period!, strengthByProducts, strength, outputs[0]!);
  },
  stream: ({ period }) => rsiStream(period!, 'products'),
};

function strength(gain: number, loss: number): number {
  const moved = gain + loss;
  return isZero(moved) ? 0 : 100 * (gain / moved);
}

/** The RSI to TA-Lib's last digits, over the whole of `output` from the bars of `input` from `first` on. */
export function exactRsi(input: Float64Array, first: number, period: number, output: Float64Array): void {
  wilderColumn(input, first, period, strengthByDivision, strength, output);
}

/** The RSI bar by bar. */
export function rsiStream(period: number, form: WilderForm): IndicatorStream {
  return wilderStream(period, form, strength);
}

function strengthByProducts(
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
    // Exact, and without a branch that random moves would mispredict: half of size plus move is the gain, or 0.
    gain = gain * kept + (size + move) * weight;
    loss = loss * kept + (size - move) * weight;
    output[i] = strength(gain, loss);
  }
  state[0] = gain;
  state[1] = loss;
}

function strengthByDivision(
  input: Float64Array,
  from: number,
  to: number,
  period: number,
  state: Float64Array,
  output: Float64Array,
): void {
  const rest = period - 1;
  let gain = state[0]!;
  let loss = state[1]!;
  let previous = input[from - 1]!;
  for (let i = from; i < to; i++) {
    const value = input[i]!;
    const move = value - previous;
    const size = Math.abs(move);
    previous = value;
    gain = (gain * rest + (size + move) / 2) / period;
    loss = (loss * rest + (size - move) / 2) / period;
    output[i] = strength(gain, loss);
  }
  state[0] = gain;
  state[1] = loss;
}
