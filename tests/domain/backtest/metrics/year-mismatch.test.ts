import { describe, expect, it } from '@jest/globals';
import { yearMismatch } from '../../../../domain/backtest/metrics/year-mismatch.ts';

const YEAR_MS = 365.25 * 86_400_000;
const told = (returns: number, years: number, periodsPerYear: number, period: 'day' | 'bar' = 'day') =>
  yearMismatch({ returns, elapsedMs: years * YEAR_MS, periodsPerYear, period });

describe('a year that is not that of the data', () => {
  it('is told with what was counted', () => {
    // 622 days in two years, 311 a year: 311 / 252 = 1.234.
    expect(told(622, 2, 252)).toMatch(
      /^the data has 311 days a year, 23\.4 % more than the annual figures count: name/,
    );
    expect(told(252, 1, 365)).toContain('the data has 252 days a year, 31 % fewer than');
    expect(told(52, 1, 365, 'bar')).toContain('the data has 52 bars a year, 85.8 % fewer than');
  });

  it('is no matter within 5 %: currencies have 261 days, and 252 are counted', () => {
    expect(told(261, 1, 252)).toBeNull();
    expect(told(365, 1, 365)).toBeNull();
    expect(told(264.7, 1, 252)).toContain('5 % more');
  });

  it('is not told of runs that are too short to say', () => {
    expect(told(20, 0.2, 365)).toBeNull();
    expect(told(0, 0, 365)).toBeNull();
  });
});
