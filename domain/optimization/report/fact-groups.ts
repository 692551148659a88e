import type { Format } from '../../backtest/report/metric-groups.ts';
import type { OptimizationResult, OverfittingJudgement, SharpeJudgement } from '../result.ts';

/** How the page writes a figure of a search. */
export type FactFormat = Format | 'probability' | 'text';

interface Fact {
  readonly title: string;
  readonly value: number | string | null;
  readonly format: FactFormat;
  /** Why there is no value. */
  readonly reason: string | null;
}

/** A small table of titles and figures. */
export interface FactGroup {
  readonly title: string;
  readonly rows: readonly Fact[];
}

const VARIANCE_FROM: Readonly<Record<SharpeJudgement['varianceFrom'], string>> = {
  trials: 'the trials',
  chance: 'chance: with earlier trials it is the least',
};

const fact = (title: string, value: Fact['value'], format: FactFormat, reason: string | null = null): Fact => ({
  title,
  value,
  format,
  reason: value === null ? (reason ?? 'not known') : null,
});

/** The figures behind the verdict, as tables. */
export function factGroups(result: OptimizationResult): readonly FactGroup[] {
  return [
    trialFacts(result),
    ...(result.sharpe === null ? [] : [sharpeFacts(result, result.sharpe)]),
    ...(result.overfitting === null ? [] : [overfittingFacts(result, result.overfitting)]),
  ];
}

function trialFacts({ tried, excluded, tooFewTrades, earlierTrials, sharpe }: OptimizationResult): FactGroup {
  return {
    title: 'Trials',
    rows: [
      fact('combinations tried', tried, 'count'),
      fact('excluded by constraints or the strategy', excluded, 'count'),
      fact('tried, with too few trades to rank', tooFewTrades, 'count'),
      fact('of other searches of the same market in this time', earlierTrials, 'count'),
      fact('counted in the deflated Sharpe ratio', sharpe?.trials ?? tried + earlierTrials, 'count'),
    ],
  };
}

function sharpeFacts({ psr, dsr, reasons }: OptimizationResult, sharpe: SharpeJudgement): FactGroup {
  const why = (field: string): string | null => reasons[`sharpe.${field}`] ?? null;
  return {
    title: 'Sharpe ratio of the best',
    rows: [
      fact('annual', sharpe.sharpeRatio, 'ratio'),
      fact('of one period', sharpe.sharpe, 'ratio'),
      fact(
        'standard deviation of the Sharpe ratios of one period',
        sharpe.variance === null ? null : Math.sqrt(sharpe.variance),
        'ratio',
        why('expectedBest'),
      ),
      fact('taken from', VARIANCE_FROM[sharpe.varianceFrom ?? 'trials'], 'text'),
      fact('best of one period expected by chance', sharpe.expectedBest, 'ratio', why('expectedBest')),
      fact('probability that it is above 0 (PSR)', psr, 'probability', reasons['psr'] ?? null),
      fact('probability that it is above chance (DSR)', dsr, 'probability', reasons['dsr'] ?? null),
      fact('returns measured', sharpe.returns, 'count'),
      fact('returns needed to believe it is above 0', sharpe.minTrackLength, 'count', why('minTrackLength')),
      fact('years in which chance shows as much', sharpe.minBacktestYears, 'count', why('minBacktestYears')),
      fact('skewness', sharpe.skew, 'ratio'),
      fact('kurtosis (3 is normal)', sharpe.rawKurtosis, 'ratio'),
    ],
  };
}

function overfittingFacts({ pbo, reasons, tried }: OptimizationResult, judged: OverfittingJudgement): FactGroup {
  const { trials, tooFewTrades, sampled, blocks, splits, degradationSlope, lossProbability } = judged;
  const taking = `${trials.toLocaleString('en-US')} of ${tried.toLocaleString('en-US')}`;
  return {
    title: 'Overfitting (CSCV)',
    rows: [
      fact('probability of overfitting (PBO)', pbo, 'probability', reasons['pbo'] ?? null),
      fact('chooses and ranks by', 'Sharpe ratio', 'text'),
      fact(
        'trials taking part',
        sampled ? `${taking}: a sample and the best` : trials < tried ? taking : 'all',
        'text',
      ),
      fact('left out for too few trades', tooFewTrades ?? null, 'count'),
      fact('blocks of time', blocks, 'count'),
      fact('ways to halve them', splits, 'count'),
      fact(
        'slope of out-of-sample on in-sample Sharpe ratio',
        degradationSlope,
        'ratio',
        reasons['overfitting.degradationSlope'] ?? null,
      ),
      fact('probability that the best loses out of sample', lossProbability, 'probability'),
    ],
  };
}
