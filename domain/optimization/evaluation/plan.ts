import { ColumnStore } from '../../backtest/kernel/column-store.ts';
import { compileSignals } from '../../backtest/kernel/signal-program.ts';
import { jointTimes } from '../../backtest/engine/time-axis.ts';
import { firstAtOrAfter } from '../../backtest/engine/equity-curve.ts';
import { isoOf } from '../../market/candle-checks.ts';
import type { Candles } from '../../market/candles.ts';
import type { FieldProblem } from '../../parameters/param-spec.ts';
import { LineBoard } from '../../strategies/lines/line-board.ts';
import type { StrategyParams } from '../../strategies/strategy.ts';
import { baseParams, checkSpace, spaceOf } from '../check-space.ts';
import { type BarRange, type Fold, walkForwardFolds } from '../folds.ts';
import { createSample, type Sample } from '../space/sampler.ts';
import type { SearchSpace } from '../space/search-space.ts';
import type { OptimizationInput, OptimizationPlan } from './optimization.ts';

export type PlannedOptimization =
  | { readonly ok: true; readonly plan: OptimizationPlan }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/**
 * Counts the combinations of a search, finds the bar at which all of them can start, and cuts the folds: once for each search, before
 * anything runs. Goes through all combinations of a grid.
 *
 * @returns the plan, or what is wrong: a space that does not fit the strategy, constraints that leave nothing, data shorter than the
 *   warm-up, folds longer than the data.
 */
export function planOptimization(input: OptimizationInput): PlannedOptimization {
  const { spec, strategy, markets } = input;
  const unfit = checkSpace(spec, strategy);
  if (unfit.length > 0) return { ok: false, problems: unfit };
  const times = axisOf(markets);
  const period = barsBetween(times, spec.backtest);
  if (period.from >= period.to) return { ok: false, problems: [emptyPeriod(times, input)] };
  const space = spaceOf(spec, strategy);
  const sample = createSample(space, spec.sampler, spec.seed);
  if (!('total' in sample)) return { ok: false, problems: [sample] };
  const warmUp = longestWarmUp(input, times, space, sample);
  const span: BarRange = { from: Math.max(period.from, warmUp.bars), to: period.to };
  if (span.from >= span.to) return { ok: false, problems: [tooShort(warmUp, period, times.length)] };
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

interface WarmUp {
  readonly bars: number;
  readonly params: StrategyParams;
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

function foldsOf(span: BarRange, { spec }: OptimizationInput): readonly Fold[] | FieldProblem {
  return spec.walkForward === null ? [] : walkForwardFolds(span.from, span.to, spec.walkForward);
}

/** The most bars that any combination needs before it can trade, and that combination. */
function longestWarmUp(input: OptimizationInput, times: Float64Array, space: SearchSpace, sample: Sample): WarmUp {
  const { spec, strategy, markets } = input;
  const base = baseParams(spec, strategy);
  const { sizing } = spec.backtest;
  const forSizing = sizing.kind === 'volatilityTarget' ? sizing.window - 1 : 0;
  const barsOf = warmUpOf(input, times);
  let longest: WarmUp = { bars: -1, params: {} };
  for (let position = 0; position < sample.positions; position++) {
    const index = sample.at(position);
    if (index < 0) continue;
    const own = space.paramsAt(index);
    const bars = Math.max(barsOf({ ...base, ...own }), markets.length === 1 ? forSizing : 0);
    if (bars > longest.bars) longest = { bars, params: own };
  }
  return longest;
}

/** Tells how many bars of the axis pass before a combination's lines have values. */
function warmUpOf({ strategy, markets }: OptimizationInput, times: Float64Array): (params: StrategyParams) => number {
  const [only] = markets;
  if (strategy.rules !== undefined && markets.length === 1) {
    const store = new ColumnStore(only!, { maxBytes: 0 });
    return (params) => compileSignals(strategy.rules!(params), store).warmUp;
  }
  return (params) => {
    const first = markets.map((candles) => {
      const board = new LineBoard(candles);
      board.prepare(strategy, params);
      return candles.time[board.warmUpBars] ?? Number.POSITIVE_INFINITY;
    });
    const time = Math.min(...first);
    return time === Number.POSITIVE_INFINITY ? times.length : firstAtOrAfter(times, time);
  };
}
