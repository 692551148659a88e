import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import ccxt, { type Trade } from 'ccxt';
import { join } from 'node:path';
import { type CcxtStreamClient, ccxtStreamClient } from '../support/ccxt-stream-client.ts';
import { type RunningVenue, startVenue, temporaryFolder } from '../support/running-venue.ts';

jest.setTimeout(60_000);

const S = 'BTC/USDT';
/** More than the synthetic market has, so that books are whole. */
const LEVELS = 1_000;

describe('an unmodified ccxt.pro client beside a venue that is restarted', () => {
  let venue: RunningVenue;
  let client: CcxtStreamClient;
  const journal = join(temporaryFolder(), 'journal');
  const start = (port: number) =>
    startVenue({ kind: 'synthetic', seed: 7 }, { journal, port, balances: { USDT: '1000000', BTC: '20' } });

  beforeEach(async () => {
    venue = await start(0);
    client = await ccxtStreamClient(venue);
  });

  afterEach(async () => {
    await client.close();
    await venue.server.close();
  });

  /** What `watch` gives once the venue is back and the client has connected to it. */
  async function recovered<T>(watch: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await watch();
      } catch (error) {
        if (!(error instanceof ccxt.NetworkError)) throw error;
        // Its own back-off is over only after some turns of the event loop.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  it('has the whole book and hears of its trades again', async () => {
    await client.watchOrderBook(S, LEVELS);
    await client.authenticate({ type: 'spot' });
    // Orders that traded and rested leave update ids of their own behind, which the restart does not bring back.
    await client.createOrder(S, 'market', 'buy', 0.5);
    const { id } = await client.createOrder(S, 'limit', 'buy', 0.5, 20_000);
    await client.cancelOrder(String(id), S);
    const watchToTheEnd = async () => {
      for (;;) await client.watchOrderBook(S, LEVELS);
    };
    const ends = [watchToTheEnd(), client.watchMyTrades(S)].map((watch) =>
      watch.then(
        () => null,
        (error: unknown) => error,
      ),
    );
    const port = Number(new URL(venue.rest).port);
    await venue.server.close();
    for (const error of await Promise.all(ends)) expect(error).toBeInstanceOf(ccxt.NetworkError);
    venue = await start(port);

    await recovered(() => client.authenticate({ type: 'spot' }));
    const trades = client.watchMyTrades(S);
    const order = await client.createOrder(S, 'market', 'sell', 0.1);
    const heard: readonly Trade[] = await trades;
    expect(heard.map(({ order: of }) => of)).toContain(order.id);

    for (;;) {
      const watched = await recovered(() => client.watchOrderBook(S, LEVELS));
      const copy = { nonce: watched.nonce, bids: [...watched.bids], asks: [...watched.asks] };
      const { nonce, bids, asks } = await client.fetchOrderBook(S, LEVELS);
      if (nonce !== copy.nonce) continue;
      expect(copy).toEqual({ nonce, bids, asks });
      break;
    }
  });
});
