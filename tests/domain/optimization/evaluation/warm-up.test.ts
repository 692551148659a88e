import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Strategy, StrategyParams } from '../../../../domain/strategies/strategy.ts';
import { LineBoard } from '../../../../domain/strategies/lines/line-board.ts';
import { planOptimization } from '../../../../domain/optimization/evaluation/plan.ts';
import { syntheticCandles } from '../../../../domain/market/synthetic-candles.ts';
import { strategies, strategyOf } from '../../../../domain/strategies/registry.ts';
import { inputOf, specOf } from '../market.ts';

const candles = syntheticCandles({ seed: 3, bars: 30_000, timeframe: '1h', volatility: 0.01 });

function warmUpOf(strategy: Strategy, params: StrategyParams): number {
  const board = LineBoard.withoutValues(candles);
  board.prepare(strategy, params);
  return board.warmUpBars;
}

/** Two sets of parameters: the second has higher values of those that rise, and equal ones of the rest. */
function pairOf({ params, warmUpRisesWith = [] }: Strategy) {
  const one = fc.record(
    Object.fromEntries(
      params.map(({ name, kind, min, max }) => {
        const most = Math.min(max, 400);
        return [name, kind === 'integer' ? fc.integer({ min, max: most }) : fc.double({ min, max: most, noNaN: true })];
      }),
    ),
  ) as fc.Arbitrary<Record<string, number>>;
  return fc.tuple(one, one).map(([a, b]) => {
    const higher = Object.fromEntries(
      Object.keys(a).map((name) => {
        const rises = warmUpRisesWith === 'all' || warmUpRisesWith.includes(name);
        return [name, rises ? Math.max(a[name]!, b[name]!) : a[name]!];
      }),
    );
    return [a, higher] as const;
  });
}

describe('the longest warm-up of a search', () => {
  it.each(strategies.map((strategy) => [strategy.id, strategy] as const))(
    'of %s: its warm-up rises with the parameters that it names',
    (_id, strategy) => {
      expect(strategy.warmUpRisesWith).toBeDefined();
      fc.assert(
        fc.property(pairOf(strategy), ([lower, higher]) => {
          expect(warmUpOf(strategy, lower)).toBeLessThanOrEqual(warmUpOf(strategy, higher));
        }),
        { numRuns: 60 },
      );
    },
  );

  it.each([
    [
      'sma-cross',
      { fast: [4, 30, 12], slow: { min: 10, max: 60, step: 10 }, stopLoss: [0.01, 0.02] },
      ['fast + slow < 66'],
    ],
    [
      'macd',
      { fast: { min: 3, max: 9 }, slow: { min: 10, max: 20 }, signal: { min: 3, max: 9 } },
      ['slow + signal < 22'],
    ],
    ['trend-pullback', { trendHours: [2, 6, 3], fast: [5, 8], slow: { min: 9, max: 12 }, period: [7, 70] }, []],
    [
      'turtle-pyramid',
      { entry: { min: 10, max: 20 }, exit: { min: 5, max: 12 }, atrPeriod: [10, 30] },
      ['entry + exit + atrPeriod < 45'],
    ],
    ['ichimoku', { conversion: [5, 9], base: { min: 10, max: 20 }, span: { min: 20, max: 40 } }, ['base + span < 48']],
  ])('of %s is that of asking about every combination', (id, space, constraints) => {
    const own = { strategy: { id }, space, constraints };
    const strategy = strategyOf(id);
    const { warmUpRisesWith: _, ...silent } = strategy;
    const plans = [strategy, silent].map((each) => planOptimization({ ...inputOf(own), strategy: each }));
    expect(plans[0]).toEqual(plans[1]);
    expect(plans[0]).toMatchObject({ ok: true });
  });

  it('is found with a few questions where the strategy says what it rises with, and with one for each combination where not', () => {
    const askedAbout = (keep: boolean, sampler: unknown): number => {
      const { warmUpRisesWith: _, rules, ...rest } = strategyOf('sma-cross');
      let asked = 0;
      const counted = (params: StrategyParams) => {
        asked += 1;
        return rules!(params);
      };
      const own = { space: { fast: { min: 2, max: 51 }, slow: { min: 2, max: 51 }, stopLoss: [0.01, 0.02] }, sampler };
      const strategy: Strategy = { ...rest, rules: counted, ...(keep ? { warmUpRisesWith: 'all' } : {}) };
      expect(planOptimization({ ...inputOf(own), strategy })).toMatchObject({ ok: true, plan: { span: { from: 50 } } });
      return asked;
    };
    // The highest pair covers all others, and it is met first.
    expect(askedAbout(true, 'grid')).toBe(1);
    // Pairs of 50 values in which the first is smaller, and two stops.
    expect(askedAbout(false, 'grid')).toBe(2 * ((50 * 49) / 2));
    // In an order by chance there are few records: some (ln n)^2 in three dimensions.
    expect(askedAbout(true, { kind: 'random', count: 2_450 })).toBeLessThan(60);
  });

  it('says what to do where a strategy that says nothing would have to be asked about too many', () => {
    const { warmUpRisesWith: _, ...silent } = strategyOf('buy-and-hold');
    const strategy: Strategy = {
      ...silent,
      params: [{ name: 'n', kind: 'integer', title: 'N', min: 1, max: 9_000_000, default: 1 }],
    };
    const spec = { ...specOf(), space: { n: { min: 1, max: 9_000_000, step: 1 } } };
    const planned = planOptimization({ ...inputOf(), strategy, spec });
    expect(planned).toMatchObject({
      ok: false,
      problems: [{ field: 'space', message: expect.stringMatching(/9,000,000 combinations.*warmUpRisesWith.*sample/) }],
    });
    expect(planOptimization({ ...inputOf(), strategy: { ...strategy, warmUpRisesWith: ['n'] }, spec })).toMatchObject({
      ok: true,
      plan: { total: 9_000_000, span: { from: 0 } },
    });
  });

  it('is refused when a single combination needs more bars than there are', () => {
    const own = { space: { fast: [5], slow: { min: 20, max: 80 } }, constraints: ['slow != 79'] };
    const planned = planOptimization(inputOf(own, { bars: 79 }));
    // An average of 80 bars has its first value at bar 79, of which there is none among 79.
    expect(planned).toMatchObject({ ok: false, problems: [{ field: 'space', value: { fast: 5, slow: 80 } }] });
    expect(specOf(own).constraints).toEqual(['slow != 79']);
  });
});
