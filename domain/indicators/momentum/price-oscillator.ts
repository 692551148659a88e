import { RunningMean } from '../averages/rolling-mean.ts';
import type { Indicator, IndicatorStream } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { isZero } from '../zero.ts';

/** What APO and PPO share: a fast and a slow simple average, their difference, and that in percent of the slow one. */

export const oscillatorParams = [
  periodParam('fastPeriod', 'Bars of the fast average', 2, 12),
  periodParam('slowPeriod', 'Bars of the slow average', 2, 26),
] as const;

export const oscillatorLookback: Indicator['lookback'] = ({ fastPeriod, slowPeriod }) =>
  Math.max(fastPeriod!, slowPeriod!) - 1;

/** Computes the column. Periods given the other way round are swapped. */
export function oscillatorCompute(
  inputs: readonly Float64Array[],
  params: Parameters<Indicator['compute']>[1],
  percent: boolean,
  outputs: readonly Float64Array[],
): void {
  const fastPeriod = Math.min(params['fastPeriod']!, params['slowPeriod']!);
  const slowPeriod = Math.max(params['fastPeriod']!, params['slowPeriod']!);
  const first = firstBar(inputs, outputs);
  const input = inputs[0]!;
  const output = outputs[0]!;
  const length = input.length;
  const start = first + slowPeriod - 1;
  const fastStart = first + fastPeriod - 1;
  fillWarmUp(output, start);
  if (start >= length) return;
  let fastSum = 0;
  let slowSum = 0;
  let fastTrailing = first;
  for (let i = first; i < start; i++) {
    fastSum += input[i]!;
    slowSum += input[i]!;
    if (i >= fastStart) fastSum -= input[fastTrailing++]!;
  }
  for (let i = start, slowTrailing = first; i < length; i++) {
    fastSum += input[i]!;
    slowSum += input[i]!;
    output[i] = oscillation(fastSum / fastPeriod, slowSum / slowPeriod, percent);
    fastSum -= input[fastTrailing++]!;
    slowSum -= input[slowTrailing++]!;
  }
}

export function oscillatorStream(params: Parameters<Indicator['stream']>[0], percent: boolean): IndicatorStream {
  const fast = new RunningMean(Math.min(params['fastPeriod']!, params['slowPeriod']!));
  const slow = new RunningMean(Math.max(params['fastPeriod']!, params['slowPeriod']!));
  return streamFromFirstBar((inputs, outputs) => {
    outputs[0] = oscillation(fast.next(inputs[0]!), slow.next(inputs[0]!), percent);
  });
}

function oscillation(fast: number, slow: number, percent: boolean): number {
  if (!percent) return fast - slow;
  return isZero(slow) ? 0 : ((fast - slow) / slow) * 100;
}
