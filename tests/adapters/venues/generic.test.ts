import ccxt, { type Exchange, type Market } from 'ccxt';
import { describe, expect, test } from '@jest/globals';
import type { VenueCalls } from '../../../adapters/venues/capabilities/capability.ts';
import { generic } from '../../../adapters/venues/capabilities/generic.ts';
import { VenueClient } from '../../../adapters/venues/venue-client.ts';

const NOW = 1_723_161_254_000;
const MARKET = { id: 'ab', symbol: 'A/B', base: 'A', quote: 'B' } as unknown as Market;

const order = (id: string, clientOrderId: string, status: string, timestamp = NOW - 1000) => ({
  id,
  clientOrderId,
  status,
  timestamp,
  symbol: 'A/B',
  side: 'buy',
  type: 'limit',
  price: '2',
  amount: '10',
  filled: status === 'closed' ? '10' : '0',
});
const trade = (id: string, orderId: string, timestamp: number) => ({
  id,
  order: orderId,
  timestamp,
  symbol: 'A/B',
  side: 'buy',
  takerOrMaker: 'taker',
  price: '2',
  amount: '1',
  fee: { cost: '0.001', currency: 'A' },
});

/** An exchange as ccxt unifies it, with scripted answers. */
function calls(exchange: object): VenueCalls {
  return {
    exchange: { has: {}, ...exchange } as unknown as Exchange,
    now: () => NOW,
    call: (_share, _weight, request) => request(),
  };
}

describe('an exchange of which nothing is known', () => {
  const lists = {
    fetchOpenOrders: () => Promise.resolve([order('1', 'aa', 'open'), order('2', 'bb', 'open')]),
    // Order 2 ended between the two answers.
    fetchClosedOrders: () => Promise.resolve([order('2', 'bb', 'closed'), order('3', 'cc', 'closed')]),
  };

  test('finds orders by client id in its lists of open and of ended orders', async () => {
    const venue = calls(lists);
    expect(await generic.findByClientOrderId(venue, MARKET, 'aa')).toMatchObject({ orderId: '1', status: 'open' });
    expect(await generic.findByClientOrderId(venue, MARKET, 'bb')).toMatchObject({ orderId: '2', status: 'filled' });
    expect(await generic.findByClientOrderId(venue, MARKET, 'dd')).toBeNull();
    expect(generic.hasOrderDeadline).toBe(false);
  });

  test('cancels by the order id that belongs to a client id, and only an open one', async () => {
    const cancelled: string[] = [];
    const venue = calls({ ...lists, cancelOrder: (id: string) => Promise.resolve(void cancelled.push(id)) });
    await generic.cancel(venue, MARKET, 'bb');
    await generic.cancel(venue, MARKET, 'cc');
    expect(cancelled).toEqual(['2']);
  });

  test('lists fills page by page, each once, also those of one millisecond that a page boundary parts', async () => {
    const times = [NOW - 50, NOW - 40, NOW - 30, NOW - 30, NOW - 20];
    const all = times.map((at, index) => trade(String(index), index < 3 ? 'x' : 'y', at));
    const venue = calls({
      fetchMyTrades: (_symbol: string, since: number) =>
        Promise.resolve(all.filter(({ timestamp }) => timestamp >= since).slice(0, 3)),
    });
    const fills = await generic.fillsSince(venue, MARKET, NOW - 100);
    expect(fills.map(({ tradeId }) => tradeId)).toEqual(['0', '1', '2', '3', '4']);
    expect(await generic.fillsOfOrder(venue, MARKET, 'y')).toHaveLength(2);
  });

  test('quotes the top of its book, and says which side is missing', async () => {
    const book = { bids: [['1.50', '3e-1']], asks: [['1.60', '2']] };
    const quote = await generic.quote(calls({ fetchOrderBook: () => Promise.resolve(book) }), MARKET);
    expect(quote).toEqual({ bid: '1.5', bidQuantity: '0.3', ask: '1.6', askQuantity: '2', at: NOW });
    const oneSided = calls({ fetchOrderBook: () => Promise.resolve({ bids: [['1', '1']], asks: [] }) });
    await expect(generic.quote(oneSided, MARKET)).rejects.toThrow('A/B has no ask now');
  });

  test('has no tape that could be proved complete', () => {
    expect(generic.tape(calls({}), MARKET)).toBeNull();
  });

  test.each([
    ['{"retCode":170131,"retMsg":"Balance insufficient"}', { code: '170131', message: 'Balance insufficient' }],
    ['{"code":"51008","msg":"Order failed"}', { code: '51008', message: 'Order failed' }],
    [
      '{"error":["EOrder:Insufficient funds"]}',
      { code: 'EOrder:Insufficient funds', message: 'EOrder:Insufficient funds' },
    ],
    ['{"retCode":0,"retMsg":"OK"}', null],
    ['{"code":"200000","data":{}}', null],
    ['{"orderId":7}', null],
    ['<html>', null],
    ['[]', null],
  ])('reads the code in %s', (body, error) => {
    expect(generic.readRawError({ status: 200, headers: {}, body })).toEqual(error);
  });
});

test('with an address of its own no exchange of ccxt is left with a REST address outside', () => {
  const outside = (urls: unknown): string[] => {
    if (typeof urls === 'string') return /^https?:/.test(urls) && !urls.startsWith('http://127.0.0.1:9') ? [urls] : [];
    return typeof urls === 'object' && urls !== null ? Object.values(urls).flatMap(outside) : [];
  };
  const settings = { rest: 'http://127.0.0.1:9', credentials: null, capability: generic, clock: { now: () => NOW } };
  const leaks = ccxt.exchanges.flatMap((exchange) => {
    const client = new VenueClient({ ...settings, exchange });
    return outside(client.exchange.urls['api']).map((url) => `${exchange}: ${url}`);
  });
  expect(leaks).toEqual([]);
});

test('an exchange that ccxt does not know is refused by name', () => {
  const settings = { rest: null, credentials: null, capability: generic, clock: { now: () => NOW } };
  expect(() => new VenueClient({ ...settings, exchange: 'nyse' })).toThrow('ccxt knows no exchange "nyse"');
});
