import { returnEnds as returnEndsOf } from '../../backtest/kernel/day-ends.ts';
import { kernelRefusal } from '../../backtest/kernel/kernel-refusal.ts';
import { marketTables } from '../../backtest/kernel/market-tables.ts';
import { rowColumns, rowWidth } from '../../backtest/kernel/metrics-row.ts';
import { gridColumns, type PreparedGrid, prepareGrid } from '../../backtest/kernel/prepare-grid.ts';
import { baseParams, spaceOf } from '../check-space.ts';
import type { BarRange } from '../folds.ts';
import { foldColumns } from '../objective/components.ts';
import { sampleAt } from '../space/sampler.ts';
import type { EvaluationRange, OptimizationInput, OptimizationPlan, PreparedOptimization } from './optimization.ts';
import { axisOf } from './plan.ts';

/** Combinations that go to the kernel at once. */
export const BATCH_COMBOS = 4096;

/**
 * Makes a search ready in this thread: what its combinations share is computed here, but for their lines. Throws a `RangeError` where
 * input and plan do not belong together.
 */
export function prepareOptimization(input: OptimizationInput, plan: OptimizationPlan): PreparedOptimization {
  const { spec, strategy, markets } = input;
  const space = spaceOf(spec, strategy);
  const times = axisOf(markets);
  if (space.size !== plan.size || plan.span.to > times.length) {
    throw new RangeError(
      `the plan is of ${plan.size} combinations and ${plan.span.to} bars, the input has ${space.size} and ${times.length}: plan it anew`,
    );
  }
  const base = baseParams(spec, strategy);
  const paramsAt = (index: number): Record<string, number> => ({ ...base, ...space.paramsAt(index) });
  const batch = { indices: new Float64Array(0) };
  const { periodsPerYear, days } = input;
  const grid = gridOf(input, plan, times, (place) => paramsAt(batch.indices[place]!));
  return {
    input,
    plan,
    space,
    at: sampleAt(space, spec.sampler, spec.seed),
    paramsAt,
    times,
    periodsPerYear,
    riskFreePerPeriod: (1 + spec.backtest.riskFreeRate) ** (1 / periodsPerYear) - 1,
    returnEnds: returnEndsOf({ ...markets[0]!, time: times, length: times.length }, plan.span.from, plan.span.to, days),
    columns: [...rowColumns(true), ...foldColumns(spec.objective, plan.folds.length)],
    whole: { ...plan.span, grid },
    trains: plan.folds.map(({ train }) => rangeOf(train, grid)),
    batch,
  };
}

/** Names of the lines that the combinations at positions `from` to `to` (not included) read and that have to be computed: `fillColumn`
 * of the kernel, on `prepared.whole.grid`, computes them. None where the event engine runs the search. */
export function optimizationColumns(prepared: PreparedOptimization, from: number, to: number): readonly string[] {
  const { batch, whole, at } = prepared;
  if (whole.grid === null) return [];
  const keys = new Set<string>();
  for (let start = from; start < to; start += BATCH_COMBOS) {
    const indices: number[] = [];
    for (let position = start; position < Math.min(to, start + BATCH_COMBOS); position++) {
      const index = at(position);
      if (index >= 0) indices.push(index);
    }
    batch.indices = Float64Array.from(indices);
    for (const key of gridColumns(whole.grid, 0, indices.length)) keys.add(key);
  }
  return [...keys];
}

/** The kernel's grid over the whole span; `null` where the kernel can run none of the combinations. */
function gridOf(
  { markets, strategy, spec, periodsPerYear, days, columns, maxColumnBytes }: OptimizationInput,
  { span }: OptimizationPlan,
  times: Float64Array,
  comboAt: (place: number) => Record<string, number>,
): PreparedGrid | null {
  const { rules } = strategy;
  const { broker, sizing } = spec.backtest;
  if (rules === undefined || markets.length !== 1 || kernelRefusal(broker, sizing, {}) !== null) return null;
  return prepareGrid({
    candles: markets[0]!,
    rulesOf: (params) => rules(params),
    combos: BATCH_COMBOS,
    comboAt,
    broker,
    sizing,
    periodsPerYear,
    ...(days === undefined ? {} : { days }),
    startBar: span.from,
    ...(span.to < times.length ? { to: times[span.to]! } : {}),
    withBlocks: true,
    ...(columns === undefined ? {} : { columns }),
    ...(maxColumnBytes === undefined ? {} : { maxColumnBytes }),
  });
}

/** The same grid on part of the bars: it shares the lines. */
function rangeOf(range: BarRange, grid: PreparedGrid | null): EvaluationRange {
  return { ...range, grid: grid === null ? null : gridOn(grid, range, null) };
}

/** A grid on other bars, with the same lines and extremes of blocks; without sums of blocks or, where ends of returns are given, with theirs. */
export function gridOn(grid: PreparedGrid, { from, to }: BarRange, ends: Int32Array | null): PreparedGrid {
  const { candles } = grid.input;
  const withBlocks = ends !== null;
  return {
    ...grid,
    input: { ...grid.input, withBlocks },
    market: {
      ...marketTables(candles, from, to, ends ?? returnEndsOf(candles, from, to, grid.input.days), false),
      blocks: grid.market.blocks,
    },
    startBar: from,
    rowWidth: rowWidth(withBlocks),
  };
}
