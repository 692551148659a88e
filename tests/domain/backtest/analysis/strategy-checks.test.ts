import { describe, expect, it } from '@jest/globals';
import { checkLookAhead } from '../../../../domain/backtest/analysis/look-ahead-check.ts';
import { checkWarmUp } from '../../../../domain/backtest/analysis/warm-up-check.ts';
import { RunCancelled } from '../../../../domain/backtest/engine/run-backtest.ts';
import type { BacktestInput } from '../../../../domain/backtest/run.ts';
import { DEFAULT_BROKER, DEFAULT_SIZING } from '../../../../domain/backtest/settings.ts';
import { type Candles, sliceCandles } from '../../../../domain/market/candles.ts';
import { completeParams } from '../../../../domain/parameters/param-spec.ts';
import { randomBars } from '../../../../domain/strategies/checks/random-bars.ts';
import { defineStrategy } from '../../../../domain/strategies/define-strategy.ts';
import { strategies, strategyOf } from '../../../../domain/strategies/registry.ts';
import type { Strategy } from '../../../../domain/strategies/strategy.ts';

const BARS = randomBars(900, 7);

/** The bars of one symbol, those left out for which `keep` is false. */
function thinned(candles: Candles, symbol: string, keep: (bar: number) => boolean): Candles {
  const column = (values: Float64Array): Float64Array => values.filter((_, bar) => keep(bar));
  const time = column(candles.time);
  return {
    symbol,
    timeframe: candles.timeframe,
    length: time.length,
    time,
    open: column(candles.open),
    high: column(candles.high),
    low: column(candles.low),
    close: column(candles.close),
    volume: column(candles.volume),
  };
}

function inputOf(
  strategy: Strategy,
  markets: readonly Candles[],
  given: Readonly<Record<string, number>> = {},
): BacktestInput {
  const known = Object.fromEntries(
    Object.entries(given).filter(([name]) => strategy.params.some((spec) => spec.name === name)),
  );
  const { params } = completeParams(strategy.params, known);
  return { markets, strategy, params, broker: DEFAULT_BROKER, sizing: DEFAULT_SIZING };
}

/** Short windows, both sides and exits: much is ordered in few bars. */
const BUSY = { shorts: 1, stopLoss: 0.02, takeProfit: 0.04, maxBars: 30, slow: 30 };

describe('the strategies of the registry', () => {
  it.each(strategies.map((strategy) => [strategy.id, strategy] as const))('%s does not look ahead', (_, strategy) => {
    const check = checkLookAhead(inputOf(strategy, [BARS], BUSY), { seed: 1 });
    expect(check).toMatchObject({ clean: true, repeatable: true, difference: null });
    expect(check.orders).toBeGreaterThan(0);
  });

  it.each(['turtle-pyramid', 'sma-cross', 'bracket-breakout'])('%s does not, of two symbols with gaps', (id) => {
    const one = thinned(BARS, 'ONE', (bar) => bar % 11 !== 3 && bar < 850);
    const two = thinned(randomBars(900, 8), 'TWO', (bar) => bar % 5 !== 0 && bar > 100);
    const input = inputOf(strategyOf(id), [one, two], BUSY);
    const sizing = { kind: 'equityShare', value: 0.4 } as const;
    const check = checkLookAhead({ ...input, sizing }, { seed: 1 });
    expect(check).toMatchObject({ clean: true, difference: null });
    expect(check.orders).toBeGreaterThan(10);
  });
});

describe('the look-ahead check', () => {
  const input = inputOf(strategyOf('sma-cross'), [BARS], BUSY);

  it('catches a strategy that has the bars from elsewhere at the first bar at which it used them', () => {
    // The columns of all bars, as an import of the file itself would give them: only its own rule sees the data end.
    const seen: Candles[] = [];
    const peeks = defineStrategy({
      id: 'peeks',
      title: 'Peeks',
      params: [],
      prepare: (lines) => {
        const close = lines.price('close');
        return (context) => {
          const candles = seen.at(-1)!;
          const next = candles.close[context.bar.index + 1];
          if (context.bar.index >= 333 && next !== undefined && next > close.now * 1.001) context.buy({ size: 1 });
        };
      },
    });
    const watched: Strategy = {
      ...peeks,
      prepare: (lines, params) => {
        const board = lines.indicator({
          name: 'WATCH',
          title: 'Watch',
          params: [],
          inputs: ['close'],
          outputs: ['value'],
          lookback: () => 0,
          compute: ([close], _, [out]) => {
            seen.push({ ...BARS, close: close!, length: close!.length });
            out!.fill(0);
          },
          stream: () => ({ next: (_, outputs) => void outputs.fill(0) }),
        });
        expect(board).toBeDefined();
        return peeks.prepare(lines, params);
      },
    };
    let first = 333;
    while (!(BARS.close[first + 1]! > BARS.close[first]! * 1.001)) first += 1;
    const check = checkLookAhead(inputOf(watched, [BARS]), { seed: 1 });
    expect(check.first).toMatchObject({ bar: first, symbol: BARS.symbol, withoutThem: null });
    expect(check.first!.time).toBe(new Date(BARS.time[first]!).toISOString());
  });

  it('counts bars as the data do, also where much lies before the first one traded', () => {
    const from = BARS.time[700]!;
    const check = checkLookAhead({ ...input, from }, { seed: 1 });
    expect(check).toMatchObject({ clean: true, bars: 200 });
  });

  it('tells its work, and ends when it is told to', () => {
    const told: (readonly [done: number, planned: number])[] = [];
    checkLookAhead(input, { seed: 1, onWork: (...work) => (told.push(work), true) });
    const [done, planned] = told.at(-1)!;
    expect(done).toBe(planned);
    const stop = (): boolean => false;
    expect(() => checkLookAhead(input, { seed: 1, onWork: stop })).toThrow(RunCancelled);
  });

  it('lets through what a strategy throws on the whole data', () => {
    const throws = defineStrategy({
      id: 'throws',
      title: 'Throws',
      params: [],
      prepare: () => (context) => {
        if (context.bar.index === 600) throw new Error('no more');
      },
    });
    expect(() => checkLookAhead(inputOf(throws, [BARS]), { seed: 1 })).toThrow('no more');
  });

  it('refuses data that are all warm-up', () => {
    expect(() => checkLookAhead({ ...input, markets: [sliceCandles(BARS, 0, 20)] }, { seed: 1 })).toThrow('warm-up');
  });
});

describe('the warm-up check', () => {
  it('finds a window sufficient once it is full', () => {
    // Two simple averages: the history is 29 bars, the longer window less one, and the values are those of any longer one.
    const { sufficient, symbols } = checkWarmUp(inputOf(strategyOf('sma-cross'), [BARS], { fast: 10, slow: 30 }));
    expect(sufficient).toBe(true);
    expect(symbols[0]).toMatchObject({ history: 29, sufficientHistory: 29 });
    expect(symbols[0]!.maxRelativeChange).toBeLessThan(1e-12);
  });

  it('finds an average true range insufficient: it keeps 13/14 of its first mean at each bar', () => {
    const { sufficient, symbols } = checkWarmUp(inputOf(strategyOf('supertrend'), [BARS]));
    expect(sufficient).toBe(false);
    expect(symbols[0]!.maxRelativeChange).toBeGreaterThan(0.001);
  });

  it('compares nothing where there are no lines, or no bars', () => {
    expect(checkWarmUp(inputOf(strategyOf('buy-and-hold'), [BARS]))).toMatchObject({
      sufficient: null,
      symbols: [{ yardstick: null, lines: [] }],
    });
    const few = sliceCandles(BARS, 0, 40);
    expect(checkWarmUp(inputOf(strategyOf('sma-cross'), [few], { fast: 5, slow: 30 })).sufficient).toBeNull();
  });
});
