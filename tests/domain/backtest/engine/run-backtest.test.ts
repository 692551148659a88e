import { describe, expect, it } from '@jest/globals';
import { runBacktest, RunCancelled } from '../../../../domain/backtest/engine/run-backtest.ts';
import { BacktestFailure, type BacktestProblem } from '../../../../domain/backtest/failure.ts';
import type { BacktestInput } from '../../../../domain/backtest/run.ts';
import { DEFAULT_BROKER } from '../../../../domain/backtest/settings.ts';
import type { Strategy } from '../../../../domain/strategies/strategy.ts';
import { candlesOf, HOUR_MS, type Row, runScript, scripted, told } from './scripted.ts';

/** Bars whose close is their number, 100 higher. */
const rising = (count: number): Row[] => Array.from({ length: count }, (_, i) => [100 + i, 100 + i, 100 + i, 100 + i]);

function problemOf(run: () => unknown): BacktestProblem {
  try {
    run();
  } catch (error) {
    if (error instanceof BacktestFailure) return error.problem;
    throw error;
  }
  throw new Error('it did not fail');
}

/** Asked at each bar, with a moving average of three closes and the one before it declared. */
function withAverage(onBar: (index: number, average: number) => void, symbol = 'average'): Strategy {
  return {
    id: symbol,
    title: 'Average',
    params: [],
    prepare: (lines) => {
      const average = lines.indicator('SMA', { period: 3 });
      lines.price('close', { shift: 1 });
      return (context) => {
        onBar(context.bar.index, average.now);
        if (context.bar.index === 3) context.buy();
      };
    },
  };
}

describe('warm-up and range', () => {
  it('asks first at the bar at which all lines are defined', () => {
    const asked: number[] = [];
    const run = runScript(rising(6), {}, { strategy: withAverage((index) => asked.push(index)) });
    expect(asked).toEqual([2, 3, 4, 5]);
    expect([run.warmUpBars, run.times.length, run.times[0]]).toEqual([2, 4, 2 * HOUR_MS]);
  });

  it('takes the bars before `from` for the warm-up, and none from `to` on', () => {
    const averages: number[] = [];
    const run = runScript(
      rising(9),
      {},
      {
        strategy: withAverage((_, average) => averages.push(average)),
        from: 4 * HOUR_MS,
        to: 7 * HOUR_MS,
      },
    );
    // Means of 102 to 104, 103 to 105, 104 to 106.
    expect(averages).toEqual([103, 104, 105]);
    expect([run.warmUpBars, ...run.times]).toEqual([4, 4 * HOUR_MS, 5 * HOUR_MS, 6 * HOUR_MS]);
  });

  it('fails with an empty range, and with a warm-up that leaves no bar', () => {
    const empty = problemOf(() => runScript(rising(3), {}, { from: 5 * HOUR_MS }));
    expect([empty.code, empty.errors[0]!.field]).toEqual(['EMPTY_RANGE', 'from']);
    const few = problemOf(() => runScript(rising(2), {}, { strategy: withAverage(() => undefined) }));
    expect(few).toMatchObject({
      code: 'TOO_FEW_BARS',
      detail: expect.stringMatching(/^average needs 3 bars of X \(2 of them warm-up\) and there are 2 /),
    });
  });
});

describe('what a strategy sees', () => {
  it('is told position and account as of the close', () => {
    const seen: unknown[] = [];
    runScript(
      rising(4),
      {
        0: (c) => c.buy({ size: 10 }),
        2: ({ position, account, direction }) =>
          seen.push(
            position.size,
            position.entryPrice,
            position.barsHeld,
            position.unrealised,
            account.cash,
            direction,
          ),
        3: ({ account }) => seen.push(account.equity, account.available),
      },
      { broker: { commission: { maker: 0, taker: 0, fixed: 5 }, margin: 0.5 } },
    );
    // Bought at 101 for a fee of 5. At 102: 10 up. At 103: 20 up, and half of 1,030 is margin.
    expect(seen).toEqual([10, 101, 1, 10, 9_995, 'both', 10_015, 9_500]);
  });

  it('cannot reach the bars to come', () => {
    const found: unknown[] = [];
    runScript(rising(3), {
      0: (context) => {
        for (const part of [context, context.bar, context.bar.close, context.position, context.account]) {
          for (const name of Object.getOwnPropertyNames(part)) {
            const value = (part as unknown as Record<string, unknown>)[name];
            if (ArrayBuffer.isView(value)) found.push(name);
          }
        }
        expect(() => context.bar.close.ago(-1)).toThrow(RangeError);
      },
    });
    expect(found).toEqual([]);
  });

  it('writes the lines at the ordering bar on the trade when asked to', () => {
    const options = { strategy: withAverage(() => undefined) };
    const run = runScript(rising(6), {}, { ...options, recordEntryValues: true });
    // Ordered at bar 3: the mean of 101 to 103, and the close before 103.
    expect(run.openTrades[0]!.entryValues).toEqual({ 'SMA(3)': 102, 'close[1]': 102 });
    expect(runScript(rising(6), {}, options).openTrades[0]!.entryValues).toEqual({});
  });

  it('writes tags on trades', () => {
    const run = runScript(rising(6), {
      0: (c) => c.buy({ tag: 'breakout' }),
      1: (c) => c.close(1, 'over'),
      2: (c) => c.buy(),
      3: (c) => c.close(1, 'over'),
    });
    expect(run.trades.map(({ tag }) => tag)).toEqual(['breakout', 'over']);
  });
});

describe('a run that ends early', () => {
  it('says where a strategy threw', () => {
    const problem = problemOf(() =>
      runScript(rising(4), {
        2: () => {
          throw new TypeError('no such thing');
        },
      }),
    );
    expect(problem).toMatchObject({
      code: 'STRATEGY_FAILED',
      detail: 'strategy "scripted" failed at bar 2 (1970-01-01T02:00:00.000Z) of X: TypeError: no such thing',
      place: { symbol: 'X', bar: 2, time: 2 * HOUR_MS, line: null },
    });
  });

  it('reports progress, and stops when told to', () => {
    const input: BacktestInput = {
      markets: [candlesOf(rising(10_000))],
      strategy: scripted({}),
      params: {},
      broker: DEFAULT_BROKER,
      sizing: { kind: 'units', value: 1 },
    };
    const told: number[] = [];
    runBacktest({ ...input, onProgress: (bars) => void told.push(bars) });
    expect(told).toEqual([4_096, 8_192, 10_000]);
    expect(() => runBacktest({ ...input, onProgress: () => false })).toThrow(RunCancelled);
  });
});

describe('input that cannot be run', () => {
  it('names every field', () => {
    const x = candlesOf(rising(3));
    const problem = problemOf(() =>
      runBacktest({
        markets: [x, x, { ...candlesOf(rising(3), 'Y'), timeframe: '1d' }],
        strategy: scripted({}),
        params: {},
        broker: { ...DEFAULT_BROKER, cash: 0, margin: 2, spread: Number.NaN, volumeShare: 0 },
        sizing: { kind: 'cashShare', value: 1.5 },
      }),
    );
    expect(problem.code).toBe('INVALID_SPEC');
    expect(problem.errors.map(({ field }) => field)).toEqual([
      'broker.cash',
      'broker.spread',
      'broker.margin',
      'broker.volumeShare',
      'sizing.value',
      'markets.1',
      'markets.2',
    ]);
  });

  it('does not take a run without bars of any symbol', () => {
    expect(problemOf(() => runScript([], {}, { markets: [] })).errors[0]!.field).toBe('markets');
  });
});

it('counts orders such that none is missing', () => {
  const run = runScript(rising(5), {
    0: (c) => {
      c.buy();
      c.buy({ limit: 50 });
      c.buy({ size: 1_000 });
    },
    1: (c) => c.close(),
    3: (c) => c.buy(),
    4: (c) => c.buy(),
  });
  expect(told(run)).toEqual(['1 @ 101(1) -> 102(2) signal', '1 @ 104(4) open']);
  // Two entries and the exit filled; the limit and the order of the last bar waited; 1,000 units were too many.
  expect(run.orders).toEqual({ submitted: 6, filled: 3, cancelled: 2, refused: 1 });
});
