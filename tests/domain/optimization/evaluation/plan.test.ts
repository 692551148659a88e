import { describe, expect, it } from '@jest/globals';
import type { OptimizationInput } from '../../../../domain/optimization/evaluation/optimization.ts';
import { planOptimization } from '../../../../domain/optimization/evaluation/plan.ts';
import type { FieldProblem } from '../../../../domain/parameters/param-spec.ts';
import { inputOf, prepared } from '../market.ts';

function problemOf(input: OptimizationInput): FieldProblem {
  const planned = planOptimization(input);
  if (planned.ok) throw new Error('it was planned');
  expect(planned.problems).toHaveLength(1);
  return planned.problems[0]!;
}

describe('the plan of a search', () => {
  it('takes as many trades as there are bars', () => {
    // 1,440 bars less a warm-up of 59.
    expect(prepared(inputOf({ objective: { minTrades: 1_381 } })).plan.span).toEqual({ from: 59, to: 1_440 });
  });

  it('starts all combinations at the longest warm-up', () => {
    // A simple average of 60 bars has its first value at bar 59.
    expect(prepared(inputOf()).plan.span).toEqual({ from: 59, to: 1440 });
  });

  it('keeps to the period asked for, with the bars before it as warm-up', () => {
    // Bars of an hour from 2024-01-01: 10 days are 240 bars.
    const { span } = prepared(inputOf({ from: '2024-01-11', to: '2024-02-10' })).plan;
    expect(span).toEqual({ from: 240, to: 960 });
  });

  it('is plain data', () => {
    const { plan } = prepared(inputOf());
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('finds the warm-up of free-form strategies, and of volatility targets', () => {
    const turtle = inputOf({ strategy: { id: 'turtle-pyramid' }, space: { entry: [20, 40], atrPeriod: [10, 30] } });
    // The channel of the 40 bars before this one, a bar later than an indicator of 40: bar 40.
    expect(prepared(turtle).plan.span.from).toBe(40);
    const sizing = { kind: 'volatilityTarget', value: 0.2, window: 100, barsPerYear: 8760 };
    expect(prepared(inputOf({ sizing })).plan.span.from).toBe(99);
  });

  it.each([
    [
      'constraints that leave nothing',
      { constraints: ['fast > slow'] },
      {},
      'constraints',
      /exclude all 30 combinations/,
    ],
    ['data shorter than the warm-up', {}, { bars: 50 }, 'space', /have 50 bars.*slow 60 need 50 bars/],
    ['folds longer than the data', { walkForward: { folds: 100 } }, { bars: 400 }, 'walkForward', /fewer than 20/],
    ['more trades than bars', { objective: { minTrades: 1_382 } }, {}, 'objective.minTrades', /only 1381 bars/],
    ['an empty period', { from: '2030-01-01' }, {}, 'from', /no bar opens from 2030.*bars from 2024-01-01/],
  ])('refuses %s', (_name, own, market, field, message) => {
    const problem = problemOf(inputOf(own, market));
    expect(problem.field).toBe(field);
    expect(problem.message).toMatch(message);
  });
});
