import { describe, expect, it } from '@jest/globals';
import { decimal } from '../../../../domain/market/decimal.ts';
import { marketableLimitPrice } from '../../../../domain/execution/marketable-limit.ts';
import { needOf } from '../../../../domain/risk/limits/balance.ts';
import type { BookInstrument } from '../../../../domain/session/books/book-instrument.ts';
import { SessionBooks } from '../../../../domain/session/books/session-books.ts';
import { entryCommission } from '../../../../domain/session/books/size-entry.ts';
import type { WantedOrder } from '../../../../domain/session/order.ts';
import type { BarContext } from '../../../../domain/strategies/strategy.ts';
import { candlesOf, type Row, scripted } from '../../backtest/engine/scripted.ts';
import { ORDERS } from './replayed-run.ts';

const CLOSE = 60_000;
const BAR: Row = [CLOSE, CLOSE, CLOSE, CLOSE];
/** The symbol of `candlesOf` in the steps of BTC/USDT. */
const BTC: BookInstrument = {
  symbol: 'X',
  tick: '0.01',
  lot: '0.00001',
  minQuantity: '0.00001',
  minNotional: '5',
  restsStops: true,
};

function wantedAfter(order: Parameters<BarContext['buy']>[0], feeRate: string, terms = ORDERS, steps = {}) {
  const books = new SessionBooks({
    spec: { symbols: ['X'], capital: '10000', sizing: { kind: 'cashShare', value: 1 }, orders: terms },
    strategy: scripted({ 0: (context) => context.buy(order) }),
    params: {},
    instruments: [{ ...BTC, ...steps }],
    candles: [candlesOf([BAR])],
    startBar: 0,
    commission: entryCommission(feeRate),
  });
  books.decide(0);
  return books.wanted()[0]!;
}

/** What the gate holds the order to need, at the price that the execution sends it at: that of a stop or a limit stands in the order. */
function neededBy({ kind, quantity, limit }: WantedOrder, ask: string, feeRate: string): number {
  const instrument = { tick: BTC.tick };
  const quote = { bid: '59999.99', ask };
  const price =
    kind === 'marketable'
      ? marketableLimitPrice('buy', quote as never, ORDERS.aggressionBps, limit, instrument as never)
      : limit;
  const order = { side: 'buy', base: 'X', quote: 'USD', quantity, price: price! } as const;
  return Number(needOf(order, decimal(feeRate)).amount);
}

describe('an entry with all of the money of an account that has no more', () => {
  it.each([
    ['at market', {}],
    ['at a limit', { limit: 59_990 }],
    ['at a stop', { stop: 60_600 }],
    ['at a stop that the close has passed', { stop: 59_000 }],
  ] as const)('passes the risk gate %s, and uses the money up to a lot', (_, order) => {
    const wanted = wantedAfter(order, '0.001');
    for (const ask of ['60000.01', '60250', '60299.99']) {
      const needed = neededBy(wanted, ask, '0.001');
      expect(needed).toBeLessThanOrEqual(10_000);
    }
    // With one lot more it would not: 0.00001 at 60,903 and a fee are below 0.62; a market that stands below the limit costs up to 0.5 % less.
    expect(neededBy(wanted, '60299.99', '0.001')).toBeGreaterThan(10_000 - 0.62);
  });

  it('is made with the figures of the gate by hand', () => {
    // 10,000 / (60,000 x 1.005 x 1.001) = 0.16567..., / (59,990 x 1.001) = 0.16652..., / (60,600 x 1.005 x 1.001) = 0.16403...
    expect(wantedAfter({}, '0.001')).toMatchObject({ quantity: '0.16567', limit: '60300' });
    expect(wantedAfter({ limit: 59_990 }, '0.001')).toMatchObject({ quantity: '0.16652', limit: '59990' });
    expect(wantedAfter({ stop: 60_600 }, '0.001')).toMatchObject({ quantity: '0.16403', limit: '60903' });
  });

  it('is as large as ever where nothing is held back for fees', () => {
    // 10,000 / 60,300 = 0.165837...
    expect(wantedAfter({}, '0').quantity).toBe('0.16583');
    expect(wantedAfter({ size: 0.1 }, '0.001').quantity).toBe('0.1');
  });
});

describe('the most that an entry at market may pay', () => {
  it('is what it was sized with, also when the market has gone on before it is sent', () => {
    const wanted = wantedAfter({}, '0');
    expect(wanted).toMatchObject({ kind: 'marketable', limit: '60300', intended: '60000' });
    // The market is 5 % higher: it could trade nothing within its limit.
    const quote = { bid: '62999.99', ask: '63000' } as never;
    expect(
      marketableLimitPrice('buy', quote, ORDERS.aggressionBps, wanted.limit, { tick: '0.01' } as never),
    ).toBeNull();
  });

  it('is a tick beyond the close at least, or a market with a spread could never be bought', () => {
    expect(wantedAfter({}, '0', { ...ORDERS, aggressionBps: 0 } as never).limit).toBe('60000.01');
    // 60,000 x 1.005 = 60,300 in ticks of 500.
    expect(wantedAfter({}, '0', ORDERS, { tick: '500' }).limit).toBe('60500');
  });
});
