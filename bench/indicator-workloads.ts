import type { Indicator } from '../domain/indicators/indicator.ts';
import { indicators } from '../domain/indicators/registry.ts';
import { completeParams } from '../domain/parameters/param-spec.ts';
import type { Workload } from './workload.ts';

/** Passes in one measured run, so that it lasts long enough for the clock. */
const REPEATS = 5;

/** Ours that TA-Lib does not have. */
const NOT_IN_TALIB = new Set(['DONCHIAN', 'HMA', 'ICHIMOKU', 'KELTNER', 'SUPERTREND', 'VWAP', 'VWMA']);

/** Where TA-Lib asks for the kind of average: after so many parameters. 0 is the simple one, which is ours. */
const AVERAGE_AFTER: Readonly<Record<string, readonly number[]>> = {
  APO: [2],
  BBANDS: [3],
  PPO: [2],
  STOCH: [2, 3],
  STOCHF: [2],
  STOCHRSI: [3],
};
const SIMPLE_AVERAGE = 0;

const TOLERANCE = 1e-9;

/**
 * Variances and slopes are small differences of large sums: checked against exact fractions, the slopes of TA-Lib are off by up to 4e-7 over a
 * million bars and ours by 2e-13. The cycles of HT_DCPERIOD feed rounding back; which side is closer there has not been looked into.
 */
const TOLERANCES: Readonly<Record<string, number>> = {
  BBANDS: 1e-6,
  HT_DCPERIOD: 1e-8,
  LINEARREG_SLOPE: 1e-6,
  STDDEV: 1e-6,
  VAR: 1e-6,
};

/** One workload for each indicator that TA-Lib has too, with its standard parameters. */
export const INDICATOR_WORKLOADS: readonly Workload[] = indicators
  .filter(({ name }) => !NOT_IN_TALIB.has(name))
  .map(workloadOf);

function workloadOf(indicator: Indicator): Workload {
  const { name, inputs, outputs } = indicator;
  const { params } = completeParams(indicator.params, {});
  const isPattern = name.startsWith('CDL');
  const values = isPattern ? [] : indicator.params.map((spec) => params[spec.name]!);
  for (const place of [...(AVERAGE_AFTER[name] ?? [])].toReversed()) values.splice(place, 0, SIMPLE_AVERAGE);
  const own = isPattern ? '' : indicator.params.map((spec) => `_${params[spec.name]}`).join('');
  return {
    name,
    title: `${name}${own}`,
    unit: 'ns/bar',
    bars: 'minutes-1m',
    amount: REPEATS,
    ours: { case: 'indicator-run', options: { indicator: name, repeats: REPEATS } },
    peers: [
      {
        name: 'TA-Lib',
        case: 'talib_cases/indicator',
        options: { function: name, inputs, parameters: values, repeats: REPEATS },
      },
    ],
    columns: outputs,
    tolerance: TOLERANCES[name] ?? TOLERANCE,
    // There a pattern is 0 while it warms up, which is a statement and not an unknown.
    ...(isPattern ? { skipRows: indicator.lookback(params) } : {}),
  };
}
