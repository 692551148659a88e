import { afterEach, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { candleFeed, FIRST_BAR, BAR_MS, writeCandles, type WrittenBar } from '../support/candle-venue.ts';
import { adminRequest, publicRequest, signedRequest } from '../support/requests.ts';
import { temporaryFolder, venueEntry } from '../support/running-venue.ts';
import { startVenueProcess, type VenueProcess } from '../support/venue-process.ts';

/** One bar of history; the next falls through a stop and rises to a limit. */
const BARS: readonly WrittenBar[] = [
  ['100.00', '100.00', '100.00', '100.00', '1'],
  ['101.00', '106.00', '97.00', '104.00', '4'],
  ['105.00', '109.00', '104.00', '108.00', '2'],
];
const ORDER = { symbol: 'BTCUSDT', quantity: '1', timeInForce: 'GTC' };

describe('a venue that replays candles and was killed', () => {
  let running: VenueProcess | null = null;
  const folder = temporaryFolder();
  const file = writeCandles(BARS, folder);
  const entry = (name: string) => venueEntry(candleFeed(file), { journal: join(folder, name) });
  const start = async (name: string) => {
    running = await startVenueProcess(folder, entry(name));
    return running;
  };
  const killed = async () => {
    await running?.kill();
    running = null;
  };
  afterEach(killed);
  const post = (venue: VenueProcess, parameters: Readonly<Record<string, string>>) =>
    signedRequest(venue.rest, 'POST', '/api/v3/order', { ...ORDER, ...parameters });
  const released = async (venue: VenueProcess, phase: string) =>
    (await adminRequest(venue.admin, 'POST', '/candles/release', { phase })).json;
  /** All that a client or an operator can see. */
  const seen = async ({ admin, rest }: VenueProcess) => {
    const { orders, fills, balances } = (await adminRequest(admin, 'GET', '/ledger')).json;
    const get = async (path: string) => (await publicRequest(rest, path)).json;
    return {
      ledger: { orders, fills, balances },
      position: (await adminRequest(admin, 'GET', '/candles')).json,
      tape: await get('/api/v3/historicalTrades?symbol=BTCUSDT&limit=1000'),
      candles: await get('/api/v3/klines?symbol=BTCUSDT&interval=15m'),
      quote: await get('/api/v3/ticker/bookTicker?symbol=BTCUSDT'),
    };
  };
  const pricesOf = ({ ledger }: Awaited<ReturnType<typeof seen>>) =>
    ledger.fills.map(({ side, price, maker }: Record<string, unknown>) => [side, price, maker]);

  it('stands between two phases where it stood, with every order as it was', async () => {
    let venue = await start('phases');
    await post(venue, { side: 'BUY', type: 'LIMIT', price: '102', timeInForce: 'IOC' });
    await post(venue, { side: 'SELL', type: 'LIMIT', price: '105' });
    await post(venue, { side: 'SELL', type: 'STOP_LOSS_LIMIT', price: '90', stopPrice: '98' });
    for (const phase of ['open', 'path']) {
      await released(venue, phase);
      const before = await seen(venue);
      await killed();
      venue = await start('phases');
      expect(await seen(venue)).toEqual(before);
    }
    expect(pricesOf(await seen(venue))).toEqual([
      ['buy', '101', false],
      ['sell', '98', false],
      ['sell', '105', true],
    ]);
    expect((await seen(venue)).position).toMatchObject({ index: 1, phase: 'path', runningAt: FIRST_BAR + BAR_MS });
    // The tape goes on without a gap.
    await released(venue, 'close');
    await released(venue, 'bar');
    const { tape } = await seen(venue);
    expect(tape.map(({ id }: { id: number }) => id)).toEqual(tape.map((_: unknown, index: number) => index + 1));
  }, 60_000);

  it('still knows that an order has not seen an open', async () => {
    let venue = await start('taker');
    await post(venue, { side: 'BUY', type: 'LIMIT', price: '103' });
    await killed();
    venue = await start('taker');
    await released(venue, 'open');
    expect(pricesOf(await seen(venue))).toEqual([['buy', '101', false]]);
  }, 30_000);

  it('does not go on with other candles', async () => {
    await start('other');
    await killed();
    writeCandles([...BARS.slice(0, 2), ['1.00', '1.00', '1.00', '1.00', '1']], folder);
    await expect(start('other')).rejects.toThrow(/these are not the candles that the venue was opened with/);
    writeFileSync(file, 'timestamp,open,high,low,close\n2024-01-01T00:00:00Z,100,90,99,100\n');
    await expect(start('bad')).rejects.toThrow(/candles\.csv: line 2: high is 90: below the low, 99/);
  }, 30_000);
});
