import { describe, expect, it } from '@jest/globals';
import Big from 'big.js';
import fc from 'fast-check';
import { Market } from '../../../domain/matching/market.ts';
import { Exchange, Refusal } from '../../../simulator/exchange/exchange.ts';
import { Ledger } from '../../../simulator/exchange/ledger.ts';
import { ListedMarket } from '../../../simulator/exchange/listed-market.ts';
import { applyToLedger, type LedgerRecord } from '../../../simulator/exchange/records.ts';
import { LOT, lots, snapshotOf, TICK, type TickBook, tickBooks, ticks, trade } from '../../domain/matching/books.ts';

const LISTING = { symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', tick: TICK, lot: LOT, minNotional: '0.001' };
const INITIAL = { USDT: '10', BTC: '1' };

const exchangeOf = (book: TickBook) => {
  const market = new Market({ ...LISTING, impact: { permanent: 0.25, halfLifeMs: 1000 } }, 1);
  const listed = new ListedMarket(LISTING, market, 0);
  const records: LedgerRecord[] = [];
  const exchange = new Exchange({
    config: { makerBps: '5', takerBps: '10', feed: { kind: 'synthetic', seed: 1 } },
    ledger: new Ledger(INITIAL, 0),
    markets: new Map([[LISTING.symbol, listed]]),
    journal: (record) => records.push(record),
  });
  exchange.applyFeed(listed, snapshotOf(book), 0);
  return { exchange, listed, records };
};

const step = fc.oneof(
  fc.record({
    kind: fc.constant('trade' as const),
    ticks: fc.integer({ min: 985, max: 1020 }),
    lots: fc.integer({ min: 1, max: 60 }),
    buyerIsMaker: fc.boolean(),
  }),
  fc.record({
    kind: fc.constantFrom('limit' as const, 'stop-limit' as const),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    ticks: fc.integer({ min: 985, max: 1020 }),
    beyond: fc.integer({ min: -5, max: 10 }),
    lots: fc.integer({ min: 1, max: 60 }),
    timeInForce: fc.constantFrom('GTC' as const, 'IOC' as const, 'FOK' as const),
  }),
  fc.record({ kind: fc.constant('cancel' as const), orderId: fc.integer({ min: 1, max: 20 }) }),
);

describe('stop orders of an account', () => {
  it('conserve balances, lock what they can cost until they end, and come back from the journal as they stood', () => {
    let triggers = 0;
    fc.assert(
      fc.property(tickBooks, fc.array(step, { maxLength: 40 }), (book, script) => {
        const { exchange, listed, records } = exchangeOf(book);
        const { ledger } = exchange;
        script.forEach((each, index) => {
          const at = (index + 1) * 700;
          try {
            if (each.kind === 'trade') {
              exchange.applyFeed(listed, trade(index, ticks(each.ticks), lots(each.lots), each.buyerIsMaker), at);
            } else if (each.kind === 'cancel') {
              const order = ledger.order(each.orderId);
              if (order !== undefined) exchange.cancel(listed, order, at, 'cancel');
            } else {
              const { side, kind: type, timeInForce } = each;
              const isStop = type === 'stop-limit';
              const price = ticks(each.ticks + (isStop ? (side === 'sell' ? -each.beyond : each.beyond) : 0));
              const stopPrice = isStop ? ticks(each.ticks) : null;
              const order = { clientOrderId: `${index}`, side, type, timeInForce, price, stopPrice };
              exchange.place(listed, { ...order, quantity: lots(each.lots) }, at);
            }
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
          }
        });
        triggers += records.filter(({ kind }) => kind === 'triggered').length;

        const totals = { BTC: new Big(INITIAL.BTC), USDT: new Big(INITIAL.USDT) };
        for (const { side, price, quantity, fee, feeAsset } of ledger.fills()) {
          const signed = new Big(quantity).times(side === 'buy' ? 1 : -1);
          totals.BTC = totals.BTC.plus(signed);
          totals.USDT = totals.USDT.minus(signed.times(price));
          totals[feeAsset as 'BTC' | 'USDT'] = totals[feeAsset as 'BTC' | 'USDT'].minus(fee);
        }
        const locked = { BTC: new Big(0), USDT: new Big(0) };
        for (const { side, price, quantity, filled } of ledger.openOrders()) {
          const left = new Big(quantity).minus(filled);
          if (side === 'sell') locked.BTC = locked.BTC.plus(left);
          else locked.USDT = locked.USDT.plus(left.times(price ?? '0'));
        }
        const found = Object.fromEntries(
          ledger.balances
            .all()
            .map(({ asset, free, locked: kept }) => [asset, [new Big(free).plus(kept).toFixed(), kept]]),
        );
        expect(found).toEqual({
          BTC: [totals.BTC.toFixed(), locked.BTC.toFixed()],
          USDT: [totals.USDT.toFixed(), locked.USDT.toFixed()],
        });

        const again = new Ledger(INITIAL, 0);
        for (const record of records) applyToLedger(again, record);
        expect(again.orders()).toEqual(ledger.orders());
        expect(again.balances.all()).toEqual(ledger.balances.all());
      }),
      { numRuns: 200 },
    );
    expect(triggers).toBeGreaterThan(20);
  });
});
