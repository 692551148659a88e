import { suggestion } from '../parameters/closest-match.ts';
import type { FieldProblem } from '../parameters/param-spec.ts';
import type { BarTable } from './bar-table.ts';
import { type IndicatorColumn, parseColumnName } from './column-name.ts';

export type ComputedColumns =
  | { readonly ok: true; readonly columns: readonly Float64Array[] }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** The columns of those names on the bars of a table; NaN before the lookback. All names that cannot be used are told at once. */
export function computeColumns(table: BarTable, names: readonly string[]): ComputedColumns {
  const parsed = names.map(parseColumnName);
  const problems = parsed.flatMap(({ problem }) => (problem === null ? [] : [{ ...problem, field: 'columns' }]));
  for (const [k, name] of names.entries()) {
    if (names.indexOf(name) !== k)
      problems.push({ field: 'columns', value: name, message: 'given twice; give each once' });
  }
  const wanted = parsed.flatMap(({ column }) => (column === null ? [] : [column]));
  for (const [k, column] of wanted.entries()) {
    const missing = column.indicator.inputs.find((input) => table.columns[input] === undefined);
    if (missing === undefined) continue;
    const message = `${column.indicator.name} reads ${missing}, which the file has not; ${suggestion(missing, Object.keys(table.columns))}`;
    problems.push({ field: 'columns', value: names[k]!, message });
  }
  if (problems.length > 0) return { ok: false, problems };
  const cache = new Map<string, readonly Float64Array[]>();
  return { ok: true, columns: wanted.map((column) => lineOf(table, column, cache)) };
}

/** One call computes all lines of an indicator. */
function lineOf(
  table: BarTable,
  { indicator, params, output }: IndicatorColumn,
  cache: Map<string, readonly Float64Array[]>,
): Float64Array {
  const key = `${indicator.name} ${JSON.stringify(params)}`;
  let outputs = cache.get(key);
  if (outputs === undefined) {
    outputs = indicator.outputs.map(() => new Float64Array(table.stamps.length));
    indicator.compute(
      indicator.inputs.map((input) => table.columns[input]!),
      params,
      outputs,
    );
    cache.set(key, outputs);
  }
  return outputs[output]!;
}
