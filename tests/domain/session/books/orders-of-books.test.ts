import { describe, expect, it } from '@jest/globals';
import { type Row } from '../../backtest/engine/scripted.ts';
import { buy, FLAT, ScriptedBooks } from './scripted-books.ts';

describe('the size of an entry', () => {
  it('is reckoned at the close and what it may pay on top', () => {
    const desk = new ScriptedBooks({ 0: buy({}) });
    desk.decide(0);
    // 1,000 / (100 x 1.005) = 9.950..., in lots of 0.01.
    expect(desk.told()).toEqual(['1.1 entry marketable venue 9.95 limit 100.5']);
  });

  it('leaves the money of other entries alone', () => {
    const desk = new ScriptedBooks({
      0: (context) => {
        context.buy({ size: 4, limit: 90 });
        context.buy({});
      },
    });
    desk.decide(0);
    // 360 wait for the limit: 640 / 100.5 = 6.368...
    expect(desk.told()).toEqual(['1.1 entry limit venue 4 limit 90', '2.1 entry marketable venue 6.36 limit 100.5']);
  });

  it.each([
    ['NOT_ENOUGH_MARGIN', { size: 9.96 }],
    ['BELOW_LOT', { size: 0.009 }],
    ['BELOW_MIN_NOTIONAL', { size: 0.04 }],
    ['INVALID_EXITS', { size: 1, stopLoss: 101 }],
  ] as const)('is refused with %s', (reason, order) => {
    const desk = new ScriptedBooks({ 0: buy(order) });
    expect(desk.decide(0).signals).toEqual([{ action: 'buy', side: 'buy', outcome: 'refused', reason, orders: [] }]);
    expect(desk.told()).toEqual([]);
  });

  it('is refused where there is nothing to sell', () => {
    const desk = new ScriptedBooks({ 0: (context) => context.sell({ size: 1 }) });
    expect(desk.decide(0).signals).toMatchObject([{ outcome: 'refused', reason: 'DIRECTION' }]);
  });
});

describe('the exits of a trade', () => {
  const bracket = { 0: buy({ size: 2, stopLoss: 95, takeProfit: 110 }) };

  it('keeps the stop at the venue and watches the target', () => {
    const desk = new ScriptedBooks(bracket);
    desk.decide(0);
    desk.fills(1, '2', '100');
    // 95 less 0.5 % is 94.525.
    expect(desk.told()).toEqual([
      '2.1 stop-loss stop venue 2 stop 95 limit 94.5',
      '3.1 take-profit limit session 2 limit 110',
    ]);
  });

  it('sends the target once it is reached, in the place of the stop, and takes the stop back when it did not trade', () => {
    const desk = new ScriptedBooks(bracket);
    desk.decide(0);
    desk.fills(1, '2', '100');
    desk.happens({ kind: 'reached', order: 3, price: '110' });
    // What the stop waits for is watched meanwhile.
    expect(desk.told()).toEqual([
      '2.2 stop-loss stop session 2 stop 95 limit 94.5',
      '3.2 take-profit marketable venue 2 limit 110',
    ]);
    expect(desk.wanted(2)!.isSpare).toBe(true);
    desk.ends(3, 'expired');
    expect(desk.told()).toEqual([
      '2.3 stop-loss stop venue 2 stop 95 limit 94.5',
      '3.3 take-profit limit session 2 limit 110',
    ]);
    expect(desk.wanted(2)!.isSpare).toBeUndefined();
  });

  it('lets the stop win when the market falls to it while the target is tried', () => {
    const desk = new ScriptedBooks(bracket);
    desk.decide(0);
    desk.fills(1, '2', '100');
    desk.happens({ kind: 'reached', order: 3, price: '110' });
    desk.happens({ kind: 'reached', order: 2, price: '95' });
    expect(desk.told()).toEqual(['2.3 stop-loss marketable venue 2']);
  });

  it('tries a target that nobody takes three times in a bar, and keeps its stop at the venue then', () => {
    const desk = new ScriptedBooks(bracket);
    desk.decide(0);
    desk.fills(1, '2', '100');
    for (let time = 0; time < 3; time++) {
      desk.happens({ kind: 'reached', order: 3, price: '110' });
      desk.ends(3, 'expired');
    }
    expect(desk.told()).toEqual(['2.7 stop-loss stop venue 2 stop 95 limit 94.5']);
    desk.happens({ kind: 'again', order: 3 });
    expect(desk.told()).toEqual([
      '2.7 stop-loss stop venue 2 stop 95 limit 94.5',
      '3.7 take-profit limit session 2 limit 110',
    ]);
  });

  it('sells at market what a stop at the venue has left there when the market jumped over it', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 2, stopLoss: 95 }) });
    desk.decide(0);
    desk.fills(1, '2', '100');
    desk.happens({ kind: 'reached', order: 2, price: '94.5' });
    expect(desk.told()).toEqual(['2.2 stop-loss marketable venue 2']);
  });

  it('rests a target that has no stop beside it at the venue', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 2, takeProfit: 110 }) });
    desk.decide(0);
    desk.fills(1, '2', '100');
    expect(desk.told()).toEqual(['2.1 take-profit limit venue 2 limit 110']);
  });

  it('watches stops where the venue takes none', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 2, stopLoss: 95 }) }, { restsStops: false });
    desk.decide(0);
    desk.fills(1, '2', '100');
    expect(desk.told()).toEqual(['2.1 stop-loss stop session 2 stop 95 limit 94.5']);
    desk.happens({ kind: 'reached', order: 2, price: '95' });
    expect(desk.told()).toEqual(['2.2 stop-loss marketable venue 2']);
  });

  it('leaves only the rest to the stop while a part is left at market', () => {
    const desk = new ScriptedBooks({ ...bracket, 1: (context) => context.close(0.25) });
    desk.decide(0);
    desk.fills(1, '2', '100');
    desk.ends(1, 'filled');
    desk.decide(1);
    expect(desk.told()).toEqual([
      '2.2 stop-loss stop venue 1.5 stop 95 limit 94.5',
      '3.2 take-profit limit session 1.5 limit 110',
      '4.1 exit marketable venue 0.5',
    ]);
  });

  it('moves with the best price as a new version of the same order', () => {
    const rows: Row[] = [FLAT, [100, 108, 99, 107], [107, 107, 107, 107]];
    const desk = new ScriptedBooks({ 0: buy({ size: 1, trailingStop: 0.1 }) }, { rows });
    desk.decide(0);
    desk.fills(1, '1', '100');
    desk.ends(1, 'filled');
    // 10 % below 100, then below 108 (97.2), with 0.5 % of slippage: 89.55 and 96.714.
    expect(desk.told()).toEqual(['2.1 stop-loss stop venue 1 stop 90 limit 89.5']);
    desk.decide(1);
    expect(desk.told()).toEqual(['2.2 stop-loss stop venue 1 stop 97.2 limit 96.7']);
  });

  it('goes to market when a close has passed its stop, or the venue says so', () => {
    const rows: Row[] = [FLAT, [100, 100, 90, 91], FLAT];
    const passed = new ScriptedBooks(bracket, { rows });
    passed.decide(0);
    passed.fills(1, '2', '100');
    passed.decide(1);
    expect(passed.told()).toEqual(['2.2 stop-loss marketable venue 2']);

    const refused = new ScriptedBooks(bracket);
    refused.decide(0);
    refused.fills(1, '2', '100');
    refused.ends(2, 'failed', 'it would trade at once', 'TRIGGER_PASSED');
    expect(refused.told()).toEqual(['2.2 stop-loss marketable venue 2']);
  });

  it('knows no words of a venue: a refusal that only reads so has the stop sent again', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 2, stopLoss: 95 }) });
    desk.decide(0);
    desk.fills(1, '2', '100');
    desk.ends(2, 'failed', 'Stop price would trigger immediately.', '-2010');
    expect(desk.told()).toEqual(['2.2 stop-loss stop venue 2 stop 95 limit 94.5']);
  });

  it('watches a stop that the venue refuses again and again, until the next bar', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 2, stopLoss: 95 }) });
    desk.decide(0);
    desk.fills(1, '2', '100');
    for (let time = 0; time < 3; time++) desk.ends(2, 'failed', 'too many orders');
    expect(desk.told()).toEqual(['2.4 stop-loss stop session 2 stop 95 limit 94.5']);
    desk.decide(1);
    expect(desk.told()).toEqual(['2.5 stop-loss stop venue 2 stop 95 limit 94.5']);
  });
});

describe('orders that end', () => {
  it('what is left of an entry is gone, and told', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 2 }) });
    desk.decide(0);
    desk.fills(1, '0.5', '100');
    desk.ends(1, 'expired');
    expect(desk.told()).toEqual([]);
    expect(desk.books.view()).toMatchObject({
      positions: [{ units: 0.5 }],
      notes: [{ order: 1, code: 'ORDER_EXPIRED', detail: 'buy expired with 0.5 of 2 traded' }],
    });
  });

  it('what is left of an exit stays wanted, three times in a bar and then at the next', () => {
    const desk = new ScriptedBooks({ 0: buy({ size: 2 }), 1: (context) => context.close() });
    desk.decide(0);
    desk.fills(1, '2', '100');
    desk.ends(1, 'filled');
    desk.decide(1);
    desk.fills(2, '0.5', '100');
    desk.ends(2, 'expired');
    expect(desk.told()).toEqual(['2.2 exit marketable venue 1.5']);
    desk.ends(2, 'expired');
    desk.ends(2, 'expired');
    expect(desk.told()).toEqual([]);
    desk.decide(2);
    expect(desk.told()).toEqual(['2.4 exit marketable venue 1.5']);
  });

  it('takes in what an order has traded before its cancel came', () => {
    const desk = new ScriptedBooks({
      0: buy({ size: 2, limit: 95, stopLoss: 90 }),
      1: (context) => context.cancelOrders(),
    });
    desk.decide(0);
    desk.decide(1);
    expect(desk.told()).toEqual([]);
    desk.fills(1, '2', '95');
    expect(desk.told()).toEqual(['2.1 stop-loss stop venue 2 stop 90 limit 89.5']);
  });
});
