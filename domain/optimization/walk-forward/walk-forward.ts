import { simulateReturns } from '../../backtest/analysis/monte-carlo.ts';
import type { BacktestRun } from '../../backtest/run.ts';
import { closesAt } from '../../market/closes-at.ts';
import { returnsOfDays } from '../evaluation/event-row.ts';
import type { PreparedOptimization } from '../evaluation/optimization.ts';
import type { Interval, WalkForwardResult } from '../result.ts';
import type { Ranking } from '../trials/ranking.ts';
import { axisStability } from './axis-stability.ts';
import { type Earned, efficiencyOf } from './efficiency.ts';
import { stitchRuns } from './stitch-runs.ts';
import { summaryOf, walkFold, type WalkedFold } from './walk-fold.ts';

const PATHS = 10_000;
const LEAST_RETURNS = 8;
const CONFIDENCE = 0.9;

/** The walk-forward with what was computed on the way. */
export interface WalkedForward {
  readonly result: WalkForwardResult;
  /** The trials put end to end, and their daily returns. */
  readonly run: BacktestRun;
  readonly returns: Float64Array;
}

/**
 * Runs what each fold has chosen on its trial, which starts flat, and puts the trials end to end; a fold without a choice stays out of the
 * market.
 *
 * @param onFold told after each fold.
 */
export function walkForward(prepared: PreparedOptimization, ranking: Ranking, onFold?: () => void): WalkedForward {
  const { plan, input, space } = prepared;
  const folds = plan.folds.map((fold, k) => {
    const { trial, score } = ranking.choices[k]!;
    const isChosen = trial >= 0;
    const walked = walkFold(prepared, fold, isChosen ? ranking.table.indices[trial]! : null, isChosen ? score : null);
    onFold?.();
    return walked;
  });
  const run = stitchRuns(prepared, folds);
  const returns = returnsOfDays(run, input.days);
  const { values, reasons } = summaryOf(prepared, run, closesAt(input.markets[0]!, run.times));
  return {
    run,
    returns,
    result: {
      folds: folds.map(({ result }) => result),
      metrics: values,
      reasons,
      totalReturn: values['totalReturn'] ?? null,
      interval: intervalOf(returns, input.spec.seed),
      returns: returns.length,
      ...efficiencyOf(
        { annualReturn: values['annualReturn'] ?? null, returns: returns.length },
        earnedInside(folds, prepared.periodsPerYear),
        prepared.periodsPerYear,
      ),
      stability: axisStability(
        space,
        folds.map(({ result }) => result.index),
      ),
    },
  };
}

/** The interval of the total return, by the stationary bootstrap of the daily returns; `null` with too few of them. */
function intervalOf(returns: Float64Array, seed: number): Interval | null {
  if (returns.length < LEAST_RETURNS) return null;
  const simulated = simulateReturns(returns, { kind: 'stationary' }, { seed, paths: PATHS, start: 1 });
  if ('reason' in simulated) return null;
  return { confidence: CONFIDENCE, low: simulated.finalEquity.p5 - 1, high: simulated.finalEquity.p95 - 1 };
}

/** Why a walk-forward has no interval. */
export function intervalReason(returns: number): string {
  return `it needs at least ${LEAST_RETURNS} daily returns of the walk-forward, there are ${returns}`;
}

/** What all choices together earned where they were chosen; `null` when nothing was. */
function earnedInside(folds: readonly WalkedFold[], periodsPerYear: number): Earned | null {
  let growth = 1;
  let days = 0;
  for (const { result } of folds) {
    growth *= 1 + (result.trainMetrics?.['totalReturn'] ?? 0);
    days += result.trainMetrics?.['n'] ?? 0;
  }
  if (days === 0) return null;
  return { annualReturn: growth <= 0 ? null : growth ** (periodsPerYear / days) - 1, returns: days };
}
