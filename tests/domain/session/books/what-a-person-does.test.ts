import { describe, expect, it } from '@jest/globals';
import { SessionBooks } from '../../../../domain/session/books/session-books.ts';
import type { JournalEntry } from '../../../../domain/session/journal.ts';
import type { Strategy } from '../../../../domain/strategies/strategy.ts';
import { candlesOf, HOUR_MS } from '../../backtest/engine/scripted.ts';
import { ORDERS } from './replayed-run.ts';
import { buy, FLAT, ScriptedBooks } from './scripted-books.ts';

describe('what a person does', () => {
  it('flattens: entries go, what is held is left, and what comes in late is left too', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 2, stopLoss: 95 }), 1: buy({ size: 1, limit: 90 }) });
    desk.decide(0);
    desk.fills(1, '2', '100');
    desk.ends(1, 'filled');
    desk.decide(1);
    desk.happens({ kind: 'flatten', reason: 'stop' });
    expect(desk.told()).toEqual(['4.1 exit marketable venue 2']);
    expect(desk.wanted(4)!.bar).toBeNull();
    desk.fills(3, '1', '90');
    expect(desk.told()).toEqual(['4.1 exit marketable venue 2', '5.1 exit marketable venue 1']);
  });

  it('flattens what an entry that had ended before turns out to have bought', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 1, stopLoss: 95 }) });
    desk.decide(0);
    desk.ends(1, 'expired');
    desk.decide(1);
    desk.happens({ kind: 'flatten', reason: 'pause' });
    expect(desk.told()).toEqual([]);
    desk.fills(1, '1', '100');
    expect(desk.told()).toEqual(['2.1 exit marketable venue 1']);
  });

  it('amends the parameters: the strategy is prepared anew, and what is held keeps its exits', () => {
    const sized: Strategy = {
      id: 'sized',
      title: 'Sized',
      params: [],
      prepare: (_lines, { size }) => {
        let asked = 0;
        return (context) => {
          asked += 1;
          context.buy({ size: size!, stopLoss: 90, tag: String(asked) });
        };
      },
    };
    const books = new SessionBooks({
      spec: { symbols: ['X'], capital: '1000', sizing: { kind: 'cashShare', value: 1 }, orders: ORDERS },
      strategy: sized,
      params: { size: 1 },
      instruments: [{ symbol: 'X', tick: '0.1', lot: '0.01', minQuantity: '0.01', minNotional: '5', restsStops: true }],
      candles: [candlesOf([FLAT, FLAT, FLAT])],
      startBar: 0,
    });
    const bought = { kind: 'execution', version: 1, price: '100', feeBase: '0', feeQuote: '0', maker: false } as const;
    const journal: JournalEntry[] = [
      { seq: 1, after: 0, event: { ...bought, order: 1, quantity: '1' } },
      { seq: 2, after: 0, event: { kind: 'params', params: { size: 2 } } },
      { seq: 3, after: HOUR_MS, event: { ...bought, order: 3, quantity: '2' } },
    ];
    books.fold(journal, HOUR_MS);
    // Its memory began anew: the second entry is the first that it remembers.
    expect(books.view().openTrades).toMatchObject([
      { size: 1, tag: '1', sl: 90 },
      { size: 2, tag: '1', sl: 90 },
    ]);
    expect(books.wanted().map(({ order, purpose }) => `${order} ${purpose}`)).toEqual(['2 stop-loss', '4 stop-loss']);
  });

  it('takes dust where an adjustment is more than the trades hold, and says what was not there', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 1 }), 1: (context) => context.close() });
    desk.decide(0);
    desk.fills(1, '1', '100', { feeBase: '0.004' });
    desk.ends(1, 'filled');
    desk.decide(1);
    desk.fills(2, '0.99', '100');
    desk.ends(2, 'filled');
    const { cash } = desk.books.view();
    expect(desk.books.view().dust).toEqual({ X: '0.006' });
    desk.happens({ kind: 'adjusted', symbol: 'X', quantity: '-0.01', price: '100', reason: 'swept' });
    // 0.006 of 0.01 was there, and had cost what it cost when it was left.
    expect(desk.books.view()).toMatchObject({ cash, dust: { X: '0' } });
    expect(desk.books.view().notes.at(-1)).toMatchObject({
      code: 'ADJUSTED',
      detail: '-0.006 at 100: swept (-0.01 was asked for; 0.004 of it was not held any more)',
    });
  });

  it('takes dust alone, and more dust, at what it costs', () => {
    const desk = new ScriptedBooks({});
    desk.decide(0);
    desk.happens({ kind: 'adjusted', symbol: 'X', quantity: '0.006', price: '100', reason: 'found' });
    // Below a lot it is no trade: 0.6 were paid, and count as lost.
    expect(desk.books.view()).toMatchObject({ cash: 999.4, positions: [{ quantity: '0' }], dust: { X: '0.006' } });
    desk.happens({ kind: 'adjusted', symbol: 'X', quantity: '-0.004', price: '100', reason: 'converted' });
    expect(desk.books.view()).toMatchObject({ cash: 999.4, dust: { X: '0.002' } });
    expect(desk.books.view().notes.at(-1)).toMatchObject({ detail: '-0.004 at 100: converted' });
  });

  it('gives what is held more the stop and the target of the trade that is there', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 2, trailingStop: 0.05, takeProfit: 120 }) });
    desk.decide(0);
    desk.fills(1, '2', '100');
    desk.ends(1, 'filled');
    desk.happens({ kind: 'adjusted', symbol: 'X', quantity: '1', price: '110', reason: 'found' });
    // The close of the order was 100, which the stop follows: 95 for both, and not 5 % below 110.
    expect(desk.told()).toEqual([
      '2.1 stop-loss stop venue 2 stop 95 limit 94.5',
      '3.1 take-profit limit session 2 limit 120',
      '4.1 stop-loss stop venue 1 stop 95 limit 94.5',
      '5.1 take-profit limit session 1 limit 120',
    ]);
  });

  it('makes what is too little for a stop of its own part of the trade that has one', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 2, stopLoss: 95 }) });
    desk.decide(0);
    desk.fills(1, '2', '100');
    desk.ends(1, 'filled');
    // 0.05 are 5 at 100, which is the least order, and 4.73 at the worst price of the stop, 94.525.
    desk.happens({ kind: 'adjusted', symbol: 'X', quantity: '0.05', price: '100', reason: 'found' });
    expect(desk.told()).toEqual(['2.2 stop-loss stop venue 2.05 stop 95 limit 94.5']);
    const before = desk.books.view();
    // Less than a lot, there and back again: nothing is written off. (2.05 x 100 + 0.006 x 110) / 2.056 = 100.0291829.
    desk.happens({ kind: 'adjusted', symbol: 'X', quantity: '0.006', price: '110', reason: 'found' });
    expect(desk.books.view()).toMatchObject({ trades: [], dust: { X: '0' }, positions: [{ quantity: '2.056' }] });
    expect(desk.books.view().positions[0]!.entryPrice).toBeCloseTo(100.0291829, 7);
    desk.happens({ kind: 'adjusted', symbol: 'X', quantity: '-0.006', price: '110', reason: 'not found' });
    expect(desk.books.view().positions).toMatchObject([{ quantity: '2.05' }]);
    expect(desk.books.view().cash).toBeCloseTo(before.cash, 10);
  });

  it('sells parts that are too little by themselves together', () => {
    const desk = new ScriptedBooks({});
    desk.decide(0);
    for (const [quantity, price] of [
      ['0.06', '100'],
      ['0.06', '110'],
    ] as const)
      desk.happens({ kind: 'adjusted', symbol: 'X', quantity, price, reason: 'found' });
    // At 60 each is worth 3.6, and both are 7.2; the least order is 5.
    const low = desk.of([FLAT, [60, 60, 60, 60]]);
    const [first, second] = desk.journal;
    const flatten = { kind: 'flatten', reason: 'stop' } as const;
    const sold = {
      kind: 'execution',
      order: 1,
      version: 1,
      quantity: '0.12',
      price: '60',
      feeBase: '0',
      feeQuote: '0',
      maker: false,
    } as const;
    const journal: JournalEntry[] = [first!, second!, { seq: 3, after: HOUR_MS, event: flatten }];
    low.fold(journal, HOUR_MS);
    expect(low.wanted()).toMatchObject([{ order: 1, side: 'sell', kind: 'marketable', quantity: '0.12' }]);
    low.fold([...journal, { seq: 4, after: HOUR_MS, event: sold }], HOUR_MS);
    const { cash, positions, dust, trades } = low.view();
    // 1,000 - 6 - 6.6 + 7.2.
    expect(cash).toBeCloseTo(994.6, 10);
    expect(trades.reduce((sum, { trade }) => sum + trade.pnl, 0)).toBeCloseTo(-5.4, 10);
    expect([positions[0]!.quantity, dust]).toEqual(['0', { X: '0' }]);
  });

  it('ends a flattening of what no order can sell: it is dust, and told', () => {
    const desk = new ScriptedBooks({});
    desk.decide(0);
    desk.happens({ kind: 'adjusted', symbol: 'X', quantity: '0.04', price: '100', reason: 'found' });
    desk.happens({ kind: 'flatten', reason: 'stop' });
    expect(desk.told()).toEqual([]);
    const { positions, dust, notes } = desk.books.view();
    expect([positions[0]!.quantity, dust, notes.at(-1)!.code]).toEqual(['0', { X: '0.04' }, 'LEFT_AS_DUST']);
  });

  it('ends a flattening of what the venue takes for too little, whatever the last close makes of it', () => {
    const desk = new ScriptedBooks({});
    desk.decide(0);
    desk.happens({ kind: 'adjusted', symbol: 'X', quantity: '0.06', price: '100', reason: 'found' });
    desk.happens({ kind: 'flatten', reason: 'stop' });
    expect(desk.told()).toEqual(['1.1 exit marketable venue 0.06']);
    const problem = { code: 'BELOW_MINIMUM', detail: '4.9 is below 5' };
    desk.happens({ kind: 'ended', order: 1, version: 1, status: 'expired', problem });
    expect(desk.told()).toEqual([]);
    const { positions, dust, notes } = desk.books.view();
    expect([positions[0]!.quantity, dust, notes.at(-1)!.code]).toEqual(['0', { X: '0.06' }, 'LEFT_AS_DUST']);
  });

  it('accepts that more, or less, is held', () => {
    const desk = new ScriptedBooks({});
    desk.decide(0);
    desk.happens({ kind: 'adjusted', symbol: 'X', quantity: '2', price: '100', reason: 'transferred' });
    expect(desk.books.view()).toMatchObject({ cash: 800, positions: [{ quantity: '2' }] });
    desk.happens({ kind: 'adjusted', symbol: 'X', quantity: '-2', price: '90', reason: 'sold by hand' });
    expect(desk.books.view()).toMatchObject({
      cash: 980,
      positions: [{ quantity: '0' }],
      trades: [{ entryOrder: null, exitOrder: null, trade: { pnl: -20 } }],
    });
  });
});
