import { describe, expect, it } from '@jest/globals';
import { syntheticCandles } from '../../../../domain/market/synthetic-candles.ts';
import { completeParams } from '../../../../domain/parameters/param-spec.ts';
import { compareSession, type SessionComparison } from '../../../../domain/session/comparison/compare-session.ts';
import type { BookedTrade, SentOrder } from '../../../../domain/session/comparison/session-trades.ts';
import type { Decision } from '../../../../domain/session/decision.ts';
import type { WantedOrder } from '../../../../domain/session/order.ts';
import { strategyOf } from '../../../../domain/strategies/registry.ts';
import { instrumentOf, type Replay, ReplayedSession } from '../books/replayed-run.ts';

/** A session whose venue has filled as the backtest does, held against it. */
function comparisonOf(replay: Replay): { readonly comparison: SessionComparison; readonly equity: number } {
  const { candles, strategy, params, commission } = replay;
  const session = new ReplayedSession(replay);
  const { books } = session;
  const decisions: Decision[] = [];
  const orders = new Map<string, SentOrder & Pick<WantedOrder, 'purpose'>>();
  const decide = books.decide.bind(books);
  books.decide = (...asked) => {
    const decided = decide(...asked);
    decisions.push(...decided);
    for (const order of books.wanted())
      orders.set(`${order.order}/${order.version}`, { ...order, mid: null, filled: '1' });
    return decided;
  };
  session.play();
  const traded = new Map(
    session.journal.flatMap(({ event }) =>
      event.kind === 'execution' ? [[`${event.order}/${event.version}`, event]] : [],
    ),
  );
  const { trades, openTrades, equity } = books.view();
  // What is open was entered by the last order that was decided before.
  const entryOf = (time: number): number =>
    Math.max(
      ...[...orders.values()]
        .filter(({ purpose, bar }) => purpose === 'entry' && bar! < time)
        .map(({ order }) => order),
    );
  const { tick, lot, minNotional } = instrumentOf(candles.symbol);
  const comparison = compareSession({
    course: {
      strategy,
      params: [{ after: null, params }],
      sizing: { kind: 'units', value: 0.5 },
      broker: {
        cash: 1_000_000,
        commission: commission ?? { maker: 0, taker: 0, fixed: 0 },
        instruments: { [candles.symbol]: { tick: Number(tick), lot: Number(lot), minNotional: Number(minNotional) } },
      },
      candles: [candles],
      startBar: candles.time[0]!,
      lastBar: candles.time[candles.length - 1]!,
    },
    quote: 'USDT',
    decisions,
    trades: [
      ...trades.map(({ trade, entryOrder, exitOrder }): BookedTrade => ({ trade, entryOrder: entryOrder!, exitOrder })),
      ...openTrades.map((trade): BookedTrade => ({ trade, entryOrder: entryOf(trade.entryTime), exitOrder: null })),
    ],
    orders: [...orders].map(([key, order]) => (traded.has(key) ? order : { ...order, filled: '0' })),
  });
  return { comparison, equity };
}

const CASES: readonly (readonly [string, Readonly<Record<string, number>>])[] = [
  ['sma-cross', {}],
  ['rsi-reversion', {}],
  ['supertrend', { trailingStop: 0.01 }],
  ['macd', { stopLoss: 0.01, takeProfit: 0.01 }],
  ['ema-cross', { takeProfit: 0.005, maxBars: 12 }],
  ['bracket-breakout', { shorts: 0 }],
  ['turtle-pyramid', { shorts: 0 }],
];

describe('a session whose orders fill as in its backtest', () => {
  const candles = syntheticCandles({ seed: 11, bars: 3_000, timeframe: '15m', volatility: 0.004, price: 20_000 });
  const commission = { maker: 0.001, taker: 0.001, fixed: 0 };

  it.each(CASES)('%s %j differs from it in nothing', (id, given) => {
    const strategy = strategyOf(id);
    const { params } = completeParams(strategy.params, given);
    const { comparison, equity } = comparisonOf({ candles, strategy, params, commission });
    const { decisions, pairs, missed, extra, totals } = comparison;
    expect(decisions.differences).toEqual([]);
    expect(decisions.compared).toBe(candles.length);
    expect([missed, extra]).toEqual([[], []]);
    expect(pairs.length).toBeGreaterThanOrEqual(10);
    for (const { timing, size, missed: alone, price } of pairs) {
      expect([timing, size, alone]).toEqual(['0', '0', '0']);
      // Fees are counted in decimals here and in binary fractions there.
      expect(Math.abs(Number(price))).toBeLessThan(1e-9);
    }
    expect(Math.abs(Number(totals.difference))).toBeLessThan(1e-6);
    // What the trades made together is what the capital of a million became.
    expect(Number(totals.session)).toBeCloseTo(equity - 1_000_000, 6);
    expect(Number(totals.session)).not.toBe(0);
  });
});
