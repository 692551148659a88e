import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ccxtClient } from './support/ccxt-client.ts';
import { writeRecording } from './support/recording.ts';
import { type RunningVenue, startVenue, temporaryFolder } from './support/running-venue.ts';

const S = 'BTC/USDT';
const MINUTE_MS = 60_000;

/** A book that stands still: 100.00 and 100.10 asked, 99.90 and 99.80 bid, 0.5 BTC each. */
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

describe('an unmodified ccxt client', () => {
  let venue: RunningVenue;
  let client: ReturnType<typeof ccxtClient>;

  beforeAll(async () => {
    const file = writeRecording(temporaryFolder(), BOOK, [
      { afterMs: 0, id: 7001, price: '99.95', quantity: '0.2', buyerIsMaker: false },
      { afterMs: 0, id: 7002, price: '99.90', quantity: '0.1', buyerIsMaker: true },
    ]);
    venue = await startVenue({ kind: 'recorded', files: [file], speed: 1 });
    client = ccxtClient(venue.rest);
  });

  afterAll(async () => {
    await client.close();
    await venue.server.close();
  });

  it('loads the market with its exact steps and limits', async () => {
    const markets = await client.loadMarkets();
    expect(Object.keys(markets)).toEqual([S]);
    expect(markets[S]).toMatchObject({
      id: 'BTCUSDT',
      base: 'BTC',
      quote: 'USDT',
      type: 'spot',
      active: true,
      precision: { amount: 0.00001, price: 0.01 },
      limits: { amount: { min: 0.00001, max: 9000 }, price: { min: 0.01 }, cost: { min: 5 } },
    });
  });

  it('reads the time', async () => {
    const before = Date.now();
    const time = await client.fetchTime();
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  it('reads ticker and best bid and ask', async () => {
    // Volume: 0.2 + 0.1; quote volume: 99.95 * 0.2 + 99.90 * 0.1 = 19.99 + 9.99.
    expect(await client.fetchTicker(S)).toMatchObject({
      symbol: S,
      bid: 99.9,
      bidVolume: 0.5,
      ask: 100,
      askVolume: 0.5,
      open: 99.95,
      high: 99.95,
      low: 99.9,
      last: 99.9,
      baseVolume: 0.3,
      quoteVolume: 29.98,
    });
    const quotes = await client.fetchBidsAsks([S]);
    expect(quotes[S]).toMatchObject({ bid: 99.9, ask: 100 });
  });

  it('reads the order book', async () => {
    const book = await client.fetchOrderBook(S, 5);
    expect(book.bids).toEqual([
      [99.9, 0.5],
      [99.8, 0.5],
    ]);
    expect(book.asks).toEqual([
      [100, 0.5],
      [100.1, 0.5],
    ]);
  });

  it('reads public trades in one gapless sequence of ids', async () => {
    const trades = await client.fetchTrades(S);
    expect(trades.map(({ id, price, amount, side }) => ({ id, price, amount, side }))).toEqual([
      { id: '1', price: 99.95, amount: 0.2, side: 'buy' },
      { id: '2', price: 99.9, amount: 0.1, side: 'sell' },
    ]);
  });

  it('reads candles built from the tape', async () => {
    const [trade] = await client.fetchTrades(S);
    const opened = Math.floor((trade?.timestamp ?? 0) / MINUTE_MS) * MINUTE_MS;
    const candles = await client.fetchOHLCV(S, '1m');
    expect(candles[0]).toEqual([opened, 99.95, 99.95, 99.9, 99.9, 0.3]);
  });

  it('trades with balances exact to the last unit', async () => {
    expect(await client.fetchBalance()).toMatchObject({ USDT: { free: 1000, used: 0 }, BTC: { free: 2, used: 0 } });

    // Market buy of 0.7: 0.5 at 100.00 and 0.2 at 100.10 cost 50 + 20.02 = 70.02 USDT. The taker pays 20 bps of what it
    // receives: 0.5 * 0.002 = 0.001 and 0.2 * 0.002 = 0.0004 BTC.
    const bought = await client.createOrder(S, 'market', 'buy', 0.7);
    expect(bought).toMatchObject({ status: 'closed', filled: 0.7, cost: 70.02, side: 'buy', type: 'market' });
    expect(bought.trades.map(({ price, amount, fee }) => ({ price, amount, fee }))).toEqual([
      { price: 100, amount: 0.5, fee: { cost: 0.001, currency: 'BTC' } },
      { price: 100.1, amount: 0.2, fee: { cost: 0.0004, currency: 'BTC' } },
    ]);
    // USDT 1000 - 70.02; BTC 2 + 0.7 - 0.0014.
    expect(await client.fetchBalance()).toMatchObject({
      USDT: { free: 929.98, used: 0 },
      BTC: { free: 2.6986, used: 0 },
    });

    // Limit sell of 0.25 at 101: locks 0.25 BTC.
    const resting = await client.createOrder(S, 'limit', 'sell', 0.25, 101, { clientOrderId: 'resting-sell' });
    expect(resting).toMatchObject({ status: 'open', filled: 0, remaining: 0.25, clientOrderId: 'resting-sell' });
    expect(await client.fetchBalance()).toMatchObject({ BTC: { free: 2.4486, used: 0.25 } });

    // Limit IOC sell of 0.6 at 99.85: the 99.90 level gives 0.5 (the book refills at once: no impact is configured), the rest
    // expires. Receives 0.5 * 99.90 = 49.95 USDT less 20 bps, 0.0999.
    const sold = await client.createOrder(S, 'limit', 'sell', 0.6, 99.85, { timeInForce: 'IOC' });
    expect(sold).toMatchObject({ status: 'expired', filled: 0.5, cost: 49.95 });
    expect(sold.trades[0]?.fee).toEqual({ cost: 0.0999, currency: 'USDT' });
    // USDT 929.98 + 49.95 - 0.0999; BTC 2.4486 - 0.5.
    expect(await client.fetchBalance()).toMatchObject({ USDT: { free: 979.8301 }, BTC: { free: 1.9486, used: 0.25 } });
  });

  it('finds orders by id, by client id, among the open ones and among all', async () => {
    const open = await client.fetchOpenOrders(S);
    expect(open.map(({ clientOrderId }) => clientOrderId)).toEqual(['resting-sell']);
    const id = open[0]?.id ?? '';
    expect(await client.fetchOrder(id, S)).toMatchObject({ id, status: 'open', price: 101, amount: 0.25 });
    const byClientId = await client.fetchOrder(undefined as unknown as string, S, { clientOrderId: 'resting-sell' });
    expect(byClientId).toMatchObject({ id, status: 'open' });
    const all = await client.fetchOrders(S);
    expect(all.map(({ status, filled }) => ({ status, filled }))).toEqual([
      { status: 'closed', filled: 0.7 },
      { status: 'open', filled: 0 },
      { status: 'expired', filled: 0.5 },
    ]);
  });

  it('reads its own trades, all of them or those of one order', async () => {
    const mine = await client.fetchMyTrades(S);
    expect(mine.map(({ id, price, amount, takerOrMaker }) => ({ id, price, amount, takerOrMaker }))).toEqual([
      { id: '3', price: 100, amount: 0.5, takerOrMaker: 'taker' },
      { id: '4', price: 100.1, amount: 0.2, takerOrMaker: 'taker' },
      { id: '5', price: 99.9, amount: 0.5, takerOrMaker: 'taker' },
    ]);
    const ofFirst = await client.fetchMyTrades(S, undefined, undefined, { orderId: '1' });
    expect(ofFirst.map(({ id }) => id)).toEqual(['3', '4']);
    const tape = await client.fetchTrades(S);
    expect(tape.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('cancels an order and gets the locked balance back', async () => {
    const cancelled = await client.cancelOrder(undefined as unknown as string, S, { clientOrderId: 'resting-sell' });
    expect(cancelled).toMatchObject({ status: 'canceled', filled: 0 });
    expect(await client.fetchBalance()).toMatchObject({ BTC: { free: 2.1986, used: 0 } });
    expect(await client.fetchOpenOrders(S)).toEqual([]);
  });

  it('sees refusals as the classes of the real exchange', async () => {
    await expect(client.createOrder(S, 'limit', 'buy', 100, 100)).rejects.toThrow('insufficient balance');
    await expect(client.fetchOrder('999', S)).rejects.toThrow('Order does not exist');
    await expect(client.cancelOrder('999', S)).rejects.toThrow('Unknown order sent');
  });
});
