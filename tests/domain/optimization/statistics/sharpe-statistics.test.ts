import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import {
  deflatedSharpe,
  expectedBestSharpe,
  minimumTrackLength,
  probabilisticSharpe,
} from '../../../../domain/optimization/statistics/sharpe-statistics.ts';
import { describeWithData, testData } from '../../../helpers/test-data.ts';

const rows = (): readonly (readonly number[])[] =>
  readFileSync(testData('backtesting/golden/dsr_reference.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));

describeWithData('the deflated Sharpe ratio', () => {
  it('has every row of the reference table', () => {
    for (const [srAnnual, perYear, n, trials, varSrAnnual, skew, rawKurtosis, sr0, dsr] of rows() as number[][]) {
      const sample = { sharpe: srAnnual! / Math.sqrt(perYear!), n: n!, skew: skew!, rawKurtosis: rawKurtosis! };
      const variance = varSrAnnual! / perYear!;
      expect(Math.abs(expectedBestSharpe(variance, trials!) / sr0! - 1)).toBeLessThan(1e-12);
      expect(Math.abs(deflatedSharpe(sample, variance, trials!) / dsr! - 1)).toBeLessThan(1e-12);
    }
  });
});

describe('statistics of Sharpe ratios', () => {
  /** The worked example of "The Deflated Sharpe Ratio": 2.5 a year, 250 days, 5 years, skewness -3, kurtosis 10. */
  const example = { sharpe: 2.5 / Math.sqrt(250), n: 1250, skew: -3, rawKurtosis: 10 };

  it('has the figures that the paper prints', () => {
    expect(expectedBestSharpe(0.5 / 250, 100)).toBeCloseTo(0.1132, 4);
    expect(deflatedSharpe(example, 0.5 / 250, 100)).toBeCloseTo(0.9004, 4);
    expect(deflatedSharpe(example, 0.5 / 250, 46)).toBeCloseTo(0.9505, 4);
  });

  it('is the probabilistic one where there was one trial', () => {
    expect(deflatedSharpe(example, 0.5 / 250, 1)).toBe(probabilisticSharpe(example, 0));
  });

  it('needs the track length at which the probability reaches the confidence', () => {
    // Inverse of each other: at n returns the probability is exactly the confidence that n was computed for.
    const needed = minimumTrackLength(example, 0.1, 0.95);
    expect(probabilisticSharpe({ ...example, n: needed }, 0.1)).toBeCloseTo(0.95, 12);
  });

  it('never believes a Sharpe ratio below the benchmark', () => {
    expect(minimumTrackLength(example, 0.2, 0.95)).toBe(Number.POSITIVE_INFINITY);
  });

  it('says nothing where the moments contradict each other', () => {
    expect(probabilisticSharpe({ sharpe: 2, n: 100, skew: 5, rawKurtosis: 2 }, 0)).toBeNaN();
  });
});
