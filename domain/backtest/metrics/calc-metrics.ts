import type { FieldProblem } from '../../parameters/param-spec.ts';
import { BENCHMARK_METRICS, benchmarked } from './benchmark-metrics.ts';
import { scanDrawdowns } from './drawdown.ts';
import { DRAWDOWN_METRICS } from './drawdown-metrics.ts';
import { computeMetrics, joinMetrics, type Metrics } from './metric.ts';
import { CALMAR, RETURN_METRICS } from './return-metrics.ts';
import { type Annualisation, describeReturns, wealthOf } from './return-series.ts';

/** Returns of equal periods as ratios, and those of a benchmark for the same periods. */
export interface MetricsInput extends Annualisation {
  readonly returns: Float64Array;
  readonly benchmark?: Float64Array;
}

export type ParsedMetricsInput =
  | { readonly ok: true; readonly input: MetricsInput }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** All metrics of a series of returns; drawdowns are those of the wealth that they compound to. */
export function calcMetrics({ returns, benchmark, ...annualisation }: MetricsInput): Metrics {
  const series = describeReturns(returns, annualisation);
  const drawdowns = scanDrawdowns(wealthOf(returns));
  return joinMetrics(
    computeMetrics(RETURN_METRICS, series),
    computeMetrics([CALMAR], { series, maxDrawdown: drawdowns.deepest?.depth ?? 0 }),
    computeMetrics(DRAWDOWN_METRICS, drawdowns),
    ...(benchmark === undefined
      ? []
      : [computeMetrics(BENCHMARK_METRICS, benchmarked(series, describeReturns(benchmark, annualisation)))]),
  );
}

const FIELDS = ['returns', 'periodsPerYear', 'riskFreeRate', 'benchmark'];

/**
 * Reads the input of `calc metrics`, an object with the fields
 *
 * - `returns`: list of ratios (0.01 is one percent), one for each period;
 * - `periodsPerYear`: 252 for daily returns of a market with sessions, 365 for one that never closes;
 * - `riskFreeRate`, optional: annual ratio, 0 by default;
 * - `benchmark`, optional: list of ratios for the same periods.
 *
 * All that is wrong is reported at once, by field; of a list, the first ten values.
 */
export function parseMetricsInput(value: unknown): ParsedMetricsInput {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, problems: [{ field: '', value, message: `give an object with ${FIELDS.join(', ')}` }] };
  }
  const given = value as Readonly<Record<string, unknown>>;
  const problems: FieldProblem[] = Object.keys(given)
    .filter((name) => !FIELDS.includes(name))
    .map((name) => ({ field: name, value: given[name], message: `unknown field; known: ${FIELDS.join(', ')}` }));
  const returns = readReturns('returns', given['returns'], problems);
  const periodsPerYear = given['periodsPerYear'];
  if (!isNumber(periodsPerYear) || periodsPerYear <= 0) {
    const message =
      'give a number above 0: 252 for daily returns of a market with sessions, 365 for one that never closes';
    problems.push({ field: 'periodsPerYear', value: periodsPerYear ?? null, message });
  }
  const riskFreeRate = given['riskFreeRate'] ?? 0;
  if (!isNumber(riskFreeRate) || riskFreeRate <= -1) {
    problems.push({
      field: 'riskFreeRate',
      value: riskFreeRate,
      message: 'give an annual ratio above -1, such as 0.03',
    });
  }
  const named = given['benchmark'] ?? undefined;
  const benchmark = named === undefined ? undefined : readReturns('benchmark', named, problems);
  if (Array.isArray(named) && Array.isArray(given['returns']) && named.length !== given['returns'].length) {
    const message = `give one for each of the ${given['returns'].length} returns`;
    problems.push({ field: 'benchmark', value: `${named.length} values`, message });
  }
  if (problems.length > 0 || !isNumber(periodsPerYear) || !isNumber(riskFreeRate)) return { ok: false, problems };
  return {
    ok: true,
    input: { returns, periodsPerYear, riskFreeRate, ...(benchmark === undefined ? {} : { benchmark }) },
  };
}

const REPORTED_VALUES = 10;

function readReturns(field: string, value: unknown, problems: FieldProblem[]): Float64Array {
  if (!Array.isArray(value) || value.length === 0) {
    problems.push({ field, value: value ?? null, message: 'give a list of at least one ratio, such as [0.01, -0.02]' });
    return new Float64Array(0);
  }
  const returns = Float64Array.from(value, (item: unknown) => (isNumber(item) && item >= -1 ? item : Number.NaN));
  let wrong = 0;
  for (let i = 0; i < returns.length && wrong < REPORTED_VALUES; i++) {
    if (!Number.isNaN(returns[i]!)) continue;
    const item = (value as unknown[])[i] ?? null;
    const message = isNumber(item)
      ? 'give a ratio of at least -1: nobody loses more than all of it'
      : 'give a finite number: 0.01 is one percent';
    problems.push({ field: `${field}[${i}]`, value: item, message });
    wrong += 1;
  }
  return returns;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
