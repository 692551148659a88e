import { type Spread, NO_SPREAD } from '../statistics/pooled-spread.ts';

/** Trials of other searches that looked at the same market in a time that this one looks at, finished or not. */
export interface EarlierTrials {
  /** Searches. */
  readonly jobs: number;
  /** Combinations that they have tried, those without a Sharpe ratio included. */
  readonly trials: number;
  /**
   * Their Sharpe ratios, each in its own standard errors (`inStandardErrors`): so those of a week of minute bars and of ten years of daily ones
   * stand side by side.
   */
  readonly spread: Spread;
}

export const NO_EARLIER_TRIALS: EarlierTrials = { jobs: 0, trials: 0, spread: NO_SPREAD };

/** So many times as many trials before as now: then there is hardly a combination of this time that nobody has seen. */
const FAR = 10;

/** Whether the trials before are so many more than those of this search that its folds are no fresh data. */
export function farOutnumber({ trials }: Pick<EarlierTrials, 'trials'>, tried: number): boolean {
  return trials >= FAR * tried;
}

/**
 * A Sharpe ratio in standard errors of what `returns` returns without skill show: theirs is 1 / sqrt(n - 1) of one period, whatever the period
 * is. So ratios over more or less time, of days or of weeks, can be held against each other.
 *
 * @param sharpeRatio annual, with `periodsPerYear` returns a year.
 * @see Lo, "The Statistics of Sharpe Ratios", Financial Analysts Journal 58(4), 2002.
 */
export function inStandardErrors(sharpeRatio: number, returns: number, periodsPerYear: number): number {
  return sharpeRatio * Math.sqrt((returns - 1) / periodsPerYear);
}
