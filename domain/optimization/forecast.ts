import { runBacktest } from '../backtest/engine/run-backtest.ts';
import { type Candles, sliceCandles } from '../market/candles.ts';
import { closeTime } from '../market/candles.ts';
import type { OptimizationInput } from './evaluation/optimization.ts';
import { search } from './search.ts';
import type { OptimizationResult, Prediction } from './result.ts';

/** What a search on the first bars has said of the bars after them, and what came. */
export interface Forecast {
  readonly result: OptimizationResult;
  readonly prediction: Prediction;
  /** Total return of the chosen parameters on the bars after, from flat. */
  readonly realised: number;
  readonly isCovered: boolean;
}

/**
 * Searches on the bars before `end` and holds the prediction against the days after. `null` when nothing was chosen or predicted, or the data
 * end before the horizon does.
 */
export function forecast(input: OptimizationInput, end: number, horizonDays?: number): Forecast | null {
  const [candles] = input.markets as readonly [Candles];
  const seen = sliceCandles(candles, 0, end);
  const found = search({ ...input, markets: [seen] }, horizonDays === undefined ? {} : { horizonDays });
  if (!found.ok) throw new RangeError(found.problems.map(({ field, message }) => `${field}: ${message}`).join('; '));
  const { best, prediction } = found.result;
  if (best === null || prediction === null) return null;
  const until = closeTime(candles, end - 1) + prediction.horizonDays * 86_400_000;
  if (closeTime(candles, candles.length - 1) < until) return null;
  const { broker, sizing } = input.spec.backtest;
  const run = runBacktest({
    markets: [candles],
    strategy: input.strategy,
    params: best.params,
    broker,
    sizing,
    from: candles.time[end]!,
    to: until,
  });
  const realised = run.equity.at(-1)! / run.initialCash - 1;
  return {
    result: found.result,
    prediction,
    realised,
    isCovered: prediction.low <= realised && realised <= prediction.high,
  };
}
