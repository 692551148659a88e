import { returnsPerTrial } from '../evaluation/daily-returns.ts';
import type { PreparedOptimization } from '../evaluation/optimization.ts';
import type { Prediction } from '../result.ts';
import type { BestTrial } from '../trials/summaries.ts';
import type { WalkedForward } from '../walk-forward/walk-forward.ts';
import type { Judged } from './judgement.ts';
import { predict } from './predict.ts';

/** What to expect of the best combination of a search on fresh data. */
export function predictionOf(
  { input }: PreparedOptimization,
  best: BestTrial,
  walked: WalkedForward | null,
  expectedBest: number | null,
  horizonDays: number,
): Judged<Prediction> {
  const { seed } = input.spec;
  return predict({ chosen: best.returns, outOfSample: walked?.returns ?? null, expectedBest, horizonDays, seed });
}

/** Days of a fold's trial, by its share of the bars; of a quarter of the data without folds. */
export function defaultHorizon(prepared: PreparedOptimization): number {
  const { span, folds } = prepared.plan;
  const [fold] = folds;
  const share = fold === undefined ? 0.25 : (fold.test.to - fold.test.from) / (span.to - span.from);
  return Math.max(1, Math.round(share * returnsPerTrial(prepared)));
}
