import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ccxtClient } from './support/ccxt-client.ts';
import { writeRecording } from './support/recording.ts';
import { adminRequest, publicRequest, signedRequest } from './support/requests.ts';
import { type RunningVenue, startVenue, temporaryFolder } from './support/running-venue.ts';
import { subscribeUser } from './support/user-stream.ts';

const S = 'BTC/USDT';

/** A book that stands still: 99.90 and 99.80 bid, 100.00 and 100.10 asked, 0.5 BTC each. The last price is 99.95. */
const BOOK = {
  bids: [
    ['99.90', '0.50000'],
    ['99.80', '0.50000'],
  ],
  asks: [
    ['100.00', '0.50000'],
    ['100.10', '0.50000'],
  ],
} as const;
const TRADES = [{ afterMs: 0, id: 7001, price: '99.95', quantity: '0.2', buyerIsMaker: false }];
const STOP = { symbol: 'BTCUSDT', side: 'SELL', type: 'STOP_LOSS_LIMIT', timeInForce: 'GTC', quantity: '0.6' } as const;

describe('stop orders of an unmodified ccxt client', () => {
  let venue: RunningVenue;
  let client: ReturnType<typeof ccxtClient>;
  const post = (parameters: Readonly<Record<string, string>>) =>
    signedRequest(venue.rest, 'POST', '/api/v3/order', parameters);

  const stopOrder = async (side: 'buy' | 'sell', quantity: number, limit: number, stopLossPrice: number) => {
    const order = await client.createOrder(S, 'limit', side, quantity, limit, { stopLossPrice });
    return { ...order, id: order.id ?? '' };
  };

  beforeEach(async () => {
    const file = writeRecording(temporaryFolder(), BOOK, TRADES);
    venue = await startVenue({ kind: 'recorded', files: [file], speed: 1 });
    client = ccxtClient(venue.rest);
  });

  afterEach(async () => {
    await client.close();
    await venue.server.close();
  });

  it('waits outside the book with its balance locked, and can be found and cancelled', async () => {
    const stop = await stopOrder('sell', 0.6, 99.8, 99.92);
    expect(stop).toMatchObject({ status: 'open', filled: 0, triggerPrice: 99.92, price: 99.8 });
    expect(await client.fetchBalance()).toMatchObject({ BTC: { free: 1.4, used: 0.6 } });
    expect((await client.fetchOrderBook(S)).asks).toEqual([
      [100, 0.5],
      [100.1, 0.5],
    ]);
    const found = await client.fetchOrder(stop.id, S);
    expect(found).toMatchObject({ type: 'limit', status: 'open', triggerPrice: 99.92 });
    expect(found.info).toMatchObject({
      type: 'STOP_LOSS_LIMIT',
      stopPrice: '99.92000000',
      isWorking: false,
      workingTime: -1,
    });
    expect(await client.fetchOpenOrders(S)).toHaveLength(1);
    expect(await client.fetchOrders(S)).toHaveLength(1);
    const cancelled = await client.cancelOrder(stop.id, S);
    expect(cancelled).toMatchObject({ status: 'canceled', filled: 0 });
    expect(await client.fetchBalance()).toMatchObject({ BTC: { free: 2, used: 0 } });
  });

  it('sells at once down to its limit when the tape reaches its price', async () => {
    const { id } = await stopOrder('sell', 0.6, 99.8, 99.92);
    // 0.1 sold at 99.90 is a print below the stop price, and leaves 0.4 at 99.90 at that instant.
    await client.createOrder(S, 'market', 'sell', 0.1);
    const after = await client.fetchOrder(id, S);
    // 0.4 * 99.90 + 0.2 * 99.80
    expect(after).toMatchObject({ status: 'closed', filled: 0.6, cost: 59.92 });
    expect(after.info).toMatchObject({ isWorking: true, status: 'FILLED' });
    expect(Number(after.info['workingTime'])).toBeGreaterThanOrEqual(after.timestamp ?? Infinity);
    expect(await client.fetchBalance()).toMatchObject({ BTC: { free: 1.3, used: 0 } });
  });

  it('rests in the book with what it cannot sell within its limit', async () => {
    const { id } = await stopOrder('sell', 0.6, 99.95, 99.92);
    await client.createOrder(S, 'market', 'sell', 0.1);
    const after = await client.fetchOrder(id, S);
    expect(after).toMatchObject({ status: 'open', filled: 0, remaining: 0.6 });
    expect(after.info).toMatchObject({ isWorking: true, status: 'NEW' });
    expect((await client.fetchOrderBook(S)).asks[0]).toEqual([99.95, 0.6]);
    expect(await client.cancelOrder(id, S)).toMatchObject({ status: 'canceled', filled: 0 });
    expect(await client.fetchBalance()).toMatchObject({ BTC: { free: 1.9, used: 0 } });
  });

  it('buys from its price on, and is a taker', async () => {
    const stop = await stopOrder('buy', 0.7, 100.1, 100);
    expect(await client.fetchBalance()).toMatchObject({ USDT: { free: 929.93, used: 70.07 } });
    await client.createOrder(S, 'market', 'buy', 0.1);
    expect(await client.fetchOrder(stop.id, S)).toMatchObject({ status: 'closed', filled: 0.7, cost: 70.03 });
    const trades = await client.fetchMyTrades(S, undefined, undefined, { orderId: stop.id });
    expect(trades.map(({ price, amount, takerOrMaker }) => ({ price, amount, takerOrMaker }))).toEqual([
      { price: 100, amount: 0.4, takerOrMaker: 'taker' },
      { price: 100.1, amount: 0.3, takerOrMaker: 'taker' },
    ]);
    // 1000 - 10 for the market order - 70.03 for the stop; what it could have cost more is free again.
    expect(await client.fetchBalance()).toMatchObject({ USDT: { free: 919.97, used: 0 } });
  });

  it.each([
    ['IOC', 'EXPIRED', '0.40000000'],
    ['FOK', 'EXPIRED', '0.00000000'],
  ])('as %s ends where it is triggered', async (timeInForce, status, executedQty) => {
    const { json } = await post({ ...STOP, timeInForce, price: '99.90', stopPrice: '99.92' });
    await client.createOrder(S, 'market', 'sell', 0.1);
    const found = await signedRequest(venue.rest, 'GET', '/api/v3/order', {
      symbol: 'BTCUSDT',
      orderId: json.orderId,
    });
    expect(found.json).toMatchObject({ status, executedQty, timeInForce, isWorking: true });
    expect(await client.fetchBalance()).toMatchObject({ BTC: { used: 0 } });
  });

  it('sets off one stop by the trades of another, each once', async () => {
    const first = await stopOrder('sell', 0.6, 99.8, 99.92);
    const second = await stopOrder('sell', 0.1, 99.8, 99.85);
    const third = await stopOrder('sell', 0.1, 99.5, 99.7);
    await client.createOrder(S, 'market', 'sell', 0.1);
    // The first one sells 0.4 at 99.90 and 0.2 at 99.80, which is below the price of the second.
    expect(await client.fetchOrder(first.id, S)).toMatchObject({ status: 'closed', cost: 59.92 });
    expect(await client.fetchOrder(second.id, S)).toMatchObject({ status: 'closed', filled: 0.1 });
    expect(await client.fetchOrder(third.id, S)).toMatchObject({ status: 'open', filled: 0 });
  });

  it('tells of waiting, of coming to the market and of trades', async () => {
    const stream = await subscribeUser(venue);
    await post({ ...STOP, price: '99.80', stopPrice: '99.92', newClientOrderId: 'protects' });
    await client.createOrder(S, 'market', 'sell', 0.1);
    const reports = [];
    while (reports.at(-1)?.X !== 'FILLED') {
      const { event } = await stream.next(({ event: told }) => told?.e === 'executionReport' && told.c === 'protects');
      reports.push(event);
    }
    expect(reports).toMatchObject([
      { o: 'STOP_LOSS_LIMIT', x: 'NEW', X: 'NEW', P: '99.92000000', p: '99.80000000', w: false },
      { o: 'STOP_LOSS_LIMIT', x: 'NEW', X: 'NEW', P: '99.92000000', w: true, W: expect.any(Number) },
      { x: 'TRADE', X: 'PARTIALLY_FILLED', l: '0.40000000', L: '99.90000000', w: true, m: false },
      { x: 'TRADE', X: 'FILLED', l: '0.20000000', L: '99.80000000', w: false },
    ]);
    expect(reports[0]).not.toHaveProperty('W');
    await stream.close();
  });

  it('answers as Binance does', async () => {
    const acknowledged = await post({ ...STOP, quantity: '0.1', price: '99.80', stopPrice: '99.92' });
    expect(Object.keys(acknowledged.json)).toEqual([
      'symbol',
      'orderId',
      'orderListId',
      'clientOrderId',
      'transactTime',
    ]);
    const full = await post({ ...STOP, quantity: '0.1', price: '99.80', stopPrice: '99.92', newOrderRespType: 'FULL' });
    expect(full.json).toMatchObject({
      status: 'NEW',
      type: 'STOP_LOSS_LIMIT',
      stopPrice: '99.92000000',
      workingTime: -1,
      fills: [],
    });
    const all = await signedRequest(venue.rest, 'DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
    expect(all.json).toMatchObject([{ status: 'CANCELED', stopPrice: '99.92000000' }, { status: 'CANCELED' }]);
    expect(await client.fetchBalance()).toMatchObject({ BTC: { free: 2, used: 0 } });
  });

  it('refuses what Binance refuses', async () => {
    const good = { ...STOP, quantity: '0.1', price: '99.80', stopPrice: '99.92' };
    const refused = async (parameters: Readonly<Record<string, string | undefined>>) => {
      const sent = Object.fromEntries(
        Object.entries({ ...good, ...parameters }).filter(([, value]) => value !== undefined),
      );
      return (await post(sent as Record<string, string>)).json;
    };
    const atOnce = { code: -2010, msg: 'Stop price would trigger immediately.' };
    expect(await refused({ stopPrice: '99.95' })).toEqual(atOnce);
    expect(await refused({ side: 'BUY', price: '100', stopPrice: '99.95' })).toEqual(atOnce);
    expect(await refused({ side: 'BUY', price: '100', stopPrice: '99' })).toEqual(atOnce);
    expect(await refused({ stopPrice: undefined })).toMatchObject({ code: -1102 });
    expect(await refused({ price: undefined })).toMatchObject({ code: -1102 });
    expect(await refused({ timeInForce: undefined })).toMatchObject({ code: -1102 });
    expect(await refused({ stopPrice: '99.925' })).toEqual({ code: -1013, msg: 'Filter failure: PRICE_FILTER' });
    expect(await refused({ type: 'LIMIT' })).toMatchObject({ code: -1106 });
    expect(await refused({ trailingDelta: '100' })).toMatchObject({ code: -1106 });
    expect(await refused({ type: 'TAKE_PROFIT_LIMIT' })).toEqual({
      code: -2010,
      msg: 'Take profit limit orders are not supported for this symbol.',
    });
    expect(await refused({ type: 'STOP_LOSS' })).toMatchObject({ code: -2010 });
    expect(await refused({ quantity: '3' })).toMatchObject({ code: -2010 });
    expect((await publicRequest(venue.rest, '/api/v3/historicalTrades?symbol=BTCUSDT')).json).toHaveLength(1);
    for (let n = 0; n < 5; n += 1) await post(good);
    expect(await refused({})).toEqual({ code: -1013, msg: 'Filter failure: MAX_NUM_ALGO_ORDERS' });
    expect(await refused({ type: 'LIMIT', stopPrice: undefined, price: '101' })).toHaveProperty('orderId');
  });

  it('lets a fault keep a stop from waiting', async () => {
    await adminRequest(venue.admin, 'POST', '/faults', { endpoint: 'order.create', kind: 'partial-fill', count: 1 });
    const { json } = await post({ ...STOP, price: '99.80', stopPrice: '99.92', newOrderRespType: 'RESULT' });
    expect(json).toMatchObject({ status: 'EXPIRED', executedQty: '0.00000000' });
    expect(await client.fetchBalance()).toMatchObject({ BTC: { free: 2, used: 0 } });
  });

  it('stands in the ledger with its stop price', async () => {
    await post({ ...STOP, price: '99.80', stopPrice: '99.92' });
    const { json } = await adminRequest(venue.admin, 'GET', '/ledger');
    expect(json.orders).toMatchObject([{ type: 'stop-limit', stopPrice: '99.92', workingAt: null, status: 'open' }]);
    const info = (await publicRequest(venue.rest, '/api/v3/exchangeInfo')).json.symbols[0];
    expect(info.orderTypes).toContain('STOP_LOSS_LIMIT');
    expect(info.filters).toContainEqual({ filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: 5 });
  });
});
