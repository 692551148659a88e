import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import ccxt from 'ccxt';
import { type CcxtStreamClient, ccxtStreamClient } from '../support/ccxt-stream-client.ts';
import { adminRequest } from '../support/requests.ts';
import { type RunningVenue, startVenue } from '../support/running-venue.ts';

jest.setTimeout(30_000);

const S = 'BTC/USDT';
/** More than the synthetic market has, so that books are whole. */
const LEVELS = 1_000;
const MINUTE_MS = 60_000;

let venue: RunningVenue;
let client: CcxtStreamClient;

beforeAll(async () => {
  venue = await startVenue({ kind: 'synthetic', seed: 7 }, { balances: { USDT: '1000000', BTC: '20' } });
  client = await ccxtStreamClient(venue);
});

afterAll(async () => {
  await client.close();
  await venue.server.close();
  expect(venue.failures).toEqual([]);
});

const setFault = async (fault: Readonly<Record<string, unknown>>) => {
  const { status } = await adminRequest(venue.admin, 'POST', '/faults', fault);
  expect(status).toBe(201);
};
const clearFaults = () => adminRequest(venue.admin, 'DELETE', '/faults');

/** Watches until the watched book and one read by REST have the same update id, and gives both. */
async function booksOfOneId() {
  for (;;) {
    const watched = await client.watchOrderBook(S, LEVELS);
    const copy = { nonce: watched.nonce, bids: [...watched.bids], asks: [...watched.asks] };
    const { nonce, bids, asks } = await client.fetchOrderBook(S, LEVELS);
    if (nonce === copy.nonce) return { watched: copy, read: { nonce, bids, asks } };
  }
}

/** The error with which `watch` ends, sooner or later. */
async function failureOf(watch: () => Promise<unknown>): Promise<unknown> {
  for (;;) {
    try {
      await watch();
    } catch (error) {
      return error;
    }
  }
}

/** What `watch` gives once the client has connected or taken a snapshot anew. ccxt can give the same failure to two calls. */
async function recovered<T>(watch: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await watch();
    } catch (error) {
      // A ChecksumError is one as well.
      if (!(error instanceof ccxt.NetworkError)) throw error;
    }
  }
}

describe('an unmodified ccxt.pro client', () => {
  it('watches the order book, equal to the one read by REST', async () => {
    const { watched, read } = await booksOfOneId();
    expect(watched).toEqual(read);
    expect(watched.bids.length).toBeGreaterThan(40);
    const one = await client.watchOrderBook(S, LEVELS);
    const before = one.nonce ?? 0;
    const next = await client.watchOrderBook(S, LEVELS);
    expect(next.nonce).toBeGreaterThan(before);
    expect(next.timestamp).toBeLessThanOrEqual(Date.now());
  });

  it('watches trades, those of the REST tape', async () => {
    const [watched] = await client.watchTrades(S);
    const read = await client.fetchTrades(S, undefined, 100);
    const same = read.find(({ id }) => id === watched?.id);
    expect(watched).toMatchObject({ symbol: S, price: same?.price, amount: same?.amount, side: same?.side });
    expect(watched?.timestamp).toBe(same?.timestamp);
  });

  it('watches best bid and ask', async () => {
    const quotes = await client.watchBidsAsks([S]);
    const { bid, ask, bidVolume, askVolume } = quotes[S] ?? {};
    expect(ask).toBeGreaterThan(bid as number);
    expect(bidVolume).toBeGreaterThan(0);
    expect(askVolume).toBeGreaterThan(0);
  });

  it('watches candles', async () => {
    const [candle] = await client.watchOHLCV(S, '1m');
    const [opened, open, high, low, close, volume] = candle as number[];
    const read = (await client.fetchOHLCV(S, '1m', opened, 1))[0];
    expect((opened as number) % MINUTE_MS).toBe(0);
    // The minute may have gone on since: its open is as it was, high and volume can only have grown.
    expect(read?.slice(0, 2)).toEqual([opened, open]);
    expect(read?.[2]).toBeGreaterThanOrEqual(high as number);
    expect(read?.[3]).toBeLessThanOrEqual(low as number);
    expect(read?.[5]).toBeGreaterThanOrEqual(volume as number);
    expect(close).toBeGreaterThan(0);
  });

  it('watches tickers', async () => {
    expect(await client.watchTicker(S)).toMatchObject({ symbol: S, last: expect.any(Number) });
    const all = await client.watchTickers([S]);
    expect(all[S]).toMatchObject({ symbol: S, quoteVolume: expect.any(Number) });
  });

  it('ends a watch', async () => {
    await client.watchTrades(S);
    await client.unWatchTrades(S);
    const [next] = await client.watchTrades(S);
    expect(next?.symbol).toBe(S);
  });
});

describe('an unmodified ccxt.pro client through faults', () => {
  it('sees a gap in the book as a ChecksumError and has the whole book when it watches again', async () => {
    await client.watchOrderBook(S, LEVELS);
    await setFault({ endpoint: 'stream.public', kind: 'skip', count: 1 });
    expect(await failureOf(() => client.watchOrderBook(S, LEVELS))).toBeInstanceOf(ccxt.ChecksumError);
    await recovered(() => client.watchOrderBook(S, LEVELS));
    const { watched, read } = await booksOfOneId();
    expect(watched).toEqual(read);
  });

  it('sees a cut as a NetworkError, connects anew, and has the whole book', async () => {
    await client.watchOrderBook(S, LEVELS);
    await setFault({ endpoint: 'stream.public', kind: 'cut' });
    const failure = await failureOf(() => client.watchOrderBook(S, LEVELS));
    expect(failure).toBeInstanceOf(ccxt.NetworkError);
    expect(String(failure)).toContain('closing code 1006');
    await clearFaults();
    await recovered(() => client.watchOrderBook(S, LEVELS));
    const { watched, read } = await booksOfOneId();
    expect(watched).toEqual(read);
    const trades = await recovered(() => client.watchTrades(S));
    expect(trades.length).toBeGreaterThan(0);
  });

  it('hears nothing during a silence, which the connection survives, and notices the gap after it', async () => {
    await client.watchOrderBook(S, LEVELS);
    await client.watchTrades(S);
    await setFault({ endpoint: 'stream', kind: 'silence' });
    const waiting = client.watchTrades(S);
    const silent = await client.createOrder(S, 'market', 'buy', 0.01);
    const [unheard] = await client.fetchOrderTrades(String(silent.id), S);
    // The book moves every 250 ms and is told every 100 ms: after two moves at least one update was swallowed.
    const from = (await client.fetchOrderBook(S)).nonce ?? 0;
    while (((await client.fetchOrderBook(S)).nonce ?? 0) < from + 2);
    await clearFaults();
    const heard = await client.createOrder(S, 'market', 'buy', 0.01);
    const [print] = await client.fetchOrderTrades(String(heard.id), S);
    let trades = await waiting;
    while (!trades.some(({ id }) => id === print?.id)) trades = await client.watchTrades(S);
    const ids = (client.trades as Readonly<Record<string, readonly { id: string }[]>>)[S]?.map(({ id }) => id);
    expect(ids).toContain(print?.id);
    expect(ids).not.toContain(unheard?.id);
    expect(await failureOf(() => client.watchOrderBook(S, LEVELS))).toBeInstanceOf(ccxt.ChecksumError);
    await recovered(() => client.watchOrderBook(S, LEVELS));
    const { watched, read } = await booksOfOneId();
    expect(watched).toEqual(read);
  });
});
