import { describe, expect, it } from '@jest/globals';
import { BACKTEST_WORKLOADS } from '../../bench/backtest-workloads.ts';
import { INDICATOR_WORKLOADS } from '../../bench/indicator-workloads.ts';
import { caseOf } from '../../bench/ours/cases.ts';
import { gridOf, kernelStrategies } from '../../bench/strategy-grids.ts';
import { figureOf, ratioOf } from '../../bench/workload.ts';
import { strategyOf } from '../../domain/strategies/registry.ts';

describe('workloads', () => {
  it.each([...BACKTEST_WORKLOADS, ...INDICATOR_WORKLOADS])('$name has a case of ours', ({ ours }) => {
    expect(caseOf(ours.case)).toBeInstanceOf(Function);
  });

  it('name the known cases when there is no such one', () => {
    expect(() => caseOf('grid')).toThrow('no case grid: known are cross-grid');
  });

  it.each([
    ['BBANDS', [20, 2, 2, 0]],
    ['STOCH', [5, 3, 0, 3, 0]],
    ['STOCHRSI', [14, 5, 3, 0]],
    ['T3', [5, 0.7]],
    ['CDLMORNINGSTAR', []],
  ])('give TA-Lib the arguments of %s in its own order', (name, parameters) => {
    // As in its documentation: the kind of average, 0 for the simple one, follows the period that it belongs to.
    const workload = INDICATOR_WORKLOADS.find((each) => each.name === name)!;
    expect(workload.peers[0]!.options['parameters']).toEqual(parameters);
  });

  it('begin with what everything else is judged by', () => {
    expect([BACKTEST_WORKLOADS[0]!.name, INDICATOR_WORKLOADS[0]!.name]).toEqual(['sma-grid', 'SMA']);
  });

  it.each(kernelStrategies())('vary %s in a few hundred ways that are all allowed', (id) => {
    const strategy = strategyOf(id);
    const grid = gridOf(strategy);
    expect(grid.length).toBeGreaterThanOrEqual(200);
    expect(grid.length).toBeLessThanOrEqual(1_000);
    expect(new Set(grid.map((params) => JSON.stringify(params))).size).toBe(grid.length);
    expect(grid.flatMap((params) => strategy.check?.(params) ?? [])).toEqual([]);
  });
});

describe('figures', () => {
  it.each([
    ['combos/s', 20],
    ['bars/s', 10_000],
    ['ms', 50],
    ['ns/bar', 100_000],
  ] as const)('of half a second for ten passes over 500 bars in %s', (unit, figure) => {
    expect(figureOf({ unit, amount: 10 }, 500, 500)).toBe(figure);
  });

  it.each([
    ['combos/s', 10, 5],
    ['ms', 5, 10],
    ['MB', 5, 10],
  ] as const)('in %s are twice as good at %d as at %d', (unit, ours, peer) => {
    expect(ratioOf(unit, ours, peer)).toBe(2);
  });
});
