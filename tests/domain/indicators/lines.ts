import { expect } from '@jest/globals';
import type { Indicator, IndicatorParams } from '../../../domain/indicators/indicator.ts';

/** All lines of an indicator over the given columns. */
export function linesOf(
  indicator: Indicator,
  params: IndicatorParams,
  ...inputs: readonly ArrayLike<number>[]
): readonly Float64Array[] {
  const columns = inputs.map((input) => Float64Array.from(input));
  const outputs = indicator.outputs.map(() => new Float64Array(columns[0]!.length));
  indicator.compute(columns, params, outputs);
  return outputs;
}

/** The only line of an indicator over the given columns. */
export function lineOf(
  indicator: Indicator,
  params: IndicatorParams,
  ...inputs: readonly ArrayLike<number>[]
): Float64Array {
  return linesOf(indicator, params, ...inputs)[0]!;
}

/** The numbers of a line after its warm-up. */
export function numbersOf(line: Float64Array): readonly number[] {
  return [...line].filter((value) => !Number.isNaN(value));
}

/** What equals these numbers but for rounding. */
export function near(values: readonly number[]): readonly unknown[] {
  return values.map((value) => expect.closeTo(value, 9));
}
