import type { BacktestSpec } from '../backtest/spec/spec.ts';
import type { WalkForwardSpec } from './folds.ts';
import type { AxisSpec } from './space/axis.ts';
import type { SamplerSpec } from './space/sampler.ts';

/** How a combination's score is replaced by one of its neighbourhood, so that a plateau wins over a peak. */
export interface PlateauSpec {
  /** The middle of the scores, or their mean less `k` standard deviations. */
  readonly aggregate: 'median' | 'mean-minus-deviations';
  /** Standard deviations that are taken off; without meaning for the median. */
  readonly k: number;
}

/** What makes one combination better than another, complete with defaults. More is better. */
export interface ObjectiveSpec {
  /** Metrics by name with their weights; below 0 for what should be small. */
  readonly weights: Readonly<Record<string, number>>;
  /** `sum`: of weight x metric. `product`: of metric^weight, not defined where a metric is not above 0. */
  readonly combine: 'sum' | 'product';
  /** What is done to each metric first, over all combinations: nothing, less mean over deviation, or its rank as a share in (0, 1]. */
  readonly normalise: 'none' | 'zscore' | 'rank';
  /** Combinations with fewer closed trades rank last. In a part of the data it is as much less as the part is shorter. */
  readonly minTrades: number;
  /** `null`: the combination's own score counts. */
  readonly plateau: PlateauSpec | null;
}

/** What to optimise, complete with defaults and plain data. Together with the data it decides every bit of the result. */
export interface OptimizationSpec {
  /** The backtest of each combination; its strategy's parameters stand for those that the space does not vary. */
  readonly backtest: BacktestSpec;
  readonly space: Readonly<Record<string, AxisSpec>>;
  readonly constraints: readonly string[];
  readonly sampler: SamplerSpec;
  readonly objective: ObjectiveSpec;
  /** `null` for none: the result is not believable then. */
  readonly walkForward: WalkForwardSpec | null;
  readonly seed: number;
}
