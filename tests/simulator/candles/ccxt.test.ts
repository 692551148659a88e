import { afterEach, describe, expect, it } from '@jest/globals';
import { ccxtClient } from '../support/ccxt-client.ts';
import { ccxtStreamClient } from '../support/ccxt-stream-client.ts';
import { BAR_MS, FIRST_BAR, release, startCandleVenue, type WrittenBar } from '../support/candle-venue.ts';
import { adminRequest } from '../support/requests.ts';
import type { RunningVenue } from '../support/running-venue.ts';

/** The bar before the first release closes at 100; the next opens at 101 and goes from 97 to 106. */
const BARS: readonly WrittenBar[] = [
  ['99.00', '101.00', '98.00', '100.00', '8'],
  ['101.00', '106.00', '97.00', '104.00', '4'],
  ['105.00', '105.00', '103.00', '103.50', '2'],
];

describe('an unmodified ccxt client on a venue that replays candles', () => {
  let venue: RunningVenue | null = null;
  afterEach(async () => {
    await venue?.server.close();
    venue = null;
  });
  const started = async () => {
    venue = await startCandleVenue(BARS, { makerBps: 0, takerBps: 0 });
    return { venue, client: ccxtClient(venue.rest) };
  };

  it('sees history in recorded time, and a quote a tick around the last close', async () => {
    const { client } = await started();
    expect(await client.fetchOHLCV('BTC/USDT', '15m')).toEqual([
      [FIRST_BAR, 99, 101, 98, 100, 8],
      // It has begun: flat at the close before.
      [FIRST_BAR + BAR_MS, 100, 100, 100, 100, 0],
    ]);
    const book = await client.fetchOrderBook('BTC/USDT');
    expect([book.bids[0]?.[0], book.asks[0]?.[0]]).toEqual([99.99, 100.01]);
  });

  it('hears of a candle that has closed and of the one that begins then', async () => {
    const { venue } = await started();
    const client = await ccxtStreamClient(venue);
    try {
      const running = await client.watchOHLCV('BTC/USDT', '15m');
      expect(running).toEqual([[FIRST_BAR + BAR_MS, 100, 100, 100, 100, 0]]);
      // It is listened to before the bar is released: what comes in between is kept, and wakes nobody.
      let heard: Promise<unknown> = client.watchOHLCV('BTC/USDT', '15m');
      await release(venue, 'bar');
      const kept = () => [...(client.ohlcvs['BTC/USDT']?.['15m'] ?? [])] as number[][];
      while (kept().at(-1)?.[0] !== FIRST_BAR + 2 * BAR_MS) {
        await heard;
        heard = client.watchOHLCV('BTC/USDT', '15m');
      }
      heard.catch(() => undefined);
      expect(kept()).toEqual([
        [FIRST_BAR + BAR_MS, 101, 106, 97, 104, 4],
        [FIRST_BAR + 2 * BAR_MS, 104, 104, 104, 104, 0],
      ]);
    } finally {
      await client.close();
    }
  });

  it('buys at the next open what it ordered while a bar was closed, and its stop fills at the trigger', async () => {
    const { venue, client } = await started();
    const order = await client.createOrder('BTC/USDT', 'limit', 'buy', 1, 102, { timeInForce: 'IOC' });
    expect(order).toMatchObject({ status: 'open', filled: 0 });
    expect((await release(venue, 'open')).json).toEqual({
      bar: { index: 1, time: FIRST_BAR + BAR_MS },
      phase: 'open',
      left: 2,
    });
    expect(await client.fetchOrder(String(order.id), 'BTC/USDT')).toMatchObject({
      status: 'closed',
      filled: 1,
      average: 101,
    });
    const stop = await client.createOrder('BTC/USDT', 'STOP_LOSS_LIMIT', 'sell', 1, 97, {
      stopPrice: 98,
      timeInForce: 'GTC',
    });
    expect(await client.fetchOpenOrders('BTC/USDT')).toMatchObject([{ id: stop.id, stopPrice: 98 }]);
    await release(venue, 'path');
    expect(await client.fetchOrder(String(stop.id), 'BTC/USDT')).toMatchObject({
      status: 'closed',
      filled: 1,
      average: 98,
    });
    await release(venue, 'close');
    expect(await client.fetchOHLCV('BTC/USDT', '15m', FIRST_BAR + BAR_MS)).toEqual([
      [FIRST_BAR + BAR_MS, 101, 106, 97, 104, 4],
      [FIRST_BAR + 2 * BAR_MS, 104, 104, 104, 104, 0],
    ]);
    const trades = await client.fetchMyTrades('BTC/USDT');
    expect(trades.map(({ price, side }) => [side, price])).toEqual([
      ['buy', 101],
      ['sell', 98],
    ]);
    // Trades carry wall time.
    expect(Math.abs(Date.now() - Number(trades[0]?.timestamp))).toBeLessThan(60_000);
    const ledger = (await adminRequest(venue.admin, 'GET', '/ledger')).json;
    expect(ledger.fills.map((fill: { recordedAt: number }) => fill.recordedAt)).toEqual([
      FIRST_BAR + BAR_MS,
      FIRST_BAR + BAR_MS,
    ]);
  });
});
