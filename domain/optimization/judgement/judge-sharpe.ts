import type { SharpeJudgement } from '../result.ts';
import {
  deflatedSharpe,
  expectedBestSharpe,
  minimumTrackLength,
  probabilisticSharpe,
} from '../statistics/sharpe-statistics.ts';
import { pooledSpread, scaledSpread, type Spread, spreadOf } from '../statistics/pooled-spread.ts';
import { type EarlierTrials, inStandardErrors } from '../trials/earlier-trials.ts';
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
 * Judges the Sharpe ratio of the best of all trials, these and earlier ones. All of them count as tried; the spread of Sharpe ratios is that of
 * the trials that have one, of all searches pooled, each ratio in its own standard errors and then in those of the best one's n returns.
 *
 * The pooled variance weighs by numbers. After a wide search, a second through thousands of neighbours of its best brings thousands of ratios that
 * agree, and would make the spread of the whole as small as it likes; but the best was chosen among the wide ones. So with earlier trials the
 * variance is never taken below 1 / (n - 1), the sampling variance of the Sharpe ratio of n returns without skill, which is what unrelated
 * worthless trials show (Lo, "The Statistics of Sharpe Ratios", Financial Analysts Journal 58(4), 2002).
 *
 * @param sharpeRatios annual, of this job's trials; NaN where not defined.
 */
export function judgeSharpe(
  best: RunFigures,
  sharpeRatios: Float64Array,
  earlier: EarlierTrials,
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
  const trials = sharpeRatios.length + earlier.trials;
  const { count, variance, source } = varianceOf(spreadOf(sharpeRatios), earlier, n, periodsPerYear);
  const annual = sharpe * Math.sqrt(periodsPerYear);
  const psr = probabilisticSharpe(sample, 0);
  const track = minimumTrackLength(sample, 0, CONFIDENCE);
  const isKnown = source === 'chance' || count >= 2;
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
      varianceFrom: source,
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

/** Variance (n - 1) of the Sharpe ratios of one period, of the trials that have one; never below that of chance where there are earlier ones. */
function varianceOf(
  own: Spread,
  earlier: EarlierTrials,
  n: number,
  periodsPerYear: number,
): { readonly count: number; readonly variance: number; readonly source: SharpeJudgement['varianceFrom'] } {
  if (earlier.trials === 0) {
    return { count: own.count, variance: own.squares / (own.count - 1) / periodsPerYear, source: 'trials' };
  }
  const { count, squares } = pooledSpread(scaledSpread(own, inStandardErrors(1, n, periodsPerYear)), earlier.spread);
  const ofChance = 1 / (n - 1);
  const pooled = count >= 2 ? squares / (count - 1) / (n - 1) : 0;
  return pooled > ofChance
    ? { count, variance: pooled, source: 'trials' }
    : { count, variance: ofChance, source: 'chance' };
}
