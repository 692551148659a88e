import '../../../helpers/property-seed.ts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BacktestRun } from '../../../../domain/backtest/run.ts';
import { BAR_PHASES, BarMarket } from '../../../../domain/matching/bar-market/bar-market.ts';
import type { MarketFill } from '../../../../domain/matching/market-types.ts';
import type { OrderRequest } from '../../../../domain/strategies/strategy.ts';
import { candlesOf, type Row, runScript } from '../../backtest/engine/scripted.ts';

/** The engine is the witness: its rules are documented in docs/backtesting.md and checked against other programs. */
const TICK = 0.5;
const CONFIG = { tick: '0.5', lot: '1' };
/** Apart from each other, so that the commission says which rate was paid. */
const COMMISSION = { maker: 0.001, taker: 0.002, fixed: 0 };
const BROKER = { cash: 1_000_000, margin: 0.01, commission: COMMISSION } as const;

/** In ticks: a bar opens `gap` beyond the close before, closes `move` further on, and reaches beyond both. */
const step = fc.record({
  gap: fc.integer({ min: -4, max: 4 }),
  move: fc.integer({ min: -6, max: 6 }),
  up: fc.integer({ min: 0, max: 4 }),
  down: fc.integer({ min: 0, max: 4 }),
});
const rows = fc.array(step, { minLength: 6, maxLength: 14 }).map((steps) => {
  let last = 200;
  return steps.map(({ gap, move, up, down }): Row => {
    const open = last + gap;
    const close = open + move;
    last = close;
    const high = Math.max(open, close) + up;
    const low = Math.min(open, close) - down;
    return [open * TICK, high * TICK, low * TICK, close * TICK];
  });
});
const side = fc.constantFrom('buy', 'sell');
/** Ticks from the close of the first bar, at which every order is given. */
const distance = fc.integer({ min: -10, max: 10 });

interface Given {
  readonly side: 'buy' | 'sell';
  readonly limit: number | null;
  readonly stop: number | null;
}

function marketAt(bars: readonly Row[]): BarMarket {
  return new BarMarket(CONFIG, candlesOf(bars), { position: { index: 0, phase: 'close' }, nextTradeId: 1 });
}

/** Gives the order at the close of the first bar; `false` when the market does not take it. */
function give(market: BarMarket, { side, limit, stop }: Given): boolean {
  const order = { orderId: 1, side, quantity: '1', timeInForce: 'GTC' } as const;
  const price = limit === null ? null : String(limit);
  if (stop === null) return market.submit({ ...order, price, postOnly: false }, 0).outcome === 'rested';
  return market.waitForStop({ ...order, price: price!, stop: String(stop) });
}

/** Plays bars until none is left; what fills is told with its bar. */
function fillsOf(market: BarMarket, afterOpen: (fill: MarketFill) => void = () => undefined): string[] {
  const told: string[] = [];
  while (market.left > 0) {
    for (const phase of BAR_PHASES) {
      const { fills } = market.release(phase, 0, () => true);
      for (const fill of fills) {
        told.push(`${fill.side} ${fill.price} in ${market.position.index}${fill.maker ? ' maker' : ''}`);
        if (phase === 'open') afterOpen(fill);
      }
    }
  }
  return told;
}

/** The entry of a run in the same words. */
function entryOf({ trades, openTrades, commission }: BacktestRun): string[] {
  expect(trades).toEqual([]);
  return openTrades.map(({ size, entryPrice, entryBar }) => {
    const isMaker = Math.abs(commission / entryPrice - COMMISSION.maker) < 1e-9;
    return `${size > 0 ? 'buy' : 'sell'} ${entryPrice} in ${entryBar}${isMaker ? ' maker' : ''}`;
  });
}

function run(bars: readonly Row[], given: Given, more: Partial<OrderRequest> = {}): BacktestRun {
  const request = {
    ...(given.limit === null ? {} : { limit: given.limit }),
    ...(given.stop === null ? {} : { stop: given.stop }),
    ...more,
  };
  const act = given.side === 'buy' ? 'buy' : 'sell';
  return runScript(bars, { 0: (context) => context[act](request) }, { broker: BROKER });
}

/** Checks random orders on random bars and gives how many filled: the property must have seen some. */
function filledAlike(given: (close: number, a: number, b: number) => Given): number {
  let filled = 0;
  fc.assert(
    fc.property(rows, distance, distance, (bars, a, b) => {
      const order = given(bars[0]![3], a * TICK, b * TICK);
      const market = marketAt(bars);
      fc.pre(give(market, order));
      const expected = entryOf(run(bars, order));
      filled += expected.length;
      expect(fillsOf(market)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
  return filled;
}

describe('orders given at a close fill as in the event engine', () => {
  it.each(['buy', 'sell'] as const)('market, %s', (side) => {
    expect(filledAlike(() => ({ side, limit: null, stop: null }))).toBeGreaterThan(75);
  });

  it.each(['buy', 'sell'] as const)('limit, %s', (side) => {
    expect(filledAlike((close, a) => ({ side, limit: close + a, stop: null }))).toBeGreaterThan(75);
  });

  it.each(['buy', 'sell'] as const)('stop with a limit, %s', (side) => {
    const filled = filledAlike((close, a, b) => {
      const away = Math.max(TICK, Math.abs(a));
      const stop = side === 'buy' ? close + away : close - away;
      return { side, limit: stop + b, stop };
    });
    expect(filled).toBeGreaterThan(75);
  });

  it('a stop whose limit is far away as a plain stop', () => {
    fc.assert(
      fc.property(rows, side, fc.integer({ min: 1, max: 10 }), (bars, side, away) => {
        const close = bars[0]![3];
        const stop = side === 'buy' ? close + away * TICK : close - away * TICK;
        const market = marketAt(bars);
        expect(give(market, { side, limit: side === 'buy' ? stop * 2 : TICK, stop })).toBe(true);
        expect(fillsOf(market)).toEqual(entryOf(run(bars, { side, limit: null, stop })));
      }),
      { numRuns: 500 },
    );
  });

  it('the stop of what was bought at the open, given between the open and the path', () => {
    let stopped = 0;
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 12 }), (bars, away) => {
        const stop = bars[0]![3] - away * TICK;
        const market = marketAt(bars);
        give(market, { side: 'buy', limit: null, stop: null });
        let isTaken = true;
        const told = fillsOf(market, ({ orderId }) => {
          if (orderId !== 1) return;
          const order = { orderId: 2, side: 'sell', quantity: '1', price: '0.5', timeInForce: 'GTC' } as const;
          isTaken = market.waitForStop({ ...order, stop: String(stop) });
        });
        // An open at or below the stop: the venue refuses it, as a real one does.
        expect(isTaken).toBe(bars[1]![0] > stop);
        fc.pre(isTaken);
        const { trades, openTrades } = run(bars, { side: 'buy', limit: null, stop: null }, { stopLoss: stop });
        stopped += trades.length;
        expect(told).toEqual([
          ...[...trades, ...openTrades].map(({ entryPrice, entryBar }) => `buy ${entryPrice} in ${entryBar}`),
          ...trades.map(({ exitPrice, exitBar }) => `sell ${exitPrice} in ${exitBar}`),
        ]);
      }),
      { numRuns: 500 },
    );
    expect(stopped).toBeGreaterThan(75);
  });

  it('a bracket whose stop rests and whose target is sent once the open bar has been there', () => {
    const exits = new Map<string, number>();
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), (bars, below, above) => {
        const close = bars[0]![3];
        const [stop, target] = [close - below * TICK, close + above * TICK];
        // The venue refuses a stop that the open has passed.
        fc.pre(bars[1]![0] > stop);
        const entry: Given = { side: 'buy', limit: null, stop: null };
        const { trades, openTrades } = run(bars, entry, { stopLoss: stop, takeProfit: target });
        for (const { exitReason } of trades) exits.set(exitReason, (exits.get(exitReason) ?? 0) + 1);
        expect(bracketOf(bars, stop, target)).toEqual([
          ...[...trades, ...openTrades].map(({ entryPrice, entryBar }) => `buy ${entryPrice} in ${entryBar}`),
          ...trades.map(({ exitPrice, exitBar }) => `sell ${exitPrice} in ${exitBar}`),
        ]);
      }),
      { numRuns: 500 },
    );
    for (const reason of ['stop-loss', 'take-profit']) expect(exits.get(reason)).toBeGreaterThan(75);
  });
});

/** What a session does: it buys at market, has its stop rest, and looks after each phase whether the open bar has been at its target. */
function bracketOf(bars: readonly Row[], stop: number, target: number): string[] {
  const market = marketAt(bars);
  give(market, { side: 'buy', limit: null, stop: null });
  const told: string[] = [];
  let isHeld = false;
  const take = (fills: readonly MarketFill[]): void => {
    for (const { orderId, side, price } of fills) {
      told.push(`${side} ${price} in ${market.position.index}`);
      isHeld = side === 'buy';
      if (orderId === 1) {
        const order = { orderId: 2, side: 'sell', quantity: '1', price: '0.5', timeInForce: 'GTC' } as const;
        market.waitForStop({ ...order, stop: String(stop) });
      }
    }
  };
  while (market.left > 0) {
    for (const phase of BAR_PHASES) {
      take(market.release(phase, 0, () => true).fills);
      if (!isHeld || phase === 'close' || Number(market.shown(market.closed).high) < target) continue;
      market.cancel(2, 0);
      const order = { orderId: 3, side: 'sell', quantity: '1', price: String(target), postOnly: false } as const;
      take(market.submit({ ...order, timeInForce: 'IOC' }, 0).fills);
    }
  }
  return told;
}
