import type { PreparedGrid } from '../../backtest/kernel/prepare-grid.ts';
import type { Candles } from '../../market/candles.ts';
import type { MarketDays } from '../../market/market-days.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import type { BarRange, Fold } from '../folds.ts';
import type { SearchSpace } from '../space/search-space.ts';
import type { OptimizationSpec } from '../spec.ts';

/** What a search works on. */
export interface OptimizationInput {
  /** One for each symbol; the signal kernel runs searches on one. May lie in shared memory. */
  readonly markets: readonly Candles[];
  readonly strategy: Strategy;
  readonly spec: OptimizationSpec;
  /** Returns in a year, of days or of bars longer than a day: `yearOfBars` says how many those are. */
  readonly periodsPerYear: number;
  /** How time is cut into days; UTC days by default. */
  readonly days?: MarketDays;
  /** Lines that the caller has computed (`optimizationColumns`), in shared memory for instance. */
  readonly columns?: ReadonlyMap<string, Float64Array>;
  /** Memory for lines in this thread; 512 MiB by default. */
  readonly maxColumnBytes?: number;
}

/** What has to be counted once, and is the same for every thread: plain JSON. */
export interface OptimizationPlan {
  /** Combinations before constraints. */
  readonly size: number;
  /** Chunks are ranges of positions from 0 to `positions - 1`; `total` of them hold a combination. */
  readonly positions: number;
  readonly total: number;
  /** Combinations that the constraints or the strategy exclude, of those looked at. */
  readonly excluded: number;
  /** Bars of the time axis that every combination is evaluated on: the first is that of the longest warm-up. */
  readonly span: BarRange;
  /** Of the walk-forward; empty without. */
  readonly folds: readonly Fold[];
}

/** Bars that combinations are evaluated on, and the kernel's grid over them; `null` where the event engine runs everything. */
export interface EvaluationRange extends BarRange {
  readonly grid: PreparedGrid | null;
}

/** A search that is ready to evaluate any part of its combinations, in the thread that prepared it. */
export interface PreparedOptimization {
  readonly input: OptimizationInput;
  readonly plan: OptimizationPlan;
  readonly space: SearchSpace;
  /** Number of the combination at a position, or -1. */
  readonly at: (position: number) => number;
  /** Complete parameters of a combination. */
  readonly paramsAt: (index: number) => Record<string, number>;
  /** Open times of the bars of all symbols, rising: the axis that ranges count on. */
  readonly times: Float64Array;
  /** Daily returns in a year, or those of bars where a bar is longer than a day. */
  readonly periodsPerYear: number;
  readonly riskFreePerPeriod: number;
  /** Bars at whose close a daily return ends, in the whole span. */
  readonly returnEnds: Int32Array;
  /** Names of the numbers in a result row. */
  readonly columns: readonly string[];
  readonly whole: EvaluationRange;
  /** Where each fold chooses. */
  readonly trains: readonly EvaluationRange[];
  /** Combinations that the kernel's grids run next, by their place in the batch. */
  readonly batch: { indices: Float64Array };
}
