import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { columnName, parseColumnName } from '../../../domain/indicators/column-name.ts';
import { describeWithData, testData } from '../../helpers/test-data.ts';

/** Relative difference allowed: what cancels in a variance is what TA-Lib's own sums lose. */
const toleranceOf = (name: string): number => (/^(VAR|STDDEV|BBANDS)_/.test(name) ? 1e-6 : 1e-9);

interface Table {
  readonly names: readonly string[];
  /** By name; an empty field is NaN. */
  readonly columns: ReadonlyMap<string, Float64Array>;
}

function tableOf(text: string): Table {
  const [head, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd().split(','));
  const names = head!.slice(1);
  const columns = new Map(
    names.map((name, k) => [
      name,
      Float64Array.from(rows, (row) => {
        const field = row[k + 1]!;
        return field === '' ? Number.NaN : Number(field);
      }),
    ]),
  );
  return { names, columns };
}

/** The first bar at which the two differ, in words, or `null`. */
function differenceOf(ours: Float64Array, theirs: Float64Array, tolerance: number): string | null {
  for (let i = 0; i < theirs.length; i++) {
    const [a, b] = [ours[i]!, theirs[i]!];
    const same = Number.isNaN(a) || Number.isNaN(b) ? Object.is(a, b) : Math.abs(a - b) <= tolerance * Math.abs(b);
    if (!same) return `bar ${i}: ours ${a}, TA-Lib ${b}`;
  }
  return null;
}

/** Tables are read in the tests, as there is no data when the file is loaded without it. */
const goldenTable = (): Table =>
  tableOf(gunzipSync(readFileSync(testData('backtesting/golden/talib_0.6.0dev_GOOG_1d.csv.gz'))).toString());
const barsTable = (): Table => tableOf(readFileSync(testData('backtesting/bars/GOOG_1d_2004-2013.csv'), 'utf8'));

describeWithData('indicators against TA-Lib 0.6.0-dev on GOOG daily bars', () => {
  it('gives every column, with the same first bar', () => {
    const golden = goldenTable();
    const bars = barsTable();
    const names = golden.names;
    expect(names).toHaveLength(74);
    const length = bars.columns.get('close')!.length;
    const different = names.flatMap((name) => {
      const { column, problem } = parseColumnName(name);
      if (problem !== null) return [problem.message];
      const { indicator, params, output } = column;
      const outputs = indicator.outputs.map(() => new Float64Array(length));
      indicator.compute(
        indicator.inputs.map((input) => bars.columns.get(input)!),
        params,
        outputs,
      );
      const difference = differenceOf(outputs[output]!, golden.columns.get(name)!, toleranceOf(name));
      return difference === null ? [] : [`${name} ${difference}`];
    });
    expect(different).toEqual([]);
  });

  it('reads each column name and writes it the same', () => {
    const names = goldenTable().names;
    const again = names.map((name) => {
      const { column } = parseColumnName(name);
      return column === null ? null : columnName(column);
    });
    expect(again).toEqual(names);
  });
});
