import { emaWeight, RunningEma } from '../averages/running-ema.ts';
import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/**
 * Moving average convergence divergence: the fast EMA less the slow one, its EMA (signal), and the difference of both (hist). The fast
 * EMA starts late, so that both have their first value at the same bar; all three lines start with the first signal. Periods
 * given the other way round are swapped.
 */
export const macd: Indicator = {
  name: 'MACD',
  title: 'Moving average convergence divergence',
  params: [
    periodParam('fastPeriod', 'Bars of the fast EMA', 2, 12),
    periodParam('slowPeriod', 'Bars of the slow EMA', 2, 26),
    periodParam('signalPeriod', 'Bars of the EMA of the difference', 1, 9),
  ],
  inputs: ['close'],
  outputs: ['macd', 'signal', 'hist'],
  lookback: ({ fastPeriod, slowPeriod, signalPeriod }) => Math.max(fastPeriod!, slowPeriod!) + signalPeriod! - 2,
  compute(inputs, { fastPeriod, slowPeriod, signalPeriod }, outputs) {
    const fast = Math.min(fastPeriod!, slowPeriod!);
    const slow = Math.max(fastPeriod!, slowPeriod!);
    kernel(inputs[0]!, firstBar(inputs, outputs), [fast, slow, signalPeriod!], outputs);
  },
  stream({ fastPeriod, slowPeriod, signalPeriod }) {
    const late = Math.abs(slowPeriod! - fastPeriod!);
    const fast = new RunningEma(Math.min(fastPeriod!, slowPeriod!));
    const slow = new RunningEma(Math.max(fastPeriod!, slowPeriod!));
    const signal = new RunningEma(signalPeriod!);
    let bars = 0;
    return streamFromFirstBar((inputs, outputs) => {
      outputs.fill(Number.NaN);
      const input = inputs[0]!;
      slow.next(input);
      if (bars < late) {
        bars++;
        return;
      }
      fast.next(input);
      if (!slow.warm) return;
      const difference = fast.value - slow.value;
      signal.next(difference);
      if (!signal.warm) return;
      outputs[0] = difference;
      outputs[1] = signal.value;
      outputs[2] = difference - signal.value;
    });
  },
};

function kernel(
  input: Float64Array,
  first: number,
  [fastPeriod, slowPeriod, signalPeriod]: readonly [number, number, number],
  outputs: readonly Float64Array[],
): void {
  const [macdLine, signalLine, histogram] = outputs as [Float64Array, Float64Array, Float64Array];
  const length = input.length;
  const warm = first + slowPeriod - 1;
  const start = warm + signalPeriod - 1;
  fillWarmUp(macdLine, start);
  fillWarmUp(signalLine, start);
  fillWarmUp(histogram, start);
  if (start >= length) return;

  let slow = seed(input, first, slowPeriod);
  let fast = seed(input, first + slowPeriod - fastPeriod, fastPeriod);
  const fastWeight = emaWeight(fastPeriod);
  const slowWeight = emaWeight(slowPeriod);
  const signalWeight = emaWeight(signalPeriod);
  let difference = fast - slow;
  let sum = difference;
  for (let i = warm + 1; i <= start; i++) {
    fast = (input[i]! - fast) * fastWeight + fast;
    slow = (input[i]! - slow) * slowWeight + slow;
    difference = fast - slow;
    sum += difference;
  }
  let signal = sum / signalPeriod;
  macdLine[start] = difference;
  signalLine[start] = signal;
  histogram[start] = difference - signal;
  for (let i = start + 1; i < length; i++) {
    const value = input[i]!;
    fast = (value - fast) * fastWeight + fast;
    slow = (value - slow) * slowWeight + slow;
    difference = fast - slow;
    signal = (difference - signal) * signalWeight + signal;
    macdLine[i] = difference;
    signalLine[i] = signal;
    histogram[i] = difference - signal;
  }
}

function seed(input: Float64Array, first: number, period: number): number {
  let sum = 0;
  for (let i = first; i < first + period; i++) sum += input[i]!;
  return sum / period;
}
