import { createHash } from 'node:crypto';
import Big from 'big.js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Clock } from '../../adapters/ports/clock.ts';
import type { MarketReader, VenueAccount } from '../../adapters/ports/venue.ts';
import { ceilToStep, floorToStep, isDecimal, sumOf, toText } from '../../domain/market/decimal.ts';
import type { Instrument } from '../../domain/market/instrument.ts';
import type { OrderRequest, Side } from '../../domain/orders/order.ts';

/** What a venue lends to the contract: accounts at it, and a look at what really arrived there. */
export interface ContractVenue {
  readonly symbol: string;
  /** The instrument as the venue's operator set it. */
  readonly instrument: Instrument;
  /** Stop orders of the symbol that one account may have open, as the venue's operator set it; `null` where it does not tell. */
  readonly stopOrderLimit: number | null;
  openAccount(clock: Clock): Promise<VenueAccount>;
  openReader(clock: Clock): MarketReader;
  /** Makes the next send go wrong: the answer is dropped before or after the order is accepted, or is a server error. */
  breakNextSend(kind: 'drop-before' | 'drop-after' | 'http-5xx'): Promise<void>;
  /** How many sends with that client id reached the venue. */
  sendsSeen(clientOrderId: string): Promise<number>;
  close(): Promise<void>;
}

const CLOCK: Clock = { now: () => Date.now() };

/** What every venue account must do, whatever exchange stands behind it. */
export function venueContract(name: string, start: () => Promise<ContractVenue>): void {
  describe(`contract of a venue account: ${name}`, () => {
    let venue: ContractVenue;
    let account: VenueAccount;
    let startedAt: number;
    let ids = 0;

    const newId = () => {
      ids += 1;
      return createHash('sha256').update(`contract|${startedAt}|${ids}`).digest('hex').slice(0, 32);
    };

    /** A limit order `distance` (a share of the price) through the best price of the other side, or away from it if negative. */
    async function limitOrder(
      side: Side,
      quantity: string,
      distance: number,
      change: object = {},
    ): Promise<OrderRequest> {
      const quote = await account.quote(venue.symbol);
      const reference = new Big(side === 'buy' ? quote.ask : quote.bid);
      const wanted = reference.times(side === 'buy' ? 1 + distance : 1 - distance);
      const tick = new Big(venue.instrument.tick);
      const price = toText(side === 'buy' ? floorToStep(wanted, tick) : ceilToStep(wanted, tick));
      const order = { symbol: venue.symbol, side, type: 'limit', timeInForce: 'IOC', quantity, price } as const;
      return { ...order, clientOrderId: newId(), ...change } as OrderRequest;
    }

    beforeAll(async () => {
      venue = await start();
      account = await venue.openAccount(CLOCK);
      await account.measureClock();
      startedAt = account.venueNow();
    }, 60_000);

    afterAll(async () => {
      await account.close();
      await venue.close();
    });

    test('instruments have their exact steps and minimums', async () => {
      const instruments = await account.instruments();
      expect(instruments.find(({ symbol }) => symbol === venue.symbol)).toEqual(venue.instrument);
      expect(await account.stopOrderLimit(venue.symbol)).toBe(venue.stopOrderLimit);
    });

    test('the quote lies on ticks, is not crossed, and is of now', async () => {
      const quote = await account.quote(venue.symbol);
      for (const price of [quote.bid, quote.ask]) expect(new Big(price).mod(venue.instrument.tick).eq(0)).toBe(true);
      expect(new Big(quote.bid).lt(quote.ask)).toBe(true);
      for (const text of [quote.bidQuantity, quote.askQuantity]) expect(new Big(text).gt(0)).toBe(true);
      expect(Math.abs(quote.at - account.venueNow())).toBeLessThan(2000);
    });

    test('a reader needs no credentials', async () => {
      const reader = venue.openReader(CLOCK);
      expect(await reader.instruments()).toEqual(await account.instruments());
      expect(isDecimal((await reader.quote(venue.symbol)).bid)).toBe(true);
      const now = reader.venueNow();
      expect(await reader.tape(venue.symbol, now - 2000, now)).toMatchObject({ complete: true });
      await reader.close();
    });

    test('an IOC order through the market fills, and its fills and the balances add up to it', async () => {
      const before = new Map((await account.balances()).map((each) => [each.asset, each]));
      const order = await limitOrder('buy', '0.01', 0.02);
      const outcome = await account.send(order, account.venueNow());
      if (outcome.kind !== 'acknowledged') throw new Error(JSON.stringify(outcome));
      expect(outcome.order).toMatchObject({
        clientOrderId: order.clientOrderId,
        symbol: venue.symbol,
        side: 'buy',
        status: 'filled',
        quantity: '0.01',
        filled: '0.01',
      });
      const fills = await account.fillsOfOrder(venue.symbol, outcome.order.orderId);
      expect(sumOf(fills.map(({ quantity }) => quantity))).toBe('0.01');
      for (const fill of fills) {
        expect(fill).toMatchObject({ orderId: outcome.order.orderId, symbol: venue.symbol, side: 'buy', maker: false });
        for (const text of [fill.price, fill.quantity, fill.fee]) expect(isDecimal(text)).toBe(true);
      }
      const { base, quote } = venue.instrument;
      const feesIn = (asset: string) => sumOf(fills.filter(({ feeAsset }) => feeAsset === asset).map(({ fee }) => fee));
      const paid = fills.reduce((sum, { price, quantity }) => sum.plus(new Big(price).times(quantity)), new Big(0));
      const after = new Map((await account.balances()).map((each) => [each.asset, each]));
      const change = (asset: string) =>
        toText(new Big(after.get(asset)?.free ?? 0).minus(before.get(asset)?.free ?? 0));
      expect(change(base)).toBe(toText(new Big('0.01').minus(feesIn(base))));
      expect(change(quote)).toBe(toText(paid.plus(feesIn(quote)).times(-1)));
    });

    test('an order away from the market rests, is found in every list, and is cancelled once and for all', async () => {
      const order = await limitOrder('sell', '0.02', -0.2, { timeInForce: 'GTC' });
      expect(await account.send(order, account.venueNow())).toMatchObject({
        kind: 'acknowledged',
        order: { status: 'open', filled: '0' },
      });
      const mine = { clientOrderId: order.clientOrderId, status: 'open', quantity: '0.02', filled: '0' };
      expect(await account.openOrders(venue.symbol)).toContainEqual(expect.objectContaining(mine));
      expect(await account.openOrders(null)).toContainEqual(expect.objectContaining({ ...mine, symbol: venue.symbol }));
      expect(await account.ordersSince(venue.symbol, startedAt)).toContainEqual(expect.objectContaining(mine));
      await account.cancel(venue.symbol, order.clientOrderId);
      expect(await account.findByClientOrderId(venue.symbol, order.clientOrderId)).toMatchObject({
        ...mine,
        status: 'cancelled',
      });
      const byId = await account.findByClientOrderId(venue.symbol, order.clientOrderId);
      expect(await account.findByOrderId(venue.symbol, byId?.orderId ?? '')).toEqual(byId);
      await account.cancel(venue.symbol, order.clientOrderId);
      await account.cancel(venue.symbol, newId());
      expect(await account.openOrders(venue.symbol)).toEqual([]);
      expect(await account.openOrders(null)).toEqual([]);
    });

    test('an IOC order that finds nothing expires or is cancelled without a fill', async () => {
      const order = await limitOrder('buy', '0.01', -0.2);
      const outcome = await account.send(order, account.venueNow());
      expect(outcome).toMatchObject({ kind: 'acknowledged', order: { filled: '0' } });
      const found = await account.findByClientOrderId(venue.symbol, order.clientOrderId);
      expect(['expired', 'cancelled']).toContain(found?.status);
    });

    const refusals: [string, Side, object][] = [
      ['more than the account holds', 'buy', { quantity: '5000' }],
      ['a quantity between two lots', 'buy', { quantity: '0.0100000001' }],
      ['less than the least notional', 'buy', { quantity: '0.00001' }],
    ];
    test.each(refusals)('%s is refused for good, with the code of the venue', async (_name, side, change) => {
      const order = await limitOrder(side, '0.01', -0.01, change);
      const outcome = await account.send(order, account.venueNow());
      expect(outcome).toMatchObject({ kind: 'refused', retry: 'never', code: expect.stringMatching(/^-\d+$/) });
      expect(await account.findByClientOrderId(venue.symbol, order.clientOrderId)).toBeNull();
      expect(await venue.sendsSeen(order.clientOrderId)).toBe(1);
    });

    test('a stop whose trigger the market has passed is refused as one, where the venue has stops at all', async () => {
      const order = await limitOrder('sell', '0.02', -0.1, { timeInForce: 'GTC' });
      const stop = { ...order, stopPrice: 'price' in order ? order.price : '0' } as OrderRequest;
      const outcome = account.hasStopOrders ? await account.send(stop, account.venueNow()) : null;
      if (account.hasStopOrders)
        expect(outcome).toMatchObject({ kind: 'refused', retry: 'never', code: 'TRIGGER_PASSED' });
      expect(await account.findByClientOrderId(venue.symbol, stop.clientOrderId)).toBeNull();
    });

    test('an order signed too long ago is refused by the venue and is not there', async () => {
      const order = await limitOrder('buy', '0.01', 0.02);
      const late = account.venueNow() - account.consistency.recvWindowMs - 1000;
      expect(await account.send(order, late)).toMatchObject({ kind: 'refused', retry: 'later' });
      expect(await account.findByClientOrderId(venue.symbol, order.clientOrderId)).toBeNull();
    });

    test.each(['drop-after', 'drop-before', 'http-5xx'] as const)(
      'after %s the outcome is unknown, the order went out once, and a look-up tells',
      async (kind) => {
        const order = await limitOrder('buy', '0.01', 0.02);
        await venue.breakNextSend(kind);
        expect(await account.send(order, account.venueNow())).toMatchObject({ kind: 'unknown' });
        expect(await venue.sendsSeen(order.clientOrderId)).toBe(1);
        const found = await account.findByClientOrderId(venue.symbol, order.clientOrderId);
        if (kind === 'drop-after') expect(found).toMatchObject({ status: 'filled', filled: '0.01' });
        if (kind === 'drop-before') expect(found).toBeNull();
      },
    );

    test('an id that was never sent is not found', async () => {
      expect(await account.findByClientOrderId(venue.symbol, newId())).toBeNull();
      expect(await account.findByOrderId(venue.symbol, '999999999')).toBeNull();
    });

    test('fills since the start are each there once and are those of the orders', async () => {
      const fills = await account.fillsSince(venue.symbol, startedAt);
      expect(new Set(fills.map(({ tradeId }) => tradeId)).size).toBe(fills.length);
      const orders = await account.ordersSince(venue.symbol, startedAt);
      expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(orders.length);
      expect(sumOf(fills.map(({ quantity }) => quantity))).toBe(sumOf(orders.map(({ filled }) => filled)));
      expect(await account.fillsSince(venue.symbol, account.venueNow() + 1000)).toEqual([]);
    });

    test('the public tape is gapless and holds our own trades', async () => {
      const from = account.venueNow();
      const order = await limitOrder('buy', '0.03', 0.02);
      const outcome = await account.send(order, account.venueNow());
      if (outcome.kind !== 'acknowledged') throw new Error(JSON.stringify(outcome));
      const reading = await account.tape(venue.symbol, from, account.venueNow() + 300);
      if (!reading.complete) throw new Error(reading.reason);
      const numbers = reading.trades.map(({ tradeId }) => Number(tradeId));
      numbers.forEach((id, index) => expect(id).toBe((numbers[0] ?? 0) + index));
      if (reading.before !== null) expect(Number(reading.before.tradeId)).toBe((numbers[0] ?? 0) - 1);
      const fills = await account.fillsOfOrder(venue.symbol, outcome.order.orderId);
      for (const { tradeId, price, quantity } of fills) {
        expect(reading.trades).toContainEqual(expect.objectContaining({ tradeId, price, quantity }));
      }
    });

    test('a clock that is 1.27 s off is measured, and orders of that process are accepted all the same', async () => {
      const slow = await venue.openAccount({ now: () => Date.now() - 1270 });
      const offset = await slow.measureClock();
      expect(Math.abs(offset - 1270)).toBeLessThan(100);
      const order = await limitOrder('buy', '0.01', 0.02);
      expect(await slow.send(order, slow.venueNow())).toMatchObject({ kind: 'acknowledged' });
      expect(await slow.findByClientOrderId(venue.symbol, order.clientOrderId)).toMatchObject({ status: 'filled' });
      await slow.close();
    });

    test('health tells that the venue is up, its clock and what has been used', () => {
      const health = account.health();
      expect(health).toMatchObject({ status: 'up', lastOkAt: expect.any(Number) });
      expect(Math.abs(health.clockOffsetMs ?? Number.NaN)).toBeLessThan(100);
      if (health.weightLimit !== null) expect(health.usedWeight).toBeLessThan(health.weightLimit);
    });
  });
}
