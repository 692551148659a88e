import type { InputName } from '../../domain/indicators/indicator.ts';
import { findIndicator } from '../../domain/indicators/registry.ts';
import { completeParams } from '../../domain/parameters/param-spec.ts';
import type { Rows } from '../parity.ts';
import { numbersOf } from './options.ts';
import type { Case } from './prepared-case.ts';

/** One indicator with its standard parameters over all bars, `repeats` times, into columns that the caller owns. */
export const indicatorRun: Case = (candles, options) => {
  const { repeats } = numbersOf(options, 'repeats');
  const indicator = findIndicator(String(options['indicator']));
  if (indicator === undefined) throw new RangeError(`option indicator is ${String(options['indicator'])}`);
  const { params } = completeParams(indicator.params, {});
  const inputs = indicator.inputs.map((name: InputName) => candles[name]);
  const outputs = indicator.outputs.map(() => new Float64Array(candles.length));
  return () => {
    for (let k = 0; k < repeats; k++) indicator.compute(inputs, params, outputs);
    return () => rowsOfColumns(outputs);
  };
};

function rowsOfColumns(columns: readonly Float64Array[]): Rows {
  const values = new Float64Array(columns.length * columns[0]!.length);
  columns.forEach((column, c) => {
    for (let i = 0; i < column.length; i++) values[i * columns.length + c] = column[i]!;
  });
  return { columns: columns.length, values };
}
