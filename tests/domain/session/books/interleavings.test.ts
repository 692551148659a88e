import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Candles } from '../../../../domain/market/candles.ts';
import { syntheticCandles } from '../../../../domain/market/synthetic-candles.ts';
import type { BarContext, OrderRequest, Strategy } from '../../../../domain/strategies/strategy.ts';
import { instrumentOf, ORDERS } from './replayed-run.ts';
import { ToySession } from './toy-venue.ts';

const BARS = 24;
const LOT = '0.01';

/** What a strategy orders at a bar, with prices as ratios of the close. */
const order = fc.record({
  bar: fc.integer({ min: 0, max: BARS - 1 }),
  kind: fc.constantFrom('buy', 'buy', 'buy', 'close', 'sell', 'cancel', 'protect'),
  type: fc.constantFrom('market', 'market', 'limit', 'stop', 'trail'),
  lots: fc.integer({ min: 1, max: 60 }),
  share: fc.constantFrom(1, 1, 0.5, 0.3),
  distance: fc.integer({ min: -15, max: 15 }).map((thousandths) => thousandths / 1_000),
  stopLoss: fc.option(fc.integer({ min: 2, max: 40 }).map((thousandths) => thousandths / 1_000)),
  takeProfit: fc.option(fc.integer({ min: 2, max: 40 }).map((thousandths) => thousandths / 1_000)),
  trailingStop: fc.option(fc.integer({ min: 2, max: 40 }).map((thousandths) => thousandths / 1_000)),
  maxBars: fc.option(fc.integer({ min: 1, max: 8 })),
  goodForBars: fc.option(fc.integer({ min: 1, max: 4 })),
});
type Order = typeof order extends fc.Arbitrary<infer T> ? T : never;

/** What happens next, at the venue or around it. */
const happening = fc.record({
  kind: fc.constantFrom(
    ...([
      'bar',
      'bar',
      'bar',
      'bar',
      'bar',
      'bar',
      'acknowledge',
      'acknowledge',
      'fill',
      'fill',
      'fill-whole',
    ] as const),
    ...(['fill-whole', 'cancelled', 'cancelled', 'cancel-loses', 'expired', 'failed', 'by-itself', 'reached'] as const),
    ...(['flatten', 'cancel-entries', 'again', 'exits', 'mute', 'params', 'adjusted', 'too-small'] as const),
  ),
  /** Which order it is about. */
  pick: fc.nat({ max: 1_000 }),
  lots: fc.integer({ min: 1, max: 40 }),
  price: fc.integer({ min: 9_500, max: 10_500 }).map((cents) => String(cents / 100)),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function act(context: BarContext, each: Order): void {
  const close = context.bar.close.now;
  if (each.kind === 'close') context.close(each.share);
  else if (each.kind === 'cancel') context.cancelOrders();
  else if (each.kind === 'protect') {
    context.protect({
      stopLoss: each.stopLoss === null ? null : close * (1 - each.stopLoss),
      takeProfit: each.takeProfit === null ? null : close * (1 + each.takeProfit),
    });
  } else if (each.kind === 'buy') context.buy(requestOf(each, close));
  else {
    const { stopLoss: _, takeProfit: __, trailingStop: ___, ...plain } = requestOf(each, close);
    context.sell(plain);
  }
}

function requestOf(each: Order, close: number): OrderRequest {
  const price = each.type === 'market' || each.type === 'trail' ? close : close * (1 + each.distance);
  return {
    size: each.lots / 100,
    ...(each.type === 'limit' ? { limit: price } : {}),
    ...(each.type === 'stop' ? { stop: price } : {}),
    ...(each.type === 'trail' ? { trail: Math.abs(each.distance) + 0.005 } : {}),
    ...(each.stopLoss === null ? {} : { stopLoss: price * (1 - each.stopLoss) }),
    ...(each.takeProfit === null ? {} : { takeProfit: price * (1 + each.takeProfit) }),
    ...(each.trailingStop === null ? {} : { trailingStop: each.trailingStop }),
    ...(each.maxBars === null ? {} : { maxBars: each.maxBars }),
    ...(each.goodForBars === null ? {} : { goodForBars: each.goodForBars }),
  };
}

const candles: Candles = syntheticCandles({ seed: 5, bars: BARS, timeframe: '15m', volatility: 0.006 });

function sessionOf(orders: readonly Order[], restsStops: boolean): ToySession {
  const strategy: Strategy = {
    id: 'random',
    title: 'Random',
    params: [],
    prepare: () => (context) => {
      for (const each of orders) if (each.bar === context.bar.index) act(context, each);
    },
  };
  return new ToySession({
    spec: {
      symbols: [candles.symbol],
      capital: '10000',
      sizing: { kind: 'cashShare', value: 0.3 },
      orders: ORDERS,
    },
    strategy,
    params: {},
    instruments: [{ ...instrumentOf(candles.symbol, '0.01', LOT), restsStops }],
    candles: [candles],
    startBar: candles.time[0]!,
  });
}

function happen(session: ToySession, { kind, pick, lots, price }: Happening): void {
  const { active, orders } = session;
  const one = active[pick % Math.max(1, active.length)];
  const cancelling = active.filter(({ placed }) => placed.cancelRequested);
  const cancelled = cancelling[pick % Math.max(1, cancelling.length)];
  switch (kind) {
    case 'bar':
      return session.bar();
    case 'exits':
    case 'mute':
      return session.bar(kind);
    case 'acknowledge':
      return one && session.acknowledge(one);
    case 'fill':
      return one && session.fill(one, lots, price, LOT);
    case 'fill-whole':
      return one && session.fill(one, Number.MAX_SAFE_INTEGER, price, LOT);
    case 'cancelled':
      return cancelled && session.end(cancelled, 'cancelled');
    case 'cancel-loses':
      return cancelled && session.fill(cancelled, Number.MAX_SAFE_INTEGER, price, LOT);
    case 'expired':
      return one?.placed.kind === 'marketable' ? session.end(one, 'expired') : undefined;
    case 'too-small':
      return one?.placed.kind === 'marketable' && one.filled.eq(0)
        ? session.end(one, 'expired', 'BELOW_MINIMUM')
        : undefined;
    case 'adjusted':
      return session.adjust(candles.symbol, String((lots * lots) / 2_000), price);
    case 'failed':
      return one?.placed.state === 'open' ? session.end(one, 'failed') : undefined;
    case 'by-itself':
      return one && session.end(one, 'cancelled');
    case 'reached': {
      const watched = session.books.wanted().filter(({ held }) => held === 'session');
      const each = watched[pick % Math.max(1, watched.length)];
      return each && session.happens({ kind: 'reached', order: each.order, price });
    }
    case 'again': {
      // The end of an order told a second time changes nothing.
      const ended = orders.filter(({ placed }) => placed.state === 'ended');
      const each = ended[pick % Math.max(1, ended.length)];
      return each && session.end(each, 'cancelled');
    }
    case 'params':
      return session.happens({ kind: 'params', params: {} });
    case 'flatten':
    case 'cancel-entries':
      return session.happens({ kind, reason: 'a test' });
  }
}

describe('a session at a venue that does anything in any order', () => {
  it('never sells more than it holds, protects what it holds, and settles', () => {
    fc.assert(
      fc.property(
        fc.array(order, { minLength: 3, maxLength: 30 }),
        fc.array(happening, { minLength: 20, maxLength: 150 }),
        fc.boolean(),
        (orders, happenings, restsStops) => {
          // Whatever must not happen throws where it happens.
          const session = sessionOf(orders, restsStops);
          for (const each of happenings) happen(session, each);
          session.drain(LOT);
          const again = session.again();
          expect(again.wanted()).toEqual(session.books.wanted());
          expect(again.view()).toEqual(session.books.view());
          expect(session.books.view().notes.filter(({ code }) => code === 'OVERSOLD')).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves nothing behind after a flattening, whatever comes in late', () => {
    fc.assert(
      fc.property(
        fc.array(order, { minLength: 3, maxLength: 30 }),
        fc.array(happening, { minLength: 20, maxLength: 100 }),
        fc.array(happening, { maxLength: 20 }),
        (orders, before, late) => {
          const session = sessionOf(orders, true);
          for (const each of before) happen(session, each);
          session.happens({ kind: 'flatten', reason: 'stop' });
          const atVenue = ['acknowledge', 'fill', 'fill-whole', 'cancelled', 'cancel-loses', 'again'];
          for (const each of late) if (atVenue.includes(each.kind)) happen(session, each);
          for (let bar = 0; bar < 2; bar++) {
            session.drain(LOT);
            session.bar('mute');
          }
          const [position] = session.books.view().positions;
          expect({ units: position!.units, wanted: session.books.wanted() }).toEqual({ units: 0, wanted: [] });
          // All that was bought is sold or written off: what the trades have made is what there is more of.
          const { cash, trades } = session.books.view();
          expect(cash).toBeCloseTo(
            trades.reduce((sum, { trade }) => sum + trade.pnl, 10_000),
            6,
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
