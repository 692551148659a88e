import { afterEach, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { describeWithData, testData } from '../helpers/test-data.ts';
import { adminRequest, publicRequest, signedRequest } from './support/requests.ts';
import { temporaryFolder, venueEntry } from './support/running-venue.ts';
import { startVenueProcess, type VenueProcess } from './support/venue-process.ts';

/** The market falls from 61,838 through this price within the recording. */
const PRICE = '61700.00';
const ORDER = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.05', price: PRICE };

describeWithData('a replay that is killed in the middle', () => {
  let running: VenueProcess | null = null;
  afterEach(async () => {
    await running?.kill();
    running = null;
  });

  const ledger = async (venue: VenueProcess) => (await adminRequest(venue.admin, 'GET', '/ledger')).json;
  const tape = async (venue: VenueProcess, fromId: number) =>
    (await publicRequest(venue.rest, `/api/v3/historicalTrades?symbol=BTCUSDT&fromId=${fromId}&limit=1000`)).json;

  it('fills a resting order by a recorded print, and has tape and ledger back as they were', async () => {
    const folder = temporaryFolder();
    const files = ['spot_btcusdt_20240808', 'spot_btcusdt_20240809'].map((name) =>
      testData(`execution/binance-l2-20240808/${name}.jsonl.gz`),
    );
    const entry = venueEntry(
      { kind: 'recorded', files, speed: 100 },
      { journal: join(folder, 'journal'), balances: { USDT: '10000' } },
    );
    const first = await startVenueProcess(folder, entry);
    running = first;
    expect((await signedRequest(first.rest, 'POST', '/api/v3/order', ORDER)).json.status).toBe('NEW');
    let before = await ledger(first);
    while (before.orders[0].status === 'open') before = await ledger(first);
    const firstFill = before.fills[0];
    const tapeBefore = await tape(first, Math.max(1, Number(firstFill.tradeId) - 500));
    await first.kill();

    const second = await startVenueProcess(folder, entry);
    running = second;
    const after = await ledger(second);
    expect({ orders: after.orders, fills: after.fills, balances: after.balances }).toEqual({
      orders: before.orders,
      fills: before.fills,
      balances: before.balances,
    });
    expect((await tape(second, tapeBefore[0].id)).slice(0, tapeBefore.length)).toEqual(tapeBefore);

    // A maker pays 10 bps of what it receives: 0.05 * 0.001 over all its fills. 10000 - 0.05 * 61700 = 6915.
    expect(
      before.fills.every(({ maker, price }: { maker: boolean; price: string }) => maker && price === '61700'),
    ).toBe(true);
    expect(before.balances).toEqual([
      { asset: 'BTC', free: '0.04995', locked: '0' },
      { asset: 'USDT', free: '6915', locked: '0' },
    ]);
    // The recorded ids of that day run from 3,735,683,259 on, ours from 1.
    expect(Number(firstFill.sourceId)).toBeGreaterThan(1_000_000_000);
    expect(Number(firstFill.tradeId)).toBeLessThan(20_000);
    // 2024-08-08 23:54 to 2024-08-09 00:05 UTC.
    expect(firstFill.recordedAt).toBeGreaterThan(Date.UTC(2024, 7, 8, 23, 54));
    expect(firstFill.recordedAt).toBeLessThan(Date.UTC(2024, 7, 9, 0, 6));
  }, 60_000);
});
