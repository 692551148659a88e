import { describe, expect, it } from '@jest/globals';
import type { FieldProblem } from '../../../domain/parameters/param-spec.ts';
import { OBJECTIVE_METRICS } from '../../../domain/optimization/objective/metrics.ts';
import { parseOptimizationSpec } from '../../../domain/optimization/parse-spec.ts';
import { strategies } from '../../../domain/strategies/registry.ts';
import { documentOf, specOf } from './market.ts';

function problemsOf(document: unknown): readonly FieldProblem[] {
  const parsed = parseOptimizationSpec(document, strategies);
  return parsed.ok ? [] : parsed.problems;
}

const fieldsOf = (document: unknown): readonly string[] => problemsOf(document).map(({ field }) => field);

describe('an optimisation spec', () => {
  it('has defaults: the whole grid, the highest Sharpe ratio, five rolling folds over the second half', () => {
    expect(specOf()).toMatchObject({
      constraints: [],
      sampler: { kind: 'grid' },
      objective: { weights: { sharpeRatio: 1 }, combine: 'sum', normalise: 'none', minTrades: 0, plateau: null },
      walkForward: { kind: 'rolling', folds: 5, trainShare: 0.5, purgeBars: 0, embargoBars: 0 },
      seed: 1,
      backtest: { strategy: { id: 'sma-cross' }, broker: { cash: 10_000 } },
    });
  });

  it('keeps what is given', () => {
    const walkForward = { kind: 'anchored', folds: 3, trainShare: 0.4, purgeBars: 5, embargoBars: 2 };
    const given = specOf({
      space: { fast: [5, 10], slow: { values: [20, 50] } },
      constraints: 'fast < slow',
      sampler: { kind: 'sobol', count: 3 },
      walkForward,
      seed: 9,
    });
    expect(given).toMatchObject({
      space: { fast: { values: [5, 10] }, slow: { values: [20, 50] } },
      constraints: ['fast < slow'],
      sampler: { kind: 'sobol', count: 3 },
      walkForward,
      seed: 9,
    });
    expect(specOf({ walkForward: null }).walkForward).toBeNull();
  });

  it('tells everything that is wrong at once', () => {
    const problems = problemsOf({
      ...documentOf(),
      space: { fst: { min: 1, max: 5, step: 1 }, slow: { min: 10, max: 60, step: 0 } },
      constraints: [1],
      sampler: { kind: 'randm', count: 5 },
      objective: 'sharpRatio',
      walkForward: { folds: 0, trainShare: 1 },
      broker: { cash: -1 },
      sed: 3,
    });
    expect(problems.map(({ field }) => field)).toEqual([
      'sed',
      'space.slow.step',
      'constraints',
      'sampler.kind',
      'objective',
      'walkForward.folds',
      'walkForward.trainShare',
      'broker.cash',
    ]);
    expect(problems.find(({ field }) => field === 'objective')!.message).toMatch(/did you mean "sharpeRatio"/);
    expect(problems.find(({ field }) => field === 'sed')!.message).toMatch(/did you mean "seed"/);
    expect(problems.find(({ field }) => field === 'sampler.kind')!.message).toMatch(/did you mean "random"/);
  });

  it('checks the values against the strategy', () => {
    const problems = problemsOf(
      documentOf({
        space: {
          fst: [3, 4],
          slow: { min: 10, max: 20_000, step: 10 },
          stopLoss: [0.01, -1],
          fast: { min: 2, max: 4, step: 0.5 },
        },
      }),
    );
    expect(problems).toEqual([
      {
        field: 'space.fst',
        value: { values: [3, 4] },
        message: expect.stringMatching(/no such parameter of sma-cross; did you mean "fast"/),
      },
      { field: 'space.slow', value: 10_010, message: expect.stringContaining('give values from 2 to 10000') },
      { field: 'space.stopLoss', value: -1, message: expect.stringContaining('give values from 0') },
      { field: 'space.fast', value: 2.5, message: expect.stringContaining('give whole numbers') },
    ]);
  });

  it('tells of a parameter that cannot be read, and not that constraints which use it know no such parameter', () => {
    const space = { fast: { min: 4, max: 20, step: 0 }, slow: [30, 40] };
    expect(fieldsOf(documentOf({ space, constraints: ['fast < slow'] }))).toEqual(['space.fast.step']);
    expect(fieldsOf(documentOf({ space: { fast: 5 }, constraints: ['fast < slwo'] }))).toEqual([
      'space.fast',
      'constraints.0',
    ]);
  });

  it('takes whole steps of a whole-numbered parameter whose step is left out, and asks for it elsewhere', () => {
    const space = { fast: { min: 4, max: 6 }, slow: [30, 40] };
    expect(specOf({ space }).space).toEqual({ fast: { min: 4, max: 6, step: 1 }, slow: { values: [30, 40] } });
    expect(fieldsOf(documentOf({ space: { stopLoss: { min: 0, max: 0.1 } } }))).toEqual(['space.stopLoss.step']);
    const file = { strategy: { file: '/tmp/mine.mjs' }, space: { go: { min: 1, max: 3 } } };
    expect(fieldsOf(documentOf(file))).toEqual(['space.go.step']);
  });

  it('lets parameters that stay be in conflict with defaults of those that vary', () => {
    // fast 60 is above the default slow of 50, which the space replaces.
    const strategy = { id: 'sma-cross', params: { fast: 60 } };
    expect(specOf({ strategy, space: { slow: [80, 100] } }).backtest.strategy).toMatchObject({ params: { fast: 60 } });
  });

  it('takes no name for given because every object has it', () => {
    const space = { constructor: [1, 2], fast: [5], slow: [20] };
    expect(fieldsOf(documentOf({ space }))).toEqual(['space.constructor']);
  });

  it('refuses more constraints than can be asked about every combination', () => {
    const constraints = (count: number) => fieldsOf(documentOf({ constraints: Array(count).fill('fast < slow') }));
    expect([constraints(100), constraints(101)]).toEqual([[], ['constraints']]);
  });

  it('refuses a parameter that both stays and varies', () => {
    const strategy = { id: 'sma-cross', params: { fast: 5 } };
    expect(problemsOf(documentOf({ strategy }))).toMatchObject([
      { field: 'strategy.params.fast', value: 5, message: expect.stringContaining('the space varies fast as well') },
    ]);
  });

  it('refuses 10^12 combinations with the size and a way out, but draws from them', () => {
    const axis = { min: 0.0000005, max: 0.5, step: 0.0000005 };
    const space = { stopLoss: axis, takeProfit: axis };
    expect(problemsOf(documentOf({ space }))).toMatchObject([
      {
        field: 'space',
        value: 1e12,
        message: expect.stringMatching(/1,000,000,000,000 combinations.*larger steps.*draw a sample/),
      },
    ]);
    expect(fieldsOf(documentOf({ space, sampler: { kind: 'sobol', count: 100 } }))).toEqual([]);
  });

  it('refuses orders, which have no parameters, and what is no object', () => {
    expect(fieldsOf(documentOf({ strategy: { orders: 'orders.csv' } }))).toEqual(['strategy']);
    expect(fieldsOf(null)).toEqual(['']);
    expect(fieldsOf(documentOf({ space: {} }))).toEqual(['space']);
    expect(fieldsOf(documentOf({ strategy: { id: 'sma-crss' } }))).toEqual(['strategy.id']);
  });

  it('leaves the parameters of a strategy in a file for later', () => {
    expect(fieldsOf(documentOf({ strategy: { file: '/tmp/mine.mjs' }, space: { anything: [1, 2] } }))).toEqual([]);
  });

  it('refuses a Sortino ratio above a risk-free rate, which rows do not have', () => {
    expect(fieldsOf(documentOf({ riskFreeRate: 0.02, objective: 'sortinoRatio' }))).toEqual(['objective']);
  });
});

describe('an objective', () => {
  const objectiveOf = (objective: unknown) => specOf({ objective }).objective;

  it.each(OBJECTIVE_METRICS.map((metric) => [metric.name, metric.moreIsBetter] as const))(
    'may be %s, more of it better: %s',
    (name, moreIsBetter) => {
      expect(objectiveOf(name).weights).toEqual({ [name]: moreIsBetter ? 1 : -1 });
    },
  );

  it('wants little of a drawdown and much of a return', () => {
    expect(objectiveOf('maxDrawdown').weights).toEqual({ maxDrawdown: -1 });
    expect(objectiveOf({ metric: 'totalReturn' }).weights).toEqual({ totalReturn: 1 });
  });

  it('may weigh several, with ranks and over the neighbourhood', () => {
    const weights = { sharpeRatio: 1, maxDrawdown: -0.5 };
    expect(
      objectiveOf({
        weights,
        normalise: 'rank',
        combine: 'product',
        minTrades: 20,
        plateau: { aggregate: 'mean-minus-deviations', k: 2 },
      }),
    ).toEqual({
      weights,
      normalise: 'rank',
      combine: 'product',
      minTrades: 20,
      plateau: { aggregate: 'mean-minus-deviations', k: 2 },
    });
    expect(objectiveOf({ metric: 'sharpeRatio', plateau: true }).plateau).toEqual({ aggregate: 'median', k: 0 });
  });

  it.each([
    [{ weights: { sharpRatio: 1 } }, 'objective.weights.sharpRatio'],
    [{ weights: { sharpeRatio: 0 } }, 'objective.weights.sharpeRatio'],
    [{ weights: {} }, 'objective.weights'],
    [{ metric: 'sharpeRatio', weights: { sharpeRatio: 1 } }, 'objective'],
    [{ metric: 'sharpeRatio', minTrades: -1 }, 'objective.minTrades'],
    [{ metric: 'sharpeRatio', plateau: 'mode' }, 'objective.plateau'],
    [{ metric: 'sharpeRatio', plateau: { aggregate: 'median', k: 2 } }, 'objective.plateau.k'],
    [7, 'objective'],
  ])('%j is refused', (objective, field) => {
    expect(fieldsOf(documentOf({ objective }))).toEqual([field]);
  });
});
