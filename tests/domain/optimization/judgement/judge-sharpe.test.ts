import { describe, expect, it } from '@jest/globals';
import { NO_SPREAD, spreadOf } from '../../../../domain/optimization/statistics/pooled-spread.ts';
import {
  type EarlierTrials,
  inStandardErrors,
  NO_EARLIER_TRIALS,
} from '../../../../domain/optimization/trials/earlier-trials.ts';
import { judgeSharpe } from '../../../../domain/optimization/judgement/judge-sharpe.ts';

/** The worked example of "The Deflated Sharpe Ratio": 2.5 a year of 250 days, 1,250 days, skewness -3, raw kurtosis 10. */
const BEST = { n: 1250, srPerPeriodDdof1: 2.5 / Math.sqrt(250), skewUnbiased: -3, excessKurtosisUnbiased: 7 };

/** Annual Sharpe ratios with variance 1/2 (n - 1): half of them a above 0, half below, n a^2 / (n - 1) = 1/2. */
function ratios(n: number): Float64Array {
  const a = Math.sqrt((0.5 * (n - 1)) / n);
  return Float64Array.from({ length: n }, (_, k) => (k % 2 === 0 ? a : -a));
}

/** Trials of an earlier search without a Sharpe ratio, or with these annual ones on so many returns of a year of `perYear`. */
function before(trials: number, annual = new Float64Array(0), returns = BEST.n, perYear = 250): EarlierTrials {
  const spread =
    annual.length === 0 ? NO_SPREAD : spreadOf(annual.map((each) => inStandardErrors(each, returns, perYear)));
  return { jobs: 1, trials, spread };
}

describe('the Sharpe ratio of the best', () => {
  it('is deflated as in the paper: SR0 0.1132 and 0.9004 after 100 trials', () => {
    const { sharpe, dsr } = judgeSharpe(BEST, ratios(100), NO_EARLIER_TRIALS, 250);
    expect(sharpe.value!.variance).toBeCloseTo(0.5 / 250, 12);
    expect(sharpe.value!.expectedBest).toBeCloseTo(0.1132, 4);
    expect(dsr.value).toBeCloseTo(0.9004, 4);
  });

  it('counts earlier trials on the same data: 46 here and 54 before are 100', () => {
    expect(judgeSharpe(BEST, ratios(46), NO_EARLIER_TRIALS, 250).dsr.value).toBeCloseTo(0.9505, 4);
    const { sharpe, dsr } = judgeSharpe(BEST, ratios(46), before(54), 250);
    expect(sharpe.value!.trials).toBe(100);
    expect(dsr.value).toBeCloseTo(0.9004, 4);
  });

  it('pools the spread of earlier searches with its own: the example again, cut in two', () => {
    // All 100 ratios together have variance 1/2; the 46 and the 54 each have another one.
    const all = ratios(100);
    const { sharpe, dsr } = judgeSharpe(BEST, all.slice(0, 46), before(54, all.slice(46)), 250);
    expect(sharpe.value).toMatchObject({ trials: 100, varianceTrials: 100, varianceFrom: 'trials' });
    expect(sharpe.value!.variance).toBeCloseTo(0.5 / 250, 12);
    expect(dsr.value).toBeCloseTo(0.9004, 4);
  });

  it('pools means that lie apart as well: two narrow searches far from each other are a wide one', () => {
    // 2 and 2 here, -2 and -2 before: mean 0, squares 16, variance 16 / 3 a year.
    const { sharpe } = judgeSharpe(BEST, Float64Array.of(2, 2), before(2, Float64Array.of(-2, -2)), 250);
    expect(sharpe.value!.variance).toBeCloseTo(16 / 3 / 250, 12);
  });

  it('holds ratios of other times and periods against its own by their standard errors', () => {
    // A ratio a of one week in 25 returns is a sqrt(24 / 52) standard errors; one of a day in 1,250 returns is a sqrt(1249 / 250).
    // So weekly ratios scaled by sqrt(1249 / 250 * 52 / 24) are the same as daily ones without it.
    const all = ratios(100);
    const weekly = all.slice(46).map((each) => each * Math.sqrt(((1249 / 250) * 52) / 24));
    const { sharpe } = judgeSharpe(BEST, all.slice(0, 46), before(54, weekly, 25, 52), 250);
    expect(sharpe.value!.variance).toBeCloseTo(0.5 / 250, 12);
  });

  it('does not take two neighbours that agree for a small spread after a wide search: the variance is at least 1 / (n - 1)', () => {
    // The reference table has SR0 0.14557345959098997 for 1,000 trials of variance 0.5 / 250; SR0 goes with the root of the variance.
    const expected = 0.145_573_459_590_989_97 * Math.sqrt(1 / 1249 / (0.5 / 250));
    for (const narrow of [Float64Array.of(2.5, 2.499), Float64Array.of(2.5, Number.NaN)]) {
      const { sharpe } = judgeSharpe(BEST, narrow, before(998), 250);
      expect(sharpe.value!.expectedBest).toBeCloseTo(expected, 12);
      expect(sharpe.value!.varianceFrom).toBe('chance');
    }
  });

  it('counts trials without a Sharpe ratio as tried, and takes the spread of the others', () => {
    const some = Float64Array.of(...ratios(46), ...Array.from({ length: 54 }, () => Number.NaN));
    const { sharpe, dsr } = judgeSharpe(BEST, some, NO_EARLIER_TRIALS, 250);
    expect(sharpe.value).toMatchObject({ trials: 100, varianceTrials: 46 });
    expect(dsr.value).toBeCloseTo(0.9004, 4);
  });

  it('tells the years in which so many worthless trials would show it: 2 ln 100 / 2.5^2', () => {
    expect(judgeSharpe(BEST, ratios(100), NO_EARLIER_TRIALS, 250).sharpe.value!.minBacktestYears).toBeCloseTo(
      1.473_654,
      6,
    );
  });

  it('has no track long enough, nor years, for a loss', () => {
    const { sharpe } = judgeSharpe({ ...BEST, srPerPeriodDdof1: -0.01 }, ratios(4), NO_EARLIER_TRIALS, 250);
    expect(sharpe.value).toMatchObject({ minTrackLength: null, minBacktestYears: null });
  });

  it('is the probabilistic one after a single trial', () => {
    const { psr, dsr } = judgeSharpe(BEST, Float64Array.of(2.5), NO_EARLIER_TRIALS, 250);
    expect(dsr.value).toBe(psr.value);
  });

  it('says why when there are too few returns, or one trial with a Sharpe ratio among several', () => {
    const few = judgeSharpe(
      { n: 3, srPerPeriodDdof1: 0.1, skewUnbiased: 0, excessKurtosisUnbiased: null },
      ratios(4),
      NO_EARLIER_TRIALS,
      250,
    );
    expect(few.dsr).toEqual({ value: null, reason: expect.stringContaining('3 daily returns') });
    expect(few.psr.value).toBeNull();
    const single = judgeSharpe(BEST, Float64Array.of(1, Number.NaN), NO_EARLIER_TRIALS, 250);
    expect(single.dsr).toEqual({ value: null, reason: expect.stringContaining('2 trials') });
    expect(single.psr.value).not.toBeNull();
  });
});
