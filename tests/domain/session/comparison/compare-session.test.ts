import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import type { Candles } from '../../../../domain/market/candles.ts';
import { backtestOf, type SessionCourse } from '../../../../domain/session/comparison/backtest-of.ts';
import {
  compareSession,
  type Money,
  type SessionAsItWas,
} from '../../../../domain/session/comparison/compare-session.ts';
import type { BookedTrade } from '../../../../domain/session/comparison/session-trades.ts';
import type { Decision } from '../../../../domain/session/decision.ts';
import type { Strategy } from '../../../../domain/strategies/strategy.ts';
import { barsOf } from '../../strategies/bars-of.ts';
import { bar, row, sent } from './trades.ts';

/** Buys at a close above 10, leaves at one below. */
const STRATEGY: Strategy = {
  id: 'level',
  title: 'Level',
  params: [],
  prepare: (lines) => {
    const now = lines.price('close');
    return (context) => {
      if (context.position.size === 0 && now.now > 10) context.buy();
      if (context.position.size > 0 && now.now < 10) context.close();
    };
  },
};

const SYMBOL = 'BTC/USDT';
/** Opens as well as closes: bought at 12 in bar 2 and sold at 8 in bar 5, bought at 15 in bar 7 and sold at 7 in bar 9, bought at 16 in bar 11. */
const CLOSES = [9, 11, 12, 13, 9, 8, 14, 15, 9, 7, 15, 16, 17];
const candles = { ...barsOf(CLOSES, { timeframe: '1m' }), symbol: SYMBOL } as Candles;

/** A fee of 1 % of each fill. */
const course: SessionCourse = {
  strategy: STRATEGY,
  params: [{ after: null, params: {} }],
  sizing: { kind: 'units', value: 2 },
  broker: { cash: 1_000, commission: { maker: 0, taker: 0.01, fixed: 0 }, instruments: {} },
  candles: [candles],
  startBar: 0,
  lastBar: bar(12),
};

/** What a session would have written down that decided all that its backtest did. */
const decisions: readonly Decision[] = backtestOf(course).decisions.map((decision) => ({
  ...decision,
  closedAt: decision.bar + 60_000,
  mode: 'ask',
  blocked: null,
  equity: 1_000,
  signals: decision.signals.map((signal) => ({ ...signal, outcome: 'fired', reason: null, orders: [] })),
}));

const booked = (
  order: number,
  entry: number,
  exit: number,
  prices: readonly [number, number],
  size = 2,
): BookedTrade => ({
  trade: row({
    size,
    entryTime: bar(entry),
    exitTime: bar(exit),
    entryPrice: prices[0],
    exitPrice: prices[1],
    commission: Number(new Big(size).times(new Big(prices[0]).plus(prices[1])).times('0.01')),
  }),
  entryOrder: order,
  exitOrder: order + 1,
});
const open: BookedTrade = {
  trade: row({ size: 2, entryTime: bar(11), exitTime: bar(12), entryPrice: 16, exitPrice: 17, commission: 0.32 }),
  entryOrder: 5,
  exitOrder: null,
};
const at = (order: number, decided: number, mid: string) => sent(order, { bar: bar(decided), mid, filled: '2' });

/** The session that traded as the backtest did. */
const same: SessionAsItWas = {
  course,
  quote: 'USDT',
  decisions,
  trades: [booked(1, 2, 5, [12, 8]), booked(3, 7, 9, [15, 7]), open],
  orders: [at(1, 1, '12'), at(2, 4, '8'), at(3, 6, '15'), at(4, 8, '7'), at(5, 10, '16')],
};

const sums = ({ difference, timing, price, size, missed }: Money): void => {
  expect(new Big(timing).plus(price).plus(size).plus(missed).toFixed()).toBe(new Big(difference).toFixed());
};

describe('a session and its backtest', () => {
  it('are equal to the last digit where the session traded as the backtest did', () => {
    const comparison = compareSession(same);
    expect(comparison.decisions).toEqual({ compared: 13, equal: 13, differences: [], missedBars: [] });
    expect([comparison.pairs.length, comparison.missed, comparison.extra]).toEqual([3, [], []]);
    // 2 (8 - 12) - 0.4 = -8.4; 2 (7 - 15) - 0.44 = -16.44; 2 (17 - 16) - 0.32 = 1.68
    expect(comparison.totals).toEqual({
      session: '-23.16',
      backtest: '-23.16',
      difference: '0',
      timing: '0',
      price: '0',
      size: '0',
      missed: '0',
    });
    expect(comparison.sentence).toBe(
      'All 13 decisions are equal; 3 trades are in both; the session made -23.16 USDT and the backtest -23.16.',
    );
  });

  it('differ by what was worse than the backtest, told in money', () => {
    // Bought at 12.1 with a mid of 12.05: 2 (12 - 12.05) timing, 2 (12.05 - 12.1) price and 2 x 0.1 x 1 % of fees.
    const trades = [booked(1, 2, 5, [12.1, 8]), ...same.trades.slice(1)];
    const orders = [at(1, 1, '12.05'), ...same.orders.slice(1)];
    const comparison = compareSession({ ...same, trades, orders });
    expect(comparison.pairs[0]).toMatchObject({ difference: '-0.202', timing: '-0.1', price: '-0.102', size: '0' });
    comparison.pairs.forEach(sums);
    sums(comparison.totals);
    // -0.202 in cents is -0.20: timing has its exact -0.10, price -0.10 of -0.102.
    expect(comparison.sentence).toBe(
      'All 13 decisions are equal; 3 trades are in both; the session made -23.36 USDT and the backtest -23.16: a difference of -0.20 USDT, of which timing -0.10, price -0.10, size 0.00, missed 0.00.',
    );
  });

  it('say why a trade was missed, and what it would have made', () => {
    const blocked = decisions.map((decision) =>
      decision.bar === bar(6)
        ? {
            ...decision,
            mode: 'exits' as const,
            blocked: 'HOURS' as const,
            signals: decision.signals.map((signal) => ({ ...signal, outcome: 'blocked' as const, reason: 'HOURS' })),
          }
        : decision,
    );
    const comparison = compareSession({ ...same, decisions: blocked, trades: [same.trades[0]!, open] });
    expect(comparison.missed).toMatchObject([{ reason: 'HOURS', session: '0', backtest: '-16.44', missed: '16.44' }]);
    expect(comparison.totals).toMatchObject({
      session: '-6.72',
      backtest: '-23.16',
      difference: '16.44',
      missed: '16.44',
    });
    expect(comparison.sentence).toContain(
      '12 of 13 decisions are equal; 2 trades are in both, 1 only in the backtest;',
    );
    const unfilled = compareSession({ ...same, trades: [same.trades[0]!, open] });
    expect(unfilled.missed).toMatchObject([{ reason: 'NOT_FILLED' }]);
    const undecided = decisions.filter((decision) => decision.bar !== bar(6));
    expect(compareSession({ ...same, decisions: undecided, trades: [same.trades[0]!, open] }).missed).toMatchObject([
      { reason: 'NOT_DECIDED' },
    ]);
  });

  it('say where a trade of the session comes from that the backtest has not made', () => {
    // By hand before the first trade: 2 (9 - 11) - 0.4 = -4.4.
    const byHand = { ...booked(7, 1, 1, [11, 9]) };
    const extra = compareSession({
      ...same,
      trades: [byHand, ...same.trades],
      orders: [...same.orders, sent(7, { bar: null, filled: '2' })],
    });
    expect(extra.extra).toMatchObject([{ reason: 'BY_HAND', session: '-4.4', backtest: '0', missed: '-4.4' }]);
    sums(extra.totals);
    const unasked = compareSession({
      ...same,
      trades: [byHand, ...same.trades],
      orders: [...same.orders, at(7, 0, '11')],
    });
    expect(unasked.extra).toMatchObject([{ reason: 'NOT_FILLED' }]);
  });

  it('are held against each other in the position that is open as well', () => {
    // The session left at 16.5 in bar 12 by a stop at 16.6 that the backtest does not have: 2 (16.5 - 17) and 2 x 16.5 x 1 % of fees.
    const left: BookedTrade = {
      trade: row({
        size: 2,
        entryTime: bar(11),
        exitTime: bar(12),
        entryPrice: 16,
        exitPrice: 16.5,
        commission: 0.65,
        exitReason: 'stop-loss',
      }),
      entryOrder: 5,
      exitOrder: 6,
    };
    const comparison = compareSession({
      ...same,
      trades: [...same.trades.slice(0, 2), left],
      orders: [...same.orders, sent(6, { kind: 'stop', stop: '16.6', limit: '16.4', bar: bar(11), filled: '2' })],
    });
    // timing 2 (16.6 - 17); price 2 (16.5 - 16.6) - 0.33
    expect(comparison.pairs[2]).toMatchObject({ difference: '-1.33', timing: '-0.8', price: '-0.53', size: '0' });
  });

  const refusing = (bars: readonly number[]): readonly Decision[] =>
    decisions
      .filter(({ bar: time }) => bars.includes(time))
      .map((decision) => ({
        ...decision,
        position: 0,
        signals: [{ action: 'buy', side: 'buy', outcome: 'refused', reason: 'NOT_ENOUGH_MARGIN', orders: [] }],
      }));

  it('do not differ by what both have refused, as far as the backtest can know', () => {
    const broker = { ...course.broker, cash: 5 };
    const first = { ...course, broker, startBar: bar(1), lastBar: bar(3) };
    const bought = [bar(1), bar(2), bar(3)];
    const poor = compareSession({ ...same, course: first, decisions: refusing(bought), trades: [], orders: [] });
    expect(poor.decisions).toEqual({ compared: 3, equal: 3, differences: [], missedBars: [] });
    // With money enough the backtest buys at bar 1 and fills in bar 2; the order of the last bar has nothing to fill in yet.
    const rich = { ...first, broker: course.broker };
    const differ = compareSession({ ...same, course: rich, decisions: refusing(bought), trades: [], orders: [] });
    expect(differ.decisions.differences.map(({ bar: time, reason }) => [time, reason])).toEqual([
      [bar(1), 'REFUSED'],
      [bar(2), 'POSITION'],
      [bar(3), 'POSITION'],
    ]);
    const last = { ...rich, lastBar: bar(1) };
    const unknown = compareSession({ ...same, course: last, decisions: refusing([bar(1)]), trades: [], orders: [] });
    expect(unknown.decisions.equal).toBe(1);
  });
});
