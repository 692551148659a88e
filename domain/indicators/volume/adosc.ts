import { emaWeight } from '../averages/running-ema.ts';
import type { Indicator, IndicatorParams } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { moneyFlowVolume } from './money-flow-volume.ts';

/**
 * Chaikin oscillator: fast less slow exponential average of the accumulation/distribution line. As in TA-Lib both begin at the first
 * value of the line itself, not at an average of the first ones.
 */
export const adosc: Indicator = {
  name: 'ADOSC',
  title: 'Chaikin A/D oscillator',
  params: [
    periodParam('fastPeriod', 'Bars of the fast average, weight 2 / (period + 1)', 2, 3),
    periodParam('slowPeriod', 'Bars of the slow average, weight 2 / (period + 1)', 2, 10),
  ],
  inputs: ['high', 'low', 'close', 'volume'],
  outputs: ['value'],
  lookback,
  compute(inputs, params, outputs) {
    const first = firstBar(inputs, outputs);
    const { fastPeriod, slowPeriod } = params;
    kernel(inputs, first, emaWeight(fastPeriod!), emaWeight(slowPeriod!), outputs[0]!);
    fillWarmUp(outputs[0]!, first + lookback(params));
  },
  stream(params) {
    const fastWeight = emaWeight(params.fastPeriod!);
    const slowWeight = emaWeight(params.slowPeriod!);
    let warmUp = lookback(params);
    let started = false;
    let line = 0;
    let fast = 0;
    let slow = 0;
    return streamFromFirstBar((inputs, outputs) => {
      line += moneyFlowVolume(inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!);
      fast = started ? fastWeight * line + (1 - fastWeight) * fast : line;
      slow = started ? slowWeight * line + (1 - slowWeight) * slow : line;
      started = true;
      outputs[0] = warmUp > 0 ? Number.NaN : fast - slow;
      if (warmUp > 0) warmUp--;
    });
  },
};

function lookback({ fastPeriod, slowPeriod }: IndicatorParams): number {
  return Math.max(fastPeriod!, slowPeriod!) - 1;
}

function kernel(
  inputs: readonly Float64Array[],
  first: number,
  fastWeight: number,
  slowWeight: number,
  output: Float64Array,
): void {
  const [high, low, close, volume] = inputs as readonly [Float64Array, Float64Array, Float64Array, Float64Array];
  const length = output.length;
  if (first >= length) return;
  let line = moneyFlowVolume(high[first]!, low[first]!, close[first]!, volume[first]!);
  let fast = line;
  let slow = line;
  for (let i = first + 1; i < length; i++) {
    line += moneyFlowVolume(high[i]!, low[i]!, close[i]!, volume[i]!);
    fast = fastWeight * line + (1 - fastWeight) * fast;
    slow = slowWeight * line + (1 - slowWeight) * slow;
    output[i] = fast - slow;
  }
}
