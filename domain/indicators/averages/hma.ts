import type { Indicator } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { RunningWma } from './running-wma.ts';

/**
 * Hull moving average: the WMA over `sqrt(period)` bars of `2 WMA(period / 2) - WMA(period)`, both counts rounded down.
 *
 * @see https://alanhull.com/hull-moving-average
 */
export const hma: Indicator = {
  name: 'HMA',
  title: 'Hull moving average',
  params: [periodParam('period', 'Bars of the slow average', 2, 20)],
  inputs: ['close'],
  outputs: ['value'],
  lookback: ({ period }) => period! - 1 + smoothingOf(period!) - 1,
  compute(inputs, { period }, outputs) {
    kernel(inputs[0]!, firstBar(inputs, outputs), period!, outputs[0]!);
  },
  stream({ period }) {
    const slow = new RunningWma(period!);
    const fast = new RunningWma(Math.floor(period! / 2));
    const smoothed = new RunningWma(smoothingOf(period!));
    let bars = 0;
    return streamFromFirstBar((inputs, outputs) => {
      const fastValue = fast.next(inputs[0]!);
      const slowValue = slow.next(inputs[0]!);
      outputs[0] = ++bars < period! ? Number.NaN : smoothed.next(2 * fastValue - slowValue);
    });
  },
};

function smoothingOf(period: number): number {
  return Math.floor(Math.sqrt(period));
}

/** Three weighted averages in one pass. What the outer one averages is kept no longer than its window. */
function kernel(input: Float64Array, first: number, period: number, output: Float64Array): void {
  const length = input.length;
  const fastPeriod = Math.floor(period / 2);
  const outerPeriod = smoothingOf(period);
  const slowStart = first + period - 1;
  const start = slowStart + outerPeriod - 1;
  fillWarmUp(output, start);
  if (start >= length) return;

  const slowDivisor = (period * (period + 1)) / 2;
  const fastDivisor = (fastPeriod * (fastPeriod + 1)) / 2;
  const outerDivisor = (outerPeriod * (outerPeriod + 1)) / 2;
  let [slowWeighted, slowPlain, slowOldest, slowTrailing] = [0, 0, 0, first];
  let [fastWeighted, fastPlain, fastOldest, fastTrailing] = [0, 0, 0, first];
  for (let i = first; i < slowStart; i++) {
    const value = input[i]!;
    slowPlain += value;
    slowWeighted += value * (i - first + 1);
    if (i < first + fastPeriod - 1) {
      fastPlain += value;
      fastWeighted += value * (i - first + 1);
    } else {
      fastPlain = fastPlain + value - fastOldest;
      fastWeighted += value * fastPeriod;
      fastOldest = input[fastTrailing++]!;
      fastWeighted -= fastPlain;
    }
  }

  const window = new Float64Array(outerPeriod);
  let [outerWeighted, outerPlain, outerOldest, slot] = [0, 0, 0, 0];
  for (let i = slowStart; i < length; i++) {
    const value = input[i]!;
    slowPlain = slowPlain + value - slowOldest;
    slowWeighted += value * period;
    slowOldest = input[slowTrailing++]!;
    fastPlain = fastPlain + value - fastOldest;
    fastWeighted += value * fastPeriod;
    fastOldest = input[fastTrailing++]!;
    const fast = fastPeriod === 1 ? value : fastWeighted / fastDivisor;
    const inner = 2 * fast - slowWeighted / slowDivisor;
    slowWeighted -= slowPlain;
    fastWeighted -= fastPlain;

    window[slot] = inner;
    slot = slot + 1 === outerPeriod ? 0 : slot + 1;
    if (i < start) {
      outerPlain += inner;
      outerWeighted += inner * (i - slowStart + 1);
    } else {
      outerPlain = outerPlain + inner - outerOldest;
      outerWeighted += inner * outerPeriod;
      outerOldest = window[slot]!;
      output[i] = outerPeriod === 1 ? inner : outerWeighted / outerDivisor;
      outerWeighted -= outerPlain;
    }
  }
}
