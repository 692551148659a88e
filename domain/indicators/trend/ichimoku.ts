import { middleKernel, middleStream } from '../averages/middle-of-range.ts';
import type { Indicator, IndicatorParams } from '../indicator.ts';
import { periodParam } from '../period.ts';
import { fillWarmUp, firstBar, streamFromFirstBar } from '../warm-up.ts';

/**
 * Ichimoku Kinko Hyo, with every line as it is known and seen at the bar; nothing is read from the future.
 *
 * - `conversion` (tenkan-sen) and `base` (kijun-sen): middle of the range of the last `conversionPeriod` and `basePeriod` bars.
 * - `spanA`, `spanB`: the cloud drawn AT the bar, hence computed `displacement` bars earlier: the mean of conversion and base, and the
 *   middle of the range of `spanPeriod` bars. Some charts count the bar itself as the first of the 26: that is a displacement of 25.
 * - `lagging` (chikou): a chart draws today's close `displacement` bars back, over the price of that day. So it is given as today's
 *   close less the close of `displacement` bars ago: above 0 when the lagging span is above the price.
 *
 * All lines begin at the same bar, the first that has a cloud.
 *
 * @see https://en.wikipedia.org/wiki/Ichimoku_Kink%C5%8D_Hy%C5%8D
 */
export const ichimoku: Indicator = {
  name: 'ICHIMOKU',
  title: 'Ichimoku cloud',
  params: [
    periodParam('conversionPeriod', 'Bars of the conversion line', 1, 9),
    periodParam('basePeriod', 'Bars of the base line', 1, 26),
    periodParam('spanPeriod', 'Bars of span B', 1, 52),
    periodParam('displacement', 'Bars by which the spans are drawn ahead and the lagging span back', 1, 26),
  ],
  inputs: ['high', 'low', 'close'],
  outputs: ['conversion', 'base', 'spanA', 'spanB', 'lagging'],
  lookback,
  compute(inputs, params, outputs) {
    const { conversionPeriod, basePeriod, spanPeriod, displacement } = params;
    const first = firstBar(inputs, outputs);
    const [high, low, close] = inputs;
    const [conversion, base, spanA, spanB, lagging] = outputs;
    middleKernel(high!, low!, first, conversionPeriod!, conversion!);
    middleKernel(high!, low!, first, basePeriod!, base!);
    middleKernel(high!, low!, first, spanPeriod!, spanB!);
    mean(conversion!, base!, first, spanA!);
    spanA!.copyWithin(displacement!, 0, Math.max(0, spanA!.length - displacement!));
    spanB!.copyWithin(displacement!, 0, Math.max(0, spanB!.length - displacement!));
    change(close!, first + displacement!, displacement!, lagging!);
    for (const output of outputs) fillWarmUp(output, first + lookback(params));
  },
  stream(params) {
    const conversion = middleStream(params.conversionPeriod!, 0, 1);
    const base = middleStream(params.basePeriod!, 0, 1);
    const span = middleStream(params.spanPeriod!, 0, 1);
    const middle = new Float64Array(1);
    const spanA = new Delay(params.displacement!);
    const spanB = new Delay(params.displacement!);
    const closes = new Delay(params.displacement!);
    let warmUp = lookback(params);
    return streamFromFirstBar((inputs, outputs) => {
      conversion.next(inputs, middle);
      outputs[0] = middle[0]!;
      base.next(inputs, middle);
      outputs[1] = middle[0]!;
      span.next(inputs, middle);
      outputs[2] = spanA.next((outputs[0] + outputs[1]) / 2);
      outputs[3] = spanB.next(middle[0]!);
      outputs[4] = inputs[2]! - closes.next(inputs[2]!);
      if (warmUp > 0) {
        warmUp--;
        outputs.fill(Number.NaN);
      }
    });
  },
};

function lookback(params: IndicatorParams): number {
  const { conversionPeriod, basePeriod, spanPeriod, displacement } = params;
  return Math.max(conversionPeriod!, basePeriod!, spanPeriod!) - 1 + displacement!;
}

/** Gives back what came in `bars` values ago; NaN while that is before the first. */
class Delay {
  readonly #values: Float64Array;
  #slot = 0;

  constructor(bars: number) {
    this.#values = new Float64Array(bars).fill(Number.NaN);
  }

  next(value: number): number {
    const earlier = this.#values[this.#slot]!;
    this.#values[this.#slot] = value;
    this.#slot = this.#slot + 1 === this.#values.length ? 0 : this.#slot + 1;
    return earlier;
  }
}

function mean(one: Float64Array, other: Float64Array, first: number, output: Float64Array): void {
  const length = output.length;
  for (let i = first; i < length; i++) output[i] = (one[i]! + other[i]!) / 2;
}

function change(values: Float64Array, start: number, barsBack: number, output: Float64Array): void {
  const length = output.length;
  for (let i = start; i < length; i++) output[i] = values[i]! - values[i - barsBack]!;
}
