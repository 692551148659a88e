import type { SharpeJudgement } from '../result.ts';
import {
  deflatedSharpe,
  expectedBestSharpe,
  minimumTrackLength,
  probabilisticSharpe,
} from '../statistics/sharpe-statistics.ts';
import { type Judged, judged, unjudged } from './judgement.ts';

const CONFIDENCE = 0.95;

/** Metrics of the best combination's run, by the names of `calc metrics`. */
export type RunFigures = Readonly<Record<string, number | null>>;

export interface SharpeJudgements {
  readonly sharpe: Judged<SharpeJudgement>;
  readonly psr: Judged<number>;
  readonly dsr: Judged<number>;
}

/**
 * Judges the Sharpe ratio of the best of all trials, these and `earlierTrials`. The spread of Sharpe ratios is that of the trials that have
 * one; all of them count as tried.
 *
 * Earlier trials bring no spread of their own, and a second search around the best of a first has hardly any: two neighbours agree. So with
 * earlier trials the variance is never taken below 1 / (n - 1), the sampling variance of the Sharpe ratio of n returns without skill, which is
 * what unrelated worthless trials show (Lo, "The Statistics of Sharpe Ratios", Financial Analysts Journal 58(4), 2002).
 *
 * @param sharpeRatios annual, of this job's trials; NaN where not defined.
 */
export function judgeSharpe(
  best: RunFigures,
  sharpeRatios: Float64Array,
  earlierTrials: number,
  periodsPerYear: number,
): SharpeJudgements {
  const n = best['n'] ?? 0;
  const sharpe = best['srPerPeriodDdof1'] ?? null;
  const skew = best['skewUnbiased'] ?? null;
  const excess = best['excessKurtosisUnbiased'] ?? null;
  if (sharpe === null || skew === null || excess === null) {
    const none = unjudged(
      `the best combination has ${n.toLocaleString('en-US')} daily returns: its Sharpe ratio, skewness and kurtosis need 4 that differ`,
    );
    return { sharpe: none, psr: none, dsr: none };
  }
  const sample = { sharpe, n, skew, rawKurtosis: excess + 3 };
  const trials = sharpeRatios.length + earlierTrials;
  const { count, variance: own } = spreadOf(sharpeRatios, periodsPerYear);
  const variance = earlierTrials === 0 ? own : Math.max(count >= 2 ? own : 0, 1 / (n - 1));
  const annual = sharpe * Math.sqrt(periodsPerYear);
  const psr = probabilisticSharpe(sample, 0);
  const track = minimumTrackLength(sample, 0, CONFIDENCE);
  const isKnown = earlierTrials > 0 || count >= 2;
  const expectedBest = trials === 1 ? 0 : isKnown ? expectedBestSharpe(variance, trials) : null;
  const noVariance = 'skewness and kurtosis leave the Sharpe ratio of the best no variance';
  return {
    sharpe: judged({
      sharpe,
      sharpeRatio: annual,
      returns: n,
      skew,
      rawKurtosis: sample.rawKurtosis,
      trials,
      variance: isKnown ? variance : null,
      varianceTrials: count,
      expectedBest,
      minTrackLength: Number.isFinite(track) ? track : null,
      minBacktestYears: annual > 0 ? (2 * Math.log(trials)) / annual ** 2 : null,
    }),
    psr: Number.isNaN(psr) ? unjudged(noVariance) : judged(psr),
    dsr:
      expectedBest === null
        ? unjudged(`the spread of the Sharpe ratios needs 2 trials that have one, there is ${count}`)
        : Number.isNaN(psr)
          ? unjudged(noVariance)
          : judged(deflatedSharpe(sample, variance, trials)),
  };
}

/** Variance (n - 1) of the Sharpe ratios of one period, of the trials that have one. */
function spreadOf(
  sharpeRatios: Float64Array,
  periodsPerYear: number,
): { readonly count: number; readonly variance: number } {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const ratio of sharpeRatios) {
    if (!Number.isFinite(ratio)) continue;
    count += 1;
    const distance = ratio - mean;
    mean += distance / count;
    squares += distance * (ratio - mean);
  }
  return { count, variance: squares / (count - 1) / periodsPerYear };
}
