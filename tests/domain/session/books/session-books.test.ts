import { describe, expect, it } from '@jest/globals';
import type { JournalEntry } from '../../../../domain/session/journal.ts';
import type { BarContext } from '../../../../domain/strategies/strategy.ts';
import { HOUR_MS, type Row } from '../../backtest/engine/scripted.ts';
import { buy, FLAT, ScriptedBooks } from './scripted-books.ts';

it('tells of an open trade the order that opened it, however late that was', () => {
  const script = { 0: buy({ size: 1, limit: 90 }), 2: buy({ size: 2 }) };
  const desk = new ScriptedBooks(script);
  desk.decide(0);
  desk.decide(1);
  desk.decide(2);
  desk.fills(2, '2', '100');
  desk.ends(2, 'filled');
  desk.decide(3);
  // The limit order of bar 0 trades when the market order of bar 2 has long filled.
  desk.fills(1, '1', '90');
  desk.ends(1, 'filled');
  const { openTrades, openedBy } = desk.books.view();
  expect(openTrades.map(({ size, entryPrice }, i) => [size, entryPrice, openedBy[i]])).toEqual([
    [2, 100, 2],
    [1, 90, 1],
  ]);
});

describe('the money of a session', () => {
  it('takes a fee in base off what is bought, and has paid for it all the same', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 2 }), 1: (context) => context.close() });
    desk.decide(0);
    // 2 bought at 100 for 0.1 % in base: 1.998 are held, 200 of 1,000 are paid.
    desk.fills(1, '2', '100', { feeBase: '0.002' });
    desk.ends(1, 'filled');
    expect(desk.books.view()).toMatchObject({ cash: 800, commission: 0.2, positions: [{ quantity: '1.998' }] });
    desk.decide(1);
    expect(desk.told()).toEqual(['2.1 exit marketable venue 1.99']);
    // 1.99 sold at 110 bring 218.9 less 0.2189; 0.008 stay as dust, which had cost 0.8.
    desk.fills(2, '1.99', '110', { feeQuote: '0.2189' });
    desk.ends(2, 'filled');
    const { cash, equity, trades, dust, positions } = desk.books.view();
    expect(cash).toBeCloseTo(1_018.6811, 10);
    expect(equity).toBeCloseTo(1_018.6811, 10);
    expect(dust).toEqual({ X: '0.008' });
    expect(positions).toMatchObject([{ units: 0, quantity: '0' }]);
    // 1.99 x 10 - 0.2189 - 0.2 - 0.8 = 18.6811.
    expect(trades).toHaveLength(1);
    expect(trades[0]!.trade.pnl).toBeCloseTo(18.6811, 10);
    expect(trades[0]).toMatchObject({ entryOrder: 1, exitOrder: 2 });
  });

  it('sells dust along with a later trade once both make a lot', () => {
    const script = {
      0: buy({ size: 1 }),
      1: (c: BarContext) => c.close(),
      2: buy({ size: 1 }),
      3: (c: BarContext) => c.close(),
    };
    const desk = new ScriptedBooks(script);
    desk.decide(0);
    desk.fills(1, '1', '100', { feeBase: '0.004' });
    desk.ends(1, 'filled');
    desk.decide(1);
    desk.fills(2, '0.99', '100');
    desk.ends(2, 'filled');
    expect(desk.books.view().dust).toEqual({ X: '0.006' });
    desk.decide(2);
    desk.fills(3, '1', '100', { feeBase: '0.004' });
    desk.ends(3, 'filled');
    desk.decide(3);
    // 0.996 and 0.006 are one whole unit and 0.002.
    expect(desk.told()).toEqual(['4.1 exit marketable venue 1']);
    desk.fills(4, '1', '100');
    desk.ends(4, 'filled');
    const { cash, dust, trades } = desk.books.view();
    // 1,000 - 100 + 99 - 100 + 100 = 999. Of 0.008 that the venue took and 0.002 that are left, at 100 each: 1.
    expect(cash).toBeCloseTo(999, 10);
    expect(dust).toEqual({ X: '0.002' });
    expect(trades.reduce((sum, { trade }) => sum + trade.pnl, 0)).toBeCloseTo(-1, 10);
  });

  it('makes one trade of what one order buys in one bar, and two of what it buys in two', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 3, limit: 99 }) });
    desk.decide(0);
    desk.fills(1, '1', '99');
    desk.fills(1, '1', '96');
    // (99 + 96) / 2.
    expect(desk.books.view().openTrades).toMatchObject([{ size: 2, entryPrice: 97.5, entryBar: 1 }]);
    desk.decide(1);
    desk.fills(1, '1', '98');
    expect(desk.books.view().openTrades).toMatchObject([
      { size: 2, entryPrice: 97.5, entryBar: 1 },
      { size: 1, entryPrice: 98, entryBar: 2 },
    ]);
  });
});

describe('how the strategy is asked', () => {
  const script = {
    0: buy({ size: 1 }),
    1: (context: BarContext) => {
      context.buy({ size: 1 });
      context.close();
    },
  };

  it.each([
    ['exits', 'HOURS', ['buy blocked HOURS', 'close fired null']],
    ['mute', 'PAUSED', ['buy blocked PAUSED', 'close blocked PAUSED']],
  ] as const)('in mode %s what it must not do is dropped, and told', (mode, reason, told) => {
    const desk = new ScriptedBooks(script);
    desk.decide(0);
    desk.fills(1, '1', '100');
    desk.ends(1, 'filled');
    const { signals, blocked } = desk.decide(1, mode);
    expect(blocked).toBe(reason);
    expect(signals.map(({ action, outcome, reason: why }) => `${action} ${outcome} ${why}`)).toEqual(told);
    // A fold of the journal drops the same.
    desk.journal.push({ seq: 3, after: 0, event: { kind: 'bar', time: HOUR_MS, mode, reason } });
    const again = desk.of([FLAT, FLAT]);
    again.fold(desk.journal, HOUR_MS);
    expect(again.wanted()).toEqual(desk.books.wanted());
  });

  it('is not asked at all once it has failed: its stops go on following, and time stops come', () => {
    const rows: Row[] = [FLAT, [100, 108, 99, 107], [107, 107, 107, 107]];
    const boom = (): void => {
      throw new Error('boom');
    };
    const desk = new ScriptedBooks({ 0: buy({ size: 1, trailingStop: 0.1, maxBars: 1 }), 1: boom, 2: boom }, { rows });
    desk.decide(0);
    desk.fills(1, '1', '100');
    desk.ends(1, 'filled');
    expect(desk.books.decide(HOUR_MS, 'mute', 'STRATEGY')[0]).toMatchObject({ blocked: 'STRATEGY', signals: [] });
    // 10 % below 108.
    expect(desk.told()).toEqual(['2.2 stop-loss stop venue 1 stop 97.2 limit 96.7']);
    desk.books.decide(2 * HOUR_MS, 'mute', 'STRATEGY');
    expect(desk.told()).toEqual(['3.1 exit marketable venue 1']);
    // A fold asks it as little.
    const bars = [1, 2].map((bar) => ({ kind: 'bar', time: bar * HOUR_MS, mode: 'mute', reason: 'STRATEGY' }) as const);
    const journal = [
      ...desk.journal,
      ...bars.map((event, i) => ({ seq: desk.journal.length + 1 + i, after: i * HOUR_MS, event })),
    ];
    const again = desk.of(rows);
    again.fold(journal, 2 * HOUR_MS);
    expect(again.wanted()).toEqual(desk.books.wanted());
  });

  it('tells what was decided', () => {
    const desk = new ScriptedBooks(script);
    expect(desk.decide(0)).toEqual({
      symbol: 'X',
      bar: 0,
      closedAt: HOUR_MS,
      mode: 'ask',
      blocked: null,
      close: 100,
      values: {},
      signals: [{ action: 'buy', side: 'buy', outcome: 'fired', reason: null, orders: [1] }],
      position: 0,
      equity: 1_000,
    });
  });

  it('decides the bars one after the other and refuses any other', () => {
    const desk = new ScriptedBooks({});
    desk.decide(0);
    expect(() => desk.decide(2)).toThrow('is not the next one to decide: it is 1970-01-01T01:00:00.000Z');
  });

  it('says at which bar the strategy threw', () => {
    const desk = new ScriptedBooks({
      1: () => {
        throw new Error('boom');
      },
    });
    desk.decide(0);
    expect(() => desk.decide(1)).toThrow(
      'strategy "scripted" failed at bar 1 (1970-01-01T01:00:00.000Z) of X: Error: boom',
    );
  });
});

describe('a journal that is not of these books', () => {
  it('is refused where it speaks of an order that was never made', () => {
    const desk = new ScriptedBooks({});
    desk.decide(0);
    expect(() => desk.fills(1, '1', '100')).toThrow('the journal speaks of order 1 and the books have made 0');
  });

  it('is refused where candles are missing', () => {
    const books = new ScriptedBooks({}).of([FLAT]);
    const entry: JournalEntry = { seq: 1, after: HOUR_MS, event: { kind: 'flatten', reason: 'stop' } };
    expect(() => books.fold([entry], HOUR_MS)).toThrow('candles are missing');
  });
});

describe('candles that grow', () => {
  it('give the same books in every step as all of them at once', () => {
    const rows = Array.from({ length: 8 }, (_, i): Row => [100 + i, 102 + i, 99 + i, 101 + i]);
    const script = { 0: buy({ size: 1, trailingStop: 0.05 }), 4: (context: BarContext) => context.close() };
    const desk = new ScriptedBooks(script, { rows });
    for (let bar = 0; bar < rows.length; bar++) {
      desk.decide(bar);
      const known = desk.of(rows.slice(0, bar + 1));
      known.fold(desk.journal, bar * HOUR_MS);
      expect(known.wanted()).toEqual(desk.books.wanted());
      expect(known.view()).toEqual(desk.books.view());
      if (bar === 0) desk.fills(1, '1', '101');
      if (bar === 4) desk.fills(3, '1', '105');
    }
    // Entered and left in bars that had not closed when it was written down.
    expect(desk.books.view().trades).toMatchObject([{ trade: { entryBar: 1, exitBar: 5, exitTime: 5 * HOUR_MS } }]);
  });
});
