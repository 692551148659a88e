import { dailyReturnsOf, returnsPerTrial } from './evaluation/daily-returns.ts';
import type { PreparedOptimization } from './evaluation/optimization.ts';
import { judgeOverfitting } from './judgement/judge-overfitting.ts';
import { judgeSharpe } from './judgement/judge-sharpe.ts';
import { judgeSuperiority } from './judgement/judge-superiority.ts';
import { type Judged, judged, unjudged } from './judgement/judgement.ts';
import { defaultHorizon, predictionOf } from './judgement/prediction-of.ts';
import { verdictOf } from './judgement/verdict.ts';
import { noteworthy } from './notes.ts';
import { picturesOf } from './pictures/pictures.ts';
import type { Interval, OptimizationResult } from './result.ts';
import { type EarlierTrials, farOutnumber } from './trials/earlier-trials.ts';
import type { Ranking } from './trials/ranking.ts';
import { bestTrial, topTrials } from './trials/summaries.ts';
import { stamp } from './walk-forward/walk-fold.ts';
import { intervalReason, type WalkedForward, walkForward } from './walk-forward/walk-forward.ts';

export interface Conclusion {
  /** Whole rows of `ranking.rowIndices`, in that order. */
  readonly rows: Float64Array;
  /** Daily returns of `ranking.returnIndices`, in that order; computed here when absent. */
  readonly dailyReturns?: Float64Array;
  /** Trials of other jobs that looked at the same market in the same time. */
  readonly earlierTrials: EarlierTrials;
  /** Days ahead that the return is predicted for; those of a fold's trial by default, a quarter of the data without a walk-forward. */
  readonly horizonDays?: number;
  /** Told after each part of the work; it may throw to end it. */
  readonly onProgress?: () => void;
}

const NO_BEST = 'no combination has a score: each has too few trades, or no value of the objective';

/** Judges a search whose trials are all ranked: everything about it in one document. The same input gives the same bits. */
export function concludeOptimization(
  prepared: PreparedOptimization,
  ranking: Ranking,
  conclusion: Conclusion,
): OptimizationResult {
  const { rows, earlierTrials, onProgress } = conclusion;
  const { table } = ranking;
  checkRows(prepared, ranking, conclusion);
  const best = bestTrial(prepared, ranking);
  onProgress?.();
  const walked = prepared.plan.folds.length === 0 ? null : walkForward(prepared, ranking, onProgress);
  const overfitting = judgeOverfitting(prepared, rows, table.count);
  onProgress?.();
  const { sharpe, psr, dsr } =
    best === null
      ? { sharpe: unjudged(NO_BEST), psr: unjudged(NO_BEST), dsr: unjudged(NO_BEST) }
      : judgeSharpe(best.summary.metrics, table.sharpeRatios, earlierTrials, prepared.periodsPerYear);
  const superiority = judgeSuperiority(prepared, returnsOf(prepared, ranking, conclusion), table.count);
  onProgress?.();
  const horizonDays = conclusion.horizonDays ?? defaultHorizon(prepared);
  const prediction =
    best === null
      ? unjudged(NO_BEST)
      : predictionOf(prepared, best, walked, sharpe.value?.expectedBest ?? null, horizonDays);
  const interval = intervalOf(walked);
  const pbo = overfitting.value === null ? overfitting : judged(overfitting.value.pbo);
  const { span } = prepared.plan;
  return {
    span: { from: stamp(prepared, span.from), to: stamp(prepared, span.to), bars: span.to - span.from },
    tried: table.count,
    excluded: prepared.plan.excluded,
    tooFewTrades: ranking.tooFewTrades,
    earlierTrials: earlierTrials.trials,
    earlierJobs: earlierTrials.jobs,
    best: best?.summary ?? null,
    top: topTrials(prepared, ranking, rows),
    psr: psr.value,
    dsr: dsr.value,
    sharpe: sharpe.value,
    pbo: pbo.value,
    overfitting: overfitting.value?.judgement ?? null,
    spa: superiority.found,
    walkForward: walked?.result ?? null,
    prediction: prediction.value,
    ...verdictOf({
      trials: table.count + earlierTrials.trials,
      dsr,
      pbo,
      interval,
      knownBefore: walked !== null && farOutnumber(earlierTrials, table.count) ? earlierTrials.trials : null,
    }),
    reasons: {
      ...(best === null ? { best: NO_BEST } : prefixed('best.metrics', best.reasons)),
      ...reasonsOf({ psr, dsr, sharpe, pbo, overfitting, prediction }),
      ...prefixed('spa', superiority.reasons),
      ...reasonsOf(walked === null ? { walkForward: interval } : { 'walkForward.interval': interval }),
    },
    notes: noteworthy(prepared, ranking, earlierTrials),
    pictures: picturesOf(prepared, ranking, walked, overfitting.value?.logits ?? null),
  };
}

function checkRows(prepared: PreparedOptimization, ranking: Ranking, { rows, dailyReturns }: Conclusion): void {
  const check = (name: string, found: number, needed: number): void => {
    if (found !== needed) throw new RangeError(`${name} has ${found} numbers: the ranking asks for ${needed}`);
  };
  check('rows', rows.length, ranking.rowIndices.length * prepared.columns.length);
  if (dailyReturns !== undefined)
    check('dailyReturns', dailyReturns.length, ranking.returnIndices.length * returnsPerTrial(prepared));
}

function returnsOf(
  prepared: PreparedOptimization,
  { returnIndices }: Ranking,
  { dailyReturns }: Conclusion,
): Float64Array {
  if (dailyReturns !== undefined) return dailyReturns;
  const returns = new Float64Array(returnIndices.length * returnsPerTrial(prepared));
  dailyReturnsOf(prepared, returnIndices, 0, returnIndices.length, returns);
  return returns;
}

function intervalOf(walked: WalkedForward | null): Judged<Interval> {
  if (walked === null) return unjudged('the search has no walk-forward');
  const { interval, returns } = walked.result;
  return interval === null ? unjudged(intervalReason(returns)) : judged(interval);
}

function reasonsOf(figures: Readonly<Record<string, Judged<unknown>>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, { reason }]) => (reason === null ? [] : [[name, reason]])),
  );
}

function prefixed(path: string, reasons: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(reasons).map(([name, reason]) => [`${path}.${name}`, reason]));
}
