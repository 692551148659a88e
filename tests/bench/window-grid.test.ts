import { describe, expect, it } from '@jest/globals';
import { GRID_WORKLOADS, searchSpec } from '../../bench/optimize-workloads.ts';
import { caseOf } from '../../bench/ours/cases.ts';
import { pairAt, pairsOf } from '../../bench/ours/window-grid.ts';
import { parseOptimizationSpec } from '../../domain/optimization/parse-spec.ts';
import { strategies } from '../../domain/strategies/registry.ts';
import { syntheticCandles } from '../../domain/market/synthetic-candles.ts';

describe('pairs of windows', () => {
  it('hold every fast window with every slow one, the slow one changing first', () => {
    const grid = { fast: [5, 6], slow: [9, 11] } as const;
    const pairs = Array.from({ length: pairsOf(grid) }, (_, index) => pairAt(grid, index));
    expect(pairs).toEqual([
      [5, 9],
      [5, 10],
      [5, 11],
      [6, 9],
      [6, 10],
      [6, 11],
    ]);
  });
});

describe('workloads on threads', () => {
  it('begin with exactly 10,000 pairs, each slow window above each fast one', () => {
    const { options } = GRID_WORKLOADS[0]!.ours;
    const fast = [Number(options['fast_first']), Number(options['fast_last'])] as const;
    const slow = [Number(options['slow_first']), Number(options['slow_last'])] as const;
    expect(pairsOf({ fast, slow })).toBe(10_000);
    expect(fast[1]).toBeLessThan(slow[0]);
  });

  it.each(GRID_WORKLOADS)('$name gives every peer the pairs of ours', ({ ours, peers }) => {
    const { threads: _threads, returns: _returns, ...options } = ours.options;
    for (const peer of peers) expect(peer.options).toEqual(options);
    expect(caseOf(ours.case)).toBeInstanceOf(Function);
  });

  it.each([
    [{ fast: 10, slow: 100 }, 1_000],
    [{ fast: 100, slow: 100, stops: 100 }, 1_000_000],
  ])('search %j', (size, combinations) => {
    const parsed = parseOptimizationSpec(searchSpec('bars.csv', '1h', size), strategies);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const lengths = Object.values(parsed.spec.space).map((axis) => {
      if (!('step' in axis)) throw new Error('an axis without steps');
      return Math.round((axis.max - axis.min) / axis.step) + 1;
    });
    expect(lengths.reduce((product, length) => product * length, 1)).toBe(combinations);
  });
});

describe('a grid on threads', () => {
  it('has the results of one thread, pair by pair, when its lines take turns in memory', async () => {
    // 30 fast windows are more than are in memory together. The other side is the kernel in this thread, which knows no such turns.
    const candles = syntheticCandles({ seed: 3, bars: 400, timeframe: '1h' });
    const terms = { fee: 0.001, cash: 100 };
    const threaded = await caseOf('threaded-grid')(candles, {
      ...terms,
      fast_first: 2,
      fast_last: 31,
      slow_first: 32,
      slow_last: 33,
      threads: 2,
      returns: 'bars',
    });
    const { columns, values } = (await threaded())();
    // All pairs of windows 2 to 33 in the order of combinations: pairs with 32 and 33 are the last two of each fast window's.
    const single = (await (await caseOf('cross-grid')(candles, { ...terms, first: 2, last: 33 }))())();
    const expected: number[] = [];
    let end = 0;
    for (let fast = 2; fast <= 31; fast += 1) {
      end += 33 - fast;
      expected.push(...single.values.subarray((end - 2) * columns, end * columns));
    }
    expect([...values]).toEqual(expected);
    expect(new Set(values).size).toBeGreaterThan(100);
  });
});
