import type { Indicator, IndicatorParams } from '../../indicators/indicator.ts';
import { type Candles, sliceCandles } from '../../market/candles.ts';
import { randomBars } from './random-bars.ts';

const BARS = 400;
/** Cuts lie dense in the beginning, where warm-ups end, and 13 bars apart later: a prime, no period that people use. */
const CUTS = Array.from({ length: BARS }, (_, i) => i).filter((i) => i < 60 || i % 13 === 0);

/**
 * What is wrong with an indicator that we did not write, in words that name output and bar, or `null`. On seeded random bars its column up
 * to a bar has to be the same whatever comes after, its stream has to say what its column says, to the bit, and its inputs are
 * not to be written to.
 */
export function indicatorFault(indicator: Indicator, params: IndicatorParams): string | null {
  const candles = randomBars(BARS, 20_240_101);
  const whole = columnsOf(indicator, params, candles);
  if (typeof whole === 'string') return whole;
  for (const cut of CUTS) {
    const part = columnsOf(indicator, params, sliceCandles(candles, 0, cut));
    if (typeof part === 'string') return part;
    const difference = firstDifference(part, whole, cut);
    if (difference !== null) {
      const { output, bar } = difference;
      return (
        `looks ahead: "${indicator.outputs[output]}" at bar ${bar} is ${part[output]![bar]} when the data end after ${cut} bars, ` +
        `and ${whole[output]![bar]} when they go on: compute it from bars up to its own`
      );
    }
  }
  return streamFault(indicator, params, candles, whole);
}

function columnsOf(indicator: Indicator, params: IndicatorParams, candles: Candles): Float64Array[] | string {
  const inputs = indicator.inputs.map((name) => candles[name].slice());
  const outputs = indicator.outputs.map(() => new Float64Array(candles.length));
  indicator.compute(inputs, params, outputs);
  const written = indicator.inputs.find((name, k) => !isSame(inputs[k]!, candles[name], candles.length));
  return written === undefined ? outputs : `writes to its input "${written}": write to the outputs only`;
}

function streamFault(
  indicator: Indicator,
  params: IndicatorParams,
  candles: Candles,
  whole: readonly Float64Array[],
): string | null {
  const stream = indicator.stream(params);
  const values = new Float64Array(indicator.outputs.length);
  for (let bar = 0; bar < candles.length; bar++) {
    stream.next(
      indicator.inputs.map((name) => candles[name][bar]!),
      values,
    );
    const output = values.findIndex((value, k) => !Object.is(value, whole[k]![bar]));
    if (output >= 0) {
      return (
        `says two things: its stream gives "${indicator.outputs[output]}" as ${values[output]} at bar ${bar}, its column as ` +
        `${whole[output]![bar]}: both have to be the same`
      );
    }
  }
  return null;
}

function firstDifference(
  part: readonly Float64Array[],
  whole: readonly Float64Array[],
  length: number,
): { readonly output: number; readonly bar: number } | null {
  for (let bar = 0; bar < length; bar++) {
    const output = part.findIndex((column, k) => !Object.is(column[bar], whole[k]![bar]));
    if (output >= 0) return { output, bar };
  }
  return null;
}

function isSame(one: Float64Array, other: Float64Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (!Object.is(one[i], other[i])) return false;
  return true;
}
