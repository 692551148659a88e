import { describe, expect, it } from '@jest/globals';
import { runBacktest } from '../../../../domain/backtest/engine/run-backtest.ts';
import type { Candles } from '../../../../domain/market/candles.ts';
import { syntheticCandles } from '../../../../domain/market/synthetic-candles.ts';
import { backtestOf, brokerOf, type SessionCourse } from '../../../../domain/session/comparison/backtest-of.ts';
import type { SessionBroker } from '../../../../domain/session/spec.ts';
import { strategies } from '../../../../domain/strategies/registry.ts';
import type { Strategy } from '../../../../domain/strategies/strategy.ts';
import { barsOf } from '../../strategies/bars-of.ts';

const HOUR_MS = 3_600_000;
const FREE: SessionBroker = { cash: 1_000, commission: { maker: 0, taker: 0, fixed: 0 }, instruments: {} };

const course = (given: Partial<SessionCourse> & Pick<SessionCourse, 'candles' | 'strategy'>): SessionCourse => ({
  params: [{ after: null, params: {} }],
  sizing: { kind: 'units', value: 1 },
  broker: FREE,
  startBar: 0,
  lastBar: given.candles[0]!.time[given.candles[0]!.length - 1]!,
  ...given,
});

/** Buys at closes above `level`, leaves at those below; its line is warm after one bar. */
const LEVEL: Strategy = {
  id: 'level',
  title: 'Level',
  params: [{ name: 'level', kind: 'number', title: 'Level', min: 0, max: 1_000, default: 10 }],
  prepare: (lines, { level }) => {
    const before = lines.price('close', { shift: 1 });
    return (context) => {
      const { size } = context.position;
      if (size === 0 && before.now > level!) context.buy({ tag: String(level) });
      if (size > 0 && before.now < level!) context.close();
      context.cancelOrders();
    };
  },
};

describe('the backtest of a session', () => {
  const candles = syntheticCandles({ seed: 3, bars: 1_500, timeframe: '15m', volatility: 0.004 });
  const named = { ...candles, symbol: 'BTC/USDT' } as Candles;
  const broker: SessionBroker = {
    cash: 10_000,
    commission: { maker: 0.0005, taker: 0.001, fixed: 0 },
    instruments: { 'BTC/USDT': { tick: 0.01, lot: 0.0001, minNotional: 5 } },
  };

  // The run without any of the recording is the witness.
  it.each(['sma-cross', 'rsi-reversion', 'donchian-turtle', 'supertrend', 'bracket-breakout', 'turtle-pyramid'])(
    'of %s trades as the engine does without it',
    (id) => {
      const strategy = strategies.find((each) => each.id === id)!;
      const params = Object.fromEntries(
        strategy.params.map(({ name, default: value }) => [name, name === 'shorts' ? 0 : value!]),
      );
      const sizing = { kind: 'cashShare', value: 0.9 } as const;
      const startBar = named.time[400]!;
      const plain = runBacktest({
        markets: [named],
        strategy,
        params,
        broker: brokerOf(broker),
        sizing,
        from: startBar,
      });
      const { run, trades } = backtestOf(
        course({
          candles: [named],
          strategy,
          params: [{ after: null, params }],
          sizing,
          broker,
          startBar,
          lastBar: named.time.at(-1)!,
        }),
      );
      expect(plain.trades.length).toBeGreaterThan(3);
      expect(run.trades).toEqual(plain.trades);
      expect(run.equity).toEqual(plain.equity);
      expect(trades).toHaveLength(plain.trades.length + plain.openTrades.length);
    },
  );

  const hours = (n: number): number => n * HOUR_MS;
  // At bar i the line is the close of bar i - 1; orders fill at the open of i + 1, which equals its close here.
  const closes = [9, 11, 12, 13, 9, 8, 14, 15, 16, 17];
  const market = { ...barsOf(closes), symbol: 'A/B' } as Candles;

  it('tells what the strategy asked for at each bar, and what it saw', () => {
    const { decisions } = backtestOf(
      course({ candles: [market], strategy: LEVEL, params: [{ after: null, params: { level: 10 } }] }),
    );
    // Asked from bar 1 on; it buys at bar 2 (11 > 10), leaves at 5 (9 < 10), buys at 7 (14 > 10).
    expect(decisions.map(({ bar }) => bar / HOUR_MS)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(decisions.filter(({ signals }) => signals.length > 0)).toMatchObject([
      // Each buy is cancelled at once; a cancel of nothing is no signal.
      {
        bar: hours(2),
        signals: [
          { action: 'buy', side: 'buy' },
          { action: 'cancel', side: null },
        ],
      },
      { bar: hours(3), signals: [{ action: 'buy' }, { action: 'cancel' }] },
      { bar: hours(4), signals: [{ action: 'buy' }, { action: 'cancel' }] },
      { bar: hours(7), signals: [{ action: 'buy' }, { action: 'cancel' }] },
      { bar: hours(8), signals: [{ action: 'buy' }, { action: 'cancel' }] },
      { bar: hours(9), signals: [{ action: 'buy' }, { action: 'cancel' }] },
    ]);
    expect(decisions[1]).toMatchObject({ symbol: 'A/B', close: 12, position: 0 });
    expect(Object.values(decisions[1]!.values)).toEqual([11]);
  });

  const patient: Strategy = {
    ...LEVEL,
    prepare: (lines, { level }) => {
      const now = lines.price('close');
      if (level! > 12) lines.warmUp(8);
      return (context) => {
        if (context.position.size === 0 && now.now > level!) context.buy();
        if (context.position.size > 0 && now.now < level!) context.close();
      };
    },
  };

  it('knows at which bar an entry was decided, and where it and its exit traded', () => {
    const { trades } = backtestOf(
      course({ candles: [market], strategy: patient, params: [{ after: null, params: { level: 10 } }] }),
    );
    // Bought at the close of 1 and filled in 2, left at the close of 4 and filled in 5; bought at 6, open at 9.
    expect(trades).toEqual([
      {
        symbol: 'A/B',
        decidedAt: hours(1),
        units: '1',
        entry: { bar: hours(2), price: '12', reference: '12' },
        exit: { bar: hours(5), price: '8', reference: '8' },
        isOpen: false,
        fees: '0',
      },
      expect.objectContaining({ decidedAt: hours(6), isOpen: true, exit: expect.objectContaining({ price: '17' }) }),
    ]);
  });

  it('takes other parameters from the bar after the one at which they were given, and keeps what is held', () => {
    const { decisions, trades } = backtestOf(
      course({
        candles: [market],
        strategy: patient,
        params: [
          { after: null, params: { level: 10 } },
          { after: hours(2), params: { level: 12 } },
        ],
      }),
    );
    // 12 is not above 12 and 13 is no reason to leave: the first bar below 12 is 4, the first above it 6.
    expect(decisions.filter(({ signals }) => signals.length > 0).map(({ bar }) => bar / HOUR_MS)).toEqual([1, 4, 6]);
    expect(trades).toHaveLength(2);
    const early = backtestOf(
      course({
        candles: [market],
        strategy: patient,
        params: [
          { after: null, params: { level: 10 } },
          { after: hours(0), params: { level: 12 } },
        ],
      }),
    );
    // At 1 the new ones hold already: 11 is not above 12, 13 at bar 3 is.
    expect(early.decisions.find(({ signals }) => signals.length > 0)!.bar).toBe(hours(3));
  });

  it('does not let the warm-up of later parameters silence earlier ones, and keeps to it afterwards', () => {
    const { decisions } = backtestOf(
      course({
        candles: [market],
        strategy: patient,
        params: [
          { after: null, params: { level: 10 } },
          { after: hours(4), params: { level: 13 } },
        ],
      }),
    );
    // Bar 5 to 7 lie before the eighth bar.
    expect(decisions.map(({ bar }) => bar / HOUR_MS)).toEqual([0, 1, 2, 3, 4, 8, 9]);
  });

  it('runs from the first bar of the session to the last that it has handled', () => {
    const { decisions, run } = backtestOf(
      course({
        candles: [market],
        strategy: patient,
        params: [{ after: null, params: { level: 10 } }],
        startBar: hours(3),
        lastBar: hours(6),
      }),
    );
    expect(decisions.map(({ bar }) => bar / HOUR_MS)).toEqual([3, 4, 5, 6]);
    expect(run.times).toHaveLength(4);
  });

  it('keeps the decisions of several symbols apart', () => {
    const other = { ...barsOf(closes.map((close) => 20 - close)), symbol: 'C/B' } as Candles;
    const { decisions } = backtestOf(
      course({ candles: [market, other], strategy: patient, params: [{ after: null, params: { level: 10 } }] }),
    );
    const bought = decisions.filter(({ signals }) => signals.some(({ action }) => action === 'buy'));
    // 20 - 9 = 11 at bar 0 and again at 4; 20 - 8 = 12 at bar 5 finds it held.
    expect(bought.map(({ symbol, bar }) => [symbol, bar / HOUR_MS])).toEqual([
      ['C/B', 0],
      ['A/B', 1],
      ['C/B', 4],
      ['A/B', 6],
    ]);
  });

  it('has the levels of orders that waited as their references, in ticks, and fills where the engine does', () => {
    const waiting: Strategy = {
      ...LEVEL,
      prepare: () => (context) => {
        const { index } = context.bar;
        if (index === 0) context.buy({ stop: 12.03, stopLoss: 10.07 });
        if (index === 4) context.buy({ limit: 9.04, takeProfit: 11 });
      },
    };
    // Opens at 13 beyond the stop of 12.03 and at 9 beyond the stop loss; at 8 below the limit and at 11.5 above the target.
    const open = [10, 13, 13, 9, 9, 8, 11.5];
    const close = [10, 13, 13, 9, 9, 9, 11.5];
    const gaps = {
      ...barsOf(close, {
        open,
        high: open.map((o, i) => Math.max(o, close[i]!)),
        low: open.map((o, i) => Math.min(o, close[i]!)),
      }),
      symbol: 'A/B',
    } as Candles;
    const steps = { ...FREE, instruments: { 'A/B': { tick: 0.1, lot: 0, minNotional: 0 } } };
    const { trades } = backtestOf(course({ candles: [gaps], strategy: waiting, broker: steps }));
    // A buy stop rounds up, its stop loss down, a buy limit down.
    expect(trades.map(({ entry, exit }) => [entry.price, entry.reference, exit.price, exit.reference])).toEqual([
      ['13', '12.1', '9', '10'],
      ['8', '9', '11.5', '11'],
    ]);
  });
});
