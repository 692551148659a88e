import { afterEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { FeedConfig } from '../../simulator/config.ts';
import { ccxtClient } from './support/ccxt-client.ts';
import { until } from './support/until.ts';
import { writeRecording, type WrittenTrade } from './support/recording.ts';
import { adminRequest, publicRequest, signedRequest } from './support/requests.ts';
import { type RunningVenue, startVenue, temporaryFolder, type VenueOptions } from './support/running-venue.ts';

const BALANCES = { USDT: '1000000', BTC: '20' };
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
const ORDER = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.1' };
const DISCONNECTED = {
  status: 500,
  json: { code: -1001, msg: 'Internal error; unable to process your request. Please try again.' },
};

/** What a relay must not change of a print; its time is that of its arrival. */
const bare = ({ id, price, qty, isBuyerMaker }: Readonly<Record<string, unknown>>) => ({
  id,
  price,
  qty,
  isBuyerMaker,
});

const relayOf = (rest: string): FeedConfig => {
  return { kind: 'relay', exchange: 'binance', rest, source: null, synthetic: false };
};

describe('a venue that relays the market of another', () => {
  const running: RunningVenue[] = [];
  const start = async (feed: FeedConfig, options: VenueOptions = {}) => {
    const venue = await startVenue(feed, { balances: BALANCES, ...options });
    running.push(venue);
    return venue;
  };
  const stop = async (venue: RunningVenue) => {
    running.splice(running.indexOf(venue), 1);
    await venue.server.close();
  };
  const recorded = async (trades: readonly WrittenTrade[] = [], options: VenueOptions = {}) =>
    start({ kind: 'recorded', files: [writeRecording(temporaryFolder(), BOOK, trades)], speed: 1 }, options);
  const stateOf = async (venue: RunningVenue) => {
    return (await adminRequest(venue.admin, 'GET', '/state')).json.markets[0];
  };
  const heard = (venue: RunningVenue) => until(async () => (await stateOf(venue)).paused === null);
  const post = (venue: RunningVenue, parameters: Readonly<Record<string, string>>) =>
    signedRequest(venue.rest, 'POST', '/api/v3/order', parameters);
  const tape = async (venue: RunningVenue) =>
    (await publicRequest(venue.rest, '/api/v3/historicalTrades?symbol=BTCUSDT&limit=1000')).json;
  const fault = (venue: RunningVenue, spec: Readonly<Record<string, unknown>>) =>
    adminRequest(venue.admin, 'POST', '/faults', spec);

  afterEach(async () => {
    for (const venue of running.splice(0).toReversed()) await venue.server.close();
  });

  it('shows the book, the tape and the candles of its source', async () => {
    const source = await start({ kind: 'synthetic', seed: 7 });
    const venue = await start(relayOf(source.rest));
    await heard(venue);
    const ours = await tape(venue);
    const theirs = new Map((await tape(source)).map((print: { id: number }) => [print.id, bare(print)]));
    expect(ours.length).toBeGreaterThan(50);
    for (const print of ours) expect(bare(print)).toEqual(theirs.get(print.id));
    await until(async () => {
      const [a, b] = await Promise.all(
        [venue, source].map(async ({ rest }) => (await publicRequest(rest, '/api/v3/depth?symbol=BTCUSDT')).json),
      );
      return JSON.stringify([a.bids, a.asks]) === JSON.stringify([b.bids, b.asks]);
    });
    const closed = async ({ rest }: RunningVenue) => {
      const { json } = await publicRequest(rest, '/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=30');
      return json.slice(0, -2);
    };
    expect(await closed(venue)).toEqual(await closed(source));
  }, 30_000);

  it('trades at the prices of its source with an account, fees and a tape of its own', async () => {
    const source = await recorded([{ afterMs: 0, id: 1, price: '99.95', quantity: '0.2', buyerIsMaker: false }]);
    const venue = await start(relayOf(source.rest), { takerBps: 30 });
    await heard(venue);
    const client = ccxtClient(venue.rest);
    const bought = await client.createOrder('BTC/USDT', 'market', 'buy', 0.7);
    await client.close();
    // 0.5 at 100.00 and 0.2 at 100.10; 30 bps of 0.5 and of 0.2 BTC.
    expect(bought).toMatchObject({ status: 'closed', filled: 0.7, cost: 70.02 });
    expect(bought.trades.map(({ fee }) => fee?.cost)).toEqual([0.0015, 0.0006]);
    expect((await adminRequest(source.admin, 'GET', '/ledger')).json).toMatchObject({ orders: [], fills: [] });
    expect((await tape(venue)).map(({ id }: { id: number }) => id)).toEqual([1, 2, 3]);
    expect(await tape(source)).toHaveLength(1);
  });

  it('fills resting orders and triggers stops by the trades of its source', async () => {
    const source = await recorded([{ afterMs: 0, id: 1, price: '99.95', quantity: '0.2', buyerIsMaker: false }]);
    const venue = await start(relayOf(source.rest));
    await heard(venue);
    const rests = { ...ORDER, type: 'LIMIT', timeInForce: 'GTC', price: '99.95', quantity: '0.2' };
    await post(venue, { ...rests, newClientOrderId: 'rests' });
    const stops = { ...ORDER, side: 'SELL', type: 'STOP_LOSS_LIMIT', timeInForce: 'GTC', price: '99.80' };
    await post(venue, { ...stops, stopPrice: '99.92', newClientOrderId: 'stops' });
    // Somebody sells 0.3 at 99.90 there: our bid at 99.95 would have come first.
    await post(source, { ...ORDER, side: 'SELL', quantity: '0.3' });
    await until(async () => {
      const { orders } = (await adminRequest(venue.admin, 'GET', '/ledger')).json;
      return orders.every(({ status }: { status: string }) => status === 'filled');
    });
    const { fills } = (await adminRequest(venue.admin, 'GET', '/ledger')).json;
    expect(fills).toMatchObject([
      { side: 'buy', price: '99.95', quantity: '0.2', maker: true, sourceId: '2' },
      { side: 'sell', price: '99.9', quantity: '0.1', maker: false },
    ]);
  });

  it('opens before its source, takes no orders until that is heard, and then begins by itself', async () => {
    const first = await recorded();
    const { rest } = first;
    await stop(first);
    const venue = await start(relayOf(rest));
    expect(await post(venue, ORDER)).toMatchObject(DISCONNECTED);
    expect((await stateOf(venue)).paused).toContain('the source has not been heard yet');
    expect((await publicRequest(venue.rest, '/api/v3/depth?symbol=BTCUSDT')).json).toMatchObject({
      bids: [],
      asks: [],
    });
    expect((await publicRequest(venue.rest, '/api/v3/exchangeInfo')).json.symbols[0].status).toBe('TRADING');
    await recorded([], { port: Number(new URL(rest).port) });
    await heard(venue);
    expect((await post(venue, ORDER)).json.status).toBe('FILLED');
  }, 30_000);

  it('refuses orders while its source is frozen for more than five seconds, and goes on when it answers again', async () => {
    const source = await start({ kind: 'synthetic', seed: 7 });
    const venue = await start(relayOf(source.rest));
    await heard(venue);
    await fault(source, { endpoint: '*', kind: 'freeze' });
    await until(async () => (await stateOf(venue)).paused !== null, 20_000);
    expect((await stateOf(venue)).paused).toMatch(/the source has not been heard for [5-9] s/);
    expect(await post(venue, ORDER)).toMatchObject(DISCONNECTED);
    await adminRequest(source.admin, 'DELETE', '/faults');
    await heard(venue);
    expect((await post(venue, ORDER)).json.status).toBe('FILLED');
  }, 40_000);

  it('reads trades that its streams have left out, and goes on by request while they are silent', async () => {
    const source = await recorded([{ afterMs: 0, id: 1, price: '99.95', quantity: '0.2', buyerIsMaker: false }]);
    const venue = await start(relayOf(source.rest));
    await heard(venue);
    await fault(source, { endpoint: 'stream.public', kind: 'silence' });
    for (const quantity of ['0.1', '0.2', '0.3']) await post(source, { ...ORDER, quantity });
    await until(async () => (await tape(venue)).length === 4);
    expect((await tape(venue)).map(({ id, qty }: Record<string, unknown>) => [id, qty])).toEqual([
      [1, '0.20000000'],
      [2, '0.10000000'],
      [3, '0.20000000'],
      [4, '0.30000000'],
    ]);
    expect((await stateOf(venue)).paused).toBeNull();
  }, 30_000);

  it('outlives connections that are cut', async () => {
    const source = await start({ kind: 'synthetic', seed: 7 });
    const venue = await start(relayOf(source.rest));
    await heard(venue);
    await fault(source, { endpoint: 'stream.public', kind: 'cut', forMs: 1_000 });
    const before = (await tape(venue)).at(-1).id;
    await until(async () => (await tape(venue)).at(-1).id > before + 5, 20_000);
    const ids = (await tape(venue)).map(({ id }: { id: number }) => id);
    expect(ids).toEqual(ids.map((_: number, index: number) => ids[0] + index));
    const ours = await tape(venue);
    const theirs = new Map((await tape(source)).map((print: { id: number }) => [print.id, bare(print)]));
    for (const print of ours) expect(bare(print)).toEqual(theirs.get(print.id));
  }, 40_000);

  it('comes back after a restart with its orders, and with a tape that goes on', async () => {
    const source = await start({ kind: 'synthetic', seed: 7 });
    const journal = join(temporaryFolder(), 'journal');
    const first = await start(relayOf(source.rest), { journal });
    await heard(first);
    const bought = (await post(first, ORDER)).json;
    const bid = (await stateOf(first)).bid as string;
    const far = (Number(bid) * 0.9).toFixed(2);
    await post(first, { ...ORDER, type: 'LIMIT', timeInForce: 'GTC', price: far, newClientOrderId: 'rests' });
    const stopped = { ...ORDER, side: 'SELL', type: 'STOP_LOSS_LIMIT', timeInForce: 'GTC', price: far, stopPrice: far };
    await post(first, { ...stopped, newClientOrderId: 'waits' });
    const lastId = (await tape(first)).at(-1).id;
    const before = (await adminRequest(first.admin, 'GET', '/ledger')).json;
    await stop(first);

    const second = await start(relayOf(source.rest), { journal });
    const after = (await adminRequest(second.admin, 'GET', '/ledger')).json;
    expect([after.orders, after.fills, after.balances]).toEqual([before.orders, before.fills, before.balances]);
    const cancelled = await signedRequest(second.rest, 'DELETE', '/api/v3/order', {
      symbol: 'BTCUSDT',
      origClientOrderId: 'rests',
    });
    expect(cancelled.json.status).toBe('CANCELED');
    await heard(second);
    await until(async () => ((await tape(second)).at(-1)?.id ?? 0) > lastId);
    // The same trade of the source has the same id in both runs: one beyond its own, as one print of ours lies before it.
    const [own] = bought.fills;
    const prints = await tape(second);
    expect(prints[0].id).toBe(own.tradeId + 1);
    const sourceTape = await tape(source);
    const same = sourceTape.find(({ id }: { id: number }) => id === prints[0].id - bought.fills.length);
    expect([prints[0].price, prints[0].qty]).toEqual([same.price, same.qty]);
    const open = await signedRequest(second.rest, 'GET', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
    expect(open.json).toMatchObject([{ clientOrderId: 'waits', isWorking: false }]);
  }, 40_000);
});
