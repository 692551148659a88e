import { describe, expect, it } from '@jest/globals';
import { scoresOf } from '../../../../domain/optimization/objective/score.ts';
import type { ObjectiveSpec } from '../../../../domain/optimization/spec.ts';

const objective = (own: Partial<ObjectiveSpec>): ObjectiveSpec => ({
  weights: { sharpeRatio: 1, maxDrawdown: -0.5 },
  combine: 'sum',
  normalise: 'none',
  minTrades: 0,
  plateau: null,
  ...own,
});

const components = new Map([
  ['sharpeRatio', Float64Array.of(1, 3, 2, Number.NaN)],
  ['maxDrawdown', Float64Array.of(0.2, 0.4, 0.4, 0.1)],
  ['closedTrades', Float64Array.of(10, 4, 5, 50)],
]);

describe('scores', () => {
  it('are weighted sums', () => {
    expect([...scoresOf(components, objective({}), 0)]).toEqual([0.9, 2.8, 1.8, Number.NaN]);
  });

  it('are products of powers, of what is above 0', () => {
    const scores = scoresOf(components, objective({ combine: 'product' }), 0);
    // 1 x 0.2^-0.5, 3 x 0.4^-0.5, 2 x 0.4^-0.5
    expect(scores[0]).toBeCloseTo(2.236068, 6);
    expect(scores[1]).toBeCloseTo(4.743416, 6);
    expect(scores[2]).toBeCloseTo(3.162278, 6);
    const negative = new Map([['sharpeRatio', Float64Array.of(-1, 0, 2)]]);
    expect([...scoresOf(negative, objective({ weights: { sharpeRatio: 2 }, combine: 'product' }), 0)]).toEqual([
      Number.NaN,
      Number.NaN,
      4,
    ]);
  });

  it('are of standardised metrics: mean 2 and deviation 1 for the Sharpe ratios', () => {
    const scores = scoresOf(components, objective({ weights: { sharpeRatio: 1 }, normalise: 'zscore' }), 0);
    expect([...scores]).toEqual([-1, 1, 0, Number.NaN]);
  });

  it('are of ranks, equal ones at the middle of theirs', () => {
    const scores = scoresOf(components, objective({ weights: { maxDrawdown: 1 }, normalise: 'rank' }), 0);
    // Rising: 0.1, 0.2, 0.4, 0.4.
    expect([...scores]).toEqual([0.5, 0.875, 0.875, 0.25]);
  });

  it('are not defined with too few trades', () => {
    const scores = scoresOf(components, objective({ weights: { maxDrawdown: -1 }, minTrades: 5 }), 5);
    expect([...scores]).toEqual([-0.2, Number.NaN, -0.4, -0.1]);
  });
});
