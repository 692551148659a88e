import { jointTimes } from '../../backtest/engine/time-axis.ts';
import { firstAtOrAfter } from '../../backtest/engine/equity-curve.ts';
import { isoOf } from '../../market/candle-checks.ts';
import type { Candles } from '../../market/candles.ts';
import type { FieldProblem } from '../../parameters/param-spec.ts';
import { checkSpace, spaceOf } from '../check-space.ts';
import { type BarRange, type Fold, walkForwardFolds } from '../folds.ts';
import { Effort } from '../space/effort.ts';
import { createSample } from '../space/sampler.ts';
import type { OptimizationInput, OptimizationPlan } from './optimization.ts';
import { LongestWarmUp, type WarmUp } from './warm-up.ts';

export type PlannedOptimization =
  | { readonly ok: true; readonly plan: OptimizationPlan }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/**
 * Counts the combinations of a search, finds the bar at which all of them can start, and cuts the folds: once for each search, before
 * anything runs. What that may cost is bounded by an `Effort`.
 *
 * @returns the plan, or what is wrong: a space that does not fit the strategy, constraints that leave nothing or take too long to count,
 *   data shorter than the warm-up, folds longer than the data, more trades wanted than there are bars.
 */
export function planOptimization(input: OptimizationInput): PlannedOptimization {
  const { spec, strategy, markets } = input;
  const unfit = checkSpace(spec, strategy);
  if (unfit.length > 0) return { ok: false, problems: unfit };
  const times = axisOf(markets);
  const period = barsBetween(times, spec.backtest);
  if (period.from >= period.to) return { ok: false, problems: [emptyPeriod(times, input)] };
  const space = spaceOf(spec, strategy);
  const effort = new Effort();
  const warmUps = new LongestWarmUp(input, times, space, effort);
  const visit = warmUps.meet.bind(warmUps);
  const sample = createSample(space, spec.sampler, spec.seed, { effort, visit });
  if (!('total' in sample)) return { ok: false, problems: [sample] };
  const { longest } = warmUps;
  const span: BarRange = { from: Math.max(period.from, longest.bars), to: period.to };
  if (span.from >= span.to) return { ok: false, problems: [tooShort(longest, period, times.length)] };
  const wanted = tooManyTrades(span, input);
  if (wanted !== null) return { ok: false, problems: [wanted] };
  const folds = foldsOf(span, input);
  if ('field' in folds) return { ok: false, problems: [folds] };
  const { positions, total, excluded } = sample;
  return { ok: true, plan: { size: space.size, positions, total, excluded, span, folds } };
}

/** Open times of the bars of all symbols. */
export function axisOf(markets: readonly Candles[]): Float64Array {
  if (markets.length === 1) return markets[0]!.time.subarray(0, markets[0]!.length);
  return jointTimes(markets.map((candles) => ({ candles, from: 0, to: candles.length })));
}

function barsBetween(
  times: Float64Array,
  { from, to }: { readonly from: string | null; readonly to: string | null },
): BarRange {
  return {
    from: from === null ? 0 : firstAtOrAfter(times, Date.parse(from)),
    to: to === null ? times.length : firstAtOrAfter(times, Date.parse(to)),
  };
}

function emptyPeriod(times: Float64Array, { spec }: OptimizationInput): FieldProblem {
  const { from, to } = spec.backtest;
  const has =
    times.length === 0
      ? 'the data have no bar at all'
      : `the data have bars from ${isoOf(times[0]!)} to ${isoOf(times.at(-1)!)}`;
  const asked = `from ${from ?? 'their start'} to ${to ?? 'their end'}`;
  return { field: 'from', value: from, message: `no bar opens ${asked}: ${has}; widen the range, or take other data` };
}

function tooShort({ bars, params }: WarmUp, period: BarRange, total: number): FieldProblem {
  const told = Object.entries(params)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  return {
    field: 'space',
    value: params,
    message:
      `no bar is left to trade: the data have ${total} bars, the period ends before bar ${period.to} and the lines of ${told} need ` +
      `${bars} bars: give more data, or shorter lines`,
  };
}

/** More closed trades than bars are a slip of the pen: every combination would rank last. */
function tooManyTrades({ from, to }: BarRange, { markets, spec }: OptimizationInput): FieldProblem | null {
  const { minTrades } = spec.objective;
  const most = (to - from) * markets.length;
  if (minTrades <= most) return null;
  const message = `there are only ${most} bars to close them in, so all combinations would rank last: give fewer, or more data`;
  return { field: 'objective.minTrades', value: minTrades, message };
}

function foldsOf(span: BarRange, { spec }: OptimizationInput): readonly Fold[] | FieldProblem {
  return spec.walkForward === null ? [] : walkForwardFolds(span.from, span.to, spec.walkForward);
}
