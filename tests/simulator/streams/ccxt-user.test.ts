import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import ccxt, { type Order, type Trade } from 'ccxt';
import { type CcxtStreamClient, ccxtStreamClient } from '../support/ccxt-stream-client.ts';
import { writeRecording } from '../support/recording.ts';
import { adminRequest } from '../support/requests.ts';
import { type RunningVenue, startVenue, temporaryFolder } from '../support/running-venue.ts';

jest.setTimeout(30_000);

const S = 'BTC/USDT';

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

let venue: RunningVenue;
let client: CcxtStreamClient;

beforeEach(async () => {
  venue = await startVenue({ kind: 'recorded', files: [writeRecording(temporaryFolder(), BOOK)], speed: 1 });
  client = await ccxtStreamClient(venue);
});

afterEach(async () => {
  await client.close();
  await venue.server.close();
  expect(venue.failures).toEqual([]);
});

const clearFaults = () => adminRequest(venue.admin, 'DELETE', '/faults');
const setFault = (fault: Readonly<Record<string, unknown>>) => adminRequest(venue.admin, 'POST', '/faults', fault);

/** Begins a watch that may be left open at the end of a test, when closing the client rejects it. */
function begin<T>(watch: Promise<T>): Promise<T> {
  watch.catch(() => undefined);
  return watch;
}

/** Watches everything of the account, from when the venue has confirmed it. */
async function watchAccount() {
  await client.authenticate({ type: 'spot' });
  return {
    orders: begin(client.watchOrders(S)),
    trades: begin(client.watchMyTrades(S)),
    balance: begin(client.watchBalance()),
  };
}

/** Watches trades until one of the order is there, and gives all of that order. */
async function tradesOf(orderId: string, first: Promise<Trade[]>): Promise<readonly Trade[]> {
  let seen = await first;
  while (!seen.some(({ order }) => order === orderId)) seen = await client.watchMyTrades(S);
  return seen.filter(({ order }) => order === orderId);
}

/** Watches orders until the order is as `is` wants it. */
async function orderWhen(is: (order: Order) => boolean, first: Promise<Order[]>): Promise<Order> {
  let seen = await first;
  for (;;) {
    const found = seen.find(is);
    if (found !== undefined) return found;
    seen = await client.watchOrders(S);
  }
}

describe('an unmodified ccxt.pro client of the account', () => {
  it('watches orders, trades and balances, equal to those read by REST', async () => {
    const { orders, trades, balance } = await watchAccount();
    // 0.5 at 100.00 and 0.2 at 100.10: 70.02 USDT, fees of 0.001 and 0.0004 BTC.
    const bought = await client.createOrder(S, 'market', 'buy', 0.7);
    const filled = await orderWhen(({ id, status }) => id === bought.id && status === 'closed', orders);
    expect(filled).toMatchObject({ side: 'buy', type: 'market', filled: 0.7, remaining: 0, cost: 70.02 });
    const watched = await tradesOf(String(bought.id), trades);
    const read = await client.fetchOrderTrades(String(bought.id), S);
    expect(
      watched.map(({ id, price, amount, fee, takerOrMaker }) => [id, price, amount, fee?.cost, takerOrMaker]),
    ).toEqual(read.map(({ id, price, amount, fee, takerOrMaker }) => [id, price, amount, fee?.cost, takerOrMaker]));
    expect(read).toHaveLength(2);
    const { USDT, BTC } = await balance;
    expect(USDT).toEqual({ free: 929.98, used: 0, total: 929.98 });
    expect(BTC).toEqual({ free: 2.6986, used: 0, total: 2.6986 });
  });

  it('watches an order that rests, and its cancel', async () => {
    const { orders, balance } = await watchAccount();
    await client.createOrder(S, 'limit', 'sell', 0.25, 101, { clientOrderId: 'rests' });
    const resting = await orderWhen(({ clientOrderId }) => clientOrderId === 'rests', orders);
    expect(resting).toMatchObject({ status: 'open', filled: 0, remaining: 0.25, price: 101 });
    expect((await balance)['BTC']).toEqual({ free: 1.75, used: 0.25, total: 2 });
    const next = begin(client.watchOrders(S));
    await client.cancelOrder(String(resting.id), S);
    const cancelled = await orderWhen(({ id, status }) => id === resting.id && status === 'canceled', next);
    expect(cancelled).toMatchObject({ clientOrderId: 'rests', filled: 0 });
  });

  it('watches what comes into the account', async () => {
    const { balance } = await watchAccount();
    await adminRequest(venue.admin, 'POST', '/transfers', { asset: 'USDT', amount: '500' });
    await balance;
    const { USDT } = client.balance['spot'] as Readonly<Record<string, unknown>>;
    expect(USDT).toMatchObject({ free: 1_500 });
  });

  it('is refused with a wrong secret, and told so', async () => {
    client.secret = 'other';
    const watch = begin(client.watchOrders(S));
    // ccxt rejects promises of its own along with the watch and gives nobody a chance to handle them.
    for (const { futures } of Object.values(client.clients)) {
      for (const future of Object.values(futures as Readonly<Record<string, Promise<unknown>>>)) {
        future.catch(() => undefined);
      }
    }
    await expect(watch).rejects.toBeInstanceOf(ccxt.AuthenticationError);
  });

  it('sees a cut as a NetworkError and hears of later trades once it watches again', async () => {
    const { orders, trades, balance } = await watchAccount();
    await setFault({ endpoint: 'stream.user', kind: 'cut', count: 1 });
    for (const watch of [orders, trades, balance]) await expect(watch).rejects.toBeInstanceOf(ccxt.NetworkError);
    const unheard = await client.createOrder(S, 'market', 'buy', 0.1);
    const again = await watchAccount();
    const heard = await client.createOrder(S, 'market', 'sell', 0.1);
    const watched = await tradesOf(String(heard.id), again.trades);
    expect(watched).toHaveLength(1);
    await again.orders;
    await again.balance;
    // What happened in between never comes by stream; REST has it.
    expect((client.myTrades as readonly Trade[]).map(({ order }) => order)).not.toContain(unheard.id);
    expect(await client.fetchOrderTrades(String(unheard.id), S)).toHaveLength(1);
  });

  it('hears nothing of a trade during a silence, which the connection survives', async () => {
    const { orders, trades, balance } = await watchAccount();
    await setFault({ endpoint: 'stream.user', kind: 'silence' });
    const unheard = await client.createOrder(S, 'market', 'buy', 0.1);
    await clearFaults();
    const heard = await client.createOrder(S, 'market', 'sell', 0.1);
    const watched = await tradesOf(String(heard.id), trades);
    await Promise.all([orders, balance]);
    expect(watched).toHaveLength(1);
    expect((client.myTrades as readonly Trade[]).map(({ order }) => order)).not.toContain(unheard.id);
    expect(await client.fetchOrderTrades(String(unheard.id), S)).toHaveLength(1);
  });
});
