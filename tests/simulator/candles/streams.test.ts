import { afterEach, describe, expect, it } from '@jest/globals';
import { BAR_MS, candleFeed, FIRST_BAR, release, writeCandles, type WrittenBar } from '../support/candle-venue.ts';
import { adminRequest, publicRequest } from '../support/requests.ts';
import { type RunningVenue, startVenue } from '../support/running-venue.ts';
import { type Message, StreamClient } from '../support/stream-client.ts';

/** An hour and a quarter from midnight on, two bars of history. */
const BARS: readonly WrittenBar[] = [
  ['100.00', '101.00', '99.00', '100.50', '1'],
  ['100.50', '102.00', '100.00', '101.00', '2'],
  ['101.00', '106.00', '97.00', '104.00', '3'],
  ['104.00', '105.00', '103.00', '103.50', '4'],
  ['103.50', '103.50', '103.00', '103.00', '5'],
];
const bar = (index: number) => FIRST_BAR + index * BAR_MS;

describe('candles of a venue that replays them', () => {
  let venue: RunningVenue;
  let client: StreamClient | null = null;
  afterEach(async () => {
    await client?.close();
    client = null;
    await venue.server.close();
  });
  const start = async () => {
    venue = await startVenue(candleFeed(writeCandles(BARS), { warmUpBars: 2 }));
  };
  const watch = async (stream: string) => {
    client = await StreamClient.open(`${venue.server.addresses.ws}/ws/btcusdt@${stream}`);
    return client;
  };
  /** Opening time, open, high, low, close, volume, closed. */
  const told = ({ k }: Message) =>
    [k.t, k.o, k.h, k.l, k.c, k.v, k.x].map((each) => (isNaN(each) ? each : Number(each)));
  const row = (at: number, o: number, h: number, l: number, c: number, v: number, x: number) => [at, o, h, l, c, v, x];
  const klines = async (query: string) => {
    const { json } = await publicRequest(venue.rest, `/api/v3/klines?symbol=BTCUSDT&${query}`);
    return json.map((cells: readonly (string | number)[]) => cells.slice(0, 6).map(Number));
  };

  it('are told as more of a bar is known, then closed, and the next one begins right after', async () => {
    await start();
    const stream = await watch('kline_15m');
    expect(told(await stream.next())).toEqual(row(bar(2), 101, 101, 101, 101, 0, 0));
    await release(venue, 'open');
    expect(told(await stream.next())).toEqual(row(bar(2), 101, 101, 101, 101, 1.5, 0));
    await release(venue, 'path');
    expect(told(await stream.next())).toEqual(row(bar(2), 101, 106, 97, 101, 1.5, 0));
    await release(venue, 'close');
    expect(told(await stream.next())).toEqual(row(bar(2), 101, 106, 97, 104, 3, 1));
    expect(told(await stream.next())).toEqual(row(bar(3), 104, 104, 104, 104, 0, 0));
    await release(venue, 'bar');
    expect(told(await stream.next())).toEqual(row(bar(3), 104, 105, 103, 103.5, 4, 1));
    expect(told(await stream.next())).toEqual(row(bar(4), 103.5, 103.5, 103.5, 103.5, 0, 0));
  });

  it('of a longer interval close with their last bar', async () => {
    await start();
    const stream = await watch('kline_1h');
    expect(told(await stream.next())).toEqual(row(bar(0), 100, 102, 99, 101, 3, 0));
    await release(venue, 'bar');
    expect(told(await stream.next())).toEqual(row(bar(0), 100, 106, 97, 104, 6, 0));
    await release(venue, 'bar');
    expect(told(await stream.next())).toEqual(row(bar(0), 100, 106, 97, 103.5, 10, 1));
    expect(told(await stream.next())).toEqual(row(bar(4), 103.5, 103.5, 103.5, 103.5, 0, 0));
  });

  it('are asked for by recorded times', async () => {
    await start();
    await release(venue, 'bar');
    expect(await klines(`interval=15m&startTime=${bar(1)}&endTime=${bar(2)}`)).toEqual([
      [bar(1), 100.5, 102, 100, 101, 2],
      [bar(2), 101, 106, 97, 104, 3],
    ]);
    expect(await klines(`interval=15m&startTime=${bar(1) + 1}&limit=1`)).toEqual([[bar(2), 101, 106, 97, 104, 3]]);
    expect(await klines(`interval=15m&endTime=${bar(2) - 1}&limit=1`)).toEqual([[bar(1), 100.5, 102, 100, 101, 2]]);
    expect(await klines('interval=30m')).toEqual([
      [bar(0), 100, 102, 99, 101, 3],
      [bar(2), 101, 106, 97, 104, 3],
    ]);
    expect(await klines(`interval=15m&startTime=${bar(9)}`)).toEqual([]);
  });

  it('end with one that has begun and gets no bar', async () => {
    await start();
    for (let index = 2; index < BARS.length; index += 1) await release(venue, 'bar');
    expect(await klines(`interval=15m&startTime=${bar(4)}`)).toEqual([
      [bar(4), 103.5, 103.5, 103, 103, 5],
      [bar(5), 103, 103, 103, 103, 0],
    ]);
    expect(await klines('interval=1h&limit=1')).toEqual([[bar(4), 103.5, 103.5, 103, 103, 5]]);
  });

  it('keep their times when the clock of the venue is wrong', async () => {
    await start();
    await adminRequest(venue.admin, 'POST', '/faults', { endpoint: '*', kind: 'wrong-clock', delayMs: 60_000 });
    expect(await klines(`interval=15m&startTime=${bar(1)}&limit=1`)).toEqual([[bar(1), 100.5, 102, 100, 101, 2]]);
  });

  it('are not made of parts that there are not', async () => {
    await start();
    const { status, json } = await publicRequest(venue.rest, '/api/v3/klines?symbol=BTCUSDT&interval=5m');
    expect([status, json.code]).toEqual([400, -1120]);
  });

  it('come with prints and quotes of the wall clock', async () => {
    await start();
    const before = Date.now();
    await release(venue, 'bar');
    const { json: trades } = await publicRequest(venue.rest, '/api/v3/trades?symbol=BTCUSDT');
    // One at the close before the first release, then at the open and at the close, half of the volume each.
    expect(trades.map(({ price, qty }: { price: string; qty: string }) => [Number(price), Number(qty)])).toEqual([
      [101, 0.00001],
      [101, 1.5],
      [104, 1.5],
    ]);
    expect(trades[2].time).toBeGreaterThanOrEqual(before);
    const { json: ticker } = await publicRequest(venue.rest, '/api/v3/ticker/bookTicker?symbol=BTCUSDT');
    expect([Number(ticker.bidPrice), Number(ticker.askPrice)]).toEqual([103.99, 104.01]);
  });
});
