import { describe, expect, it } from '@jest/globals';
import { quantilesOf } from '../../../bench/executions/quantiles.ts';

describe('quantiles by nearest rank', () => {
  it('are figures that occurred: of 1 to 200 those of rank 100, 190 and 198', () => {
    const figures = Array.from({ length: 200 }, (_, k) => 200 - k);
    expect(quantilesOf(figures)).toEqual({ count: 200, min: 1, p50: 100, p95: 190, p99: 198, max: 200 });
  });

  it('are the figure itself for a single one', () => {
    expect(quantilesOf([7])).toEqual({ count: 1, min: 7, p50: 7, p95: 7, p99: 7, max: 7 });
  });

  it('do not exist for none', () => {
    expect(quantilesOf([])).toBeNull();
  });
});
