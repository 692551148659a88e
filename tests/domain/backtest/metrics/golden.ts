import { readFileSync } from 'node:fs';
import { testData } from '../../../helpers/test-data.ts';

export type Row = Readonly<Record<string, string>>;

/** Rows of a CSV file of the test data by the names of its columns; no field of these files is quoted with a comma inside, but two. */
export function csvRows(path: string): Row[] {
  const [head, ...lines] = readFileSync(testData(path), 'utf8').trimEnd().split(/\r?\n/);
  const names = head!.split(',');
  return lines.map((line) => {
    const fields = line.match(/("[^"]*"|[^,]*)(,|$)/g)!.map((field) => field.replace(/,$/, ''));
    return Object.fromEntries(names.map((name, i) => [name, fields[i] ?? '']));
  });
}

export function column(rows: readonly Row[], name: string): Float64Array {
  return Float64Array.from(rows, (row) => Number(row[name]));
}

/** E[i] / E[i - 1] - 1. */
export function simpleReturns(values: Float64Array): Float64Array {
  return values.subarray(1).map((value, i) => value / values[i]! - 1);
}

export const googCandles = (): Row[] => csvRows('backtesting/bars/GOOG_1d_2004-2013.csv');

/** The returns of the two series of `metrics_reference.csv`, by their names there. */
export function referenceReturns(): Record<string, Float64Array> {
  return {
    GOOG_close: simpleReturns(column(googCandles(), 'close')),
    GOOG_rev_10_20_equity: simpleReturns(
      column(csvRows('backtesting/golden/btpy_equity_goog_rev_10_20_c002_excl.csv'), 'Equity'),
    ),
  };
}

/** Statistics of backtesting.py by case and name. */
export function btpyStats(name: string): Record<string, number> {
  const rows = csvRows('backtesting/golden/btpy_stats.csv').filter((row) => row['case'] === name);
  return Object.fromEntries(rows.map(({ metric, value }) => [metric!, Number(value)]));
}

/** |ours - theirs| / |theirs|. */
export function relativeDistance(ours: number | null | undefined, theirs: number): number {
  if (typeof ours !== 'number') return Infinity;
  return Math.abs(ours - theirs) / (theirs === 0 ? 1 : Math.abs(theirs));
}
