import { ema } from '../averages/ema.ts';
import type { Indicator, IndicatorParams } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';
import { atr } from './atr.ts';

/**
 * Keltner channel in Linda Raschke's form: the exponential average of the close, and bands `multiplier` average true ranges around
 * it. EMA and ATR are those of `EMA` and `ATR`, bit for bit; all lines begin once both have a value.
 *
 * @see https://chartschool.stockcharts.com/table-of-contents/technical-indicators-and-overlays/technical-overlays/keltner-channels
 */
export const keltner: Indicator = {
  name: 'KELTNER',
  title: 'Keltner channel',
  params: [
    periodParam('period', 'Bars of the exponential average', 2, 20),
    periodParam('atrPeriod', 'Bars of the average true range', 1, 10),
    {
      name: 'multiplier',
      kind: 'number',
      title: 'Average true ranges from the middle to a band',
      min: 0,
      max: 1000,
      default: 2,
    },
  ],
  inputs: ['high', 'low', 'close'],
  outputs: ['upper', 'middle', 'lower'],
  lookback,
  compute(inputs, params, outputs) {
    const { atrPeriod, multiplier } = params;
    const first = firstBar(inputs, outputs);
    const [upper, middle, lower] = outputs;
    // From the first bar of all three inputs on: the close alone could begin earlier.
    ema.compute([inputs[2]!.subarray(first)], params, [middle!.subarray(first)]);
    atr.compute(inputs, { period: atrPeriod! }, [upper!]);
    bands(first, multiplier!, upper!, middle!, lower!);
    for (const output of outputs) fillWarmUp(output, first + lookback(params));
  },
  stream(params) {
    const { atrPeriod, multiplier } = params;
    const average = ema.stream(params);
    const range = atr.stream({ period: atrPeriod! });
    const close = new Float64Array(1);
    const middle = new Float64Array(1);
    const distance = new Float64Array(1);
    return streamFromFirstBar((inputs, outputs) => {
      close[0] = inputs[2]!;
      average.next(close, middle);
      range.next(inputs, distance);
      const wide = distance[0]! * multiplier!;
      outputs[0] = middle[0]! + wide;
      outputs[1] = Number.isNaN(wide) ? Number.NaN : middle[0]!;
      outputs[2] = middle[0]! - wide;
    });
  },
};

function lookback({ period, atrPeriod }: IndicatorParams): number {
  return Math.max(period! - 1, atrPeriod!);
}

/** `upper` comes with the average true range. */
function bands(
  first: number,
  multiplier: number,
  upper: Float64Array,
  middle: Float64Array,
  lower: Float64Array,
): void {
  const length = middle.length;
  for (let i = first; i < length; i++) {
    const wide = upper[i]! * multiplier;
    upper[i] = middle[i]! + wide;
    lower[i] = middle[i]! - wide;
  }
}
