import { type Candles, closeTime, sliceCandles } from '../market/candles.ts';
import { runBacktest } from '../backtest/engine/run-backtest.ts';
import type { OptimizationInput } from './evaluation/optimization.ts';
import { judgeSharpe } from './judgement/judge-sharpe.ts';
import { defaultHorizon, predictionOf } from './judgement/prediction-of.ts';
import type { Prediction } from './result.ts';
import { tryAll } from './search.ts';
import { NO_EARLIER_TRIALS } from './trials/earlier-trials.ts';
import { bestTrial } from './trials/summaries.ts';
import { walkForward } from './walk-forward/walk-forward.ts';

/** What a search on the first bars has said of the bars after them, and what came. */
export interface Forecast {
  readonly params: Readonly<Record<string, number>>;
  readonly prediction: Prediction;
  /** Total return of the chosen parameters on the bars after, from flat. */
  readonly realised: number;
  readonly isCovered: boolean;
}

const DAY_MS = 86_400_000;

/**
 * Searches on the bars before `end` and holds the prediction against the days after. `null` when nothing was chosen or predicted, or the data
 * end before the horizon does. Throws a `RangeError` for a search that cannot be planned.
 *
 * @param horizonDays those of a fold's trial by default.
 */
export function forecast(input: OptimizationInput, end: number, horizonDays?: number): Forecast | null {
  const [candles] = input.markets as readonly [Candles];
  const tried = tryAll({ ...input, markets: [sliceCandles(candles, 0, end)] });
  if (!tried.ok) throw new RangeError(tried.problems.map(({ field, message }) => `${field}: ${message}`).join('; '));
  const { prepared, ranking } = tried;
  const best = bestTrial(prepared, ranking);
  if (best === null) return null;
  const { metrics, params } = best.summary;
  const { sharpe } = judgeSharpe(metrics, ranking.table.sharpeRatios, NO_EARLIER_TRIALS, prepared.periodsPerYear);
  const walked = prepared.plan.folds.length === 0 ? null : walkForward(prepared, ranking);
  const days = horizonDays ?? defaultHorizon(prepared);
  const prediction = predictionOf(prepared, best, walked, sharpe.value?.expectedBest ?? null, days).value;
  const until = closeTime(candles, end - 1) + days * DAY_MS;
  if (prediction === null || closeTime(candles, candles.length - 1) < until) return null;
  const realised = returnAfter(input, params, candles.time[end]!, until);
  return { params, prediction, realised, isCovered: prediction.low <= realised && realised <= prediction.high };
}

function returnAfter(
  { markets, strategy, spec }: OptimizationInput,
  params: Readonly<Record<string, number>>,
  from: number,
  to: number,
): number {
  const { broker, sizing } = spec.backtest;
  const run = runBacktest({ markets, strategy, params, broker, sizing, from, to });
  return run.equity.at(-1)! / run.initialCash - 1;
}
