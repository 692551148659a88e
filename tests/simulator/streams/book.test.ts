import { afterEach, describe, expect, it } from '@jest/globals';
import { describeWithData, testData } from '../../helpers/test-data.ts';
import { type BookDiff, type BookSnapshot, LocalBook } from '../../helpers/local-book.ts';
import { publicRequest, signedRequest } from '../support/requests.ts';
import { type RunningVenue, startVenue } from '../support/running-venue.ts';
import { StreamClient } from '../support/stream-client.ts';

let venue: RunningVenue;

afterEach(async () => {
  await venue.server.close();
  expect(venue.failures).toEqual([]);
});

const snapshot = async (): Promise<BookSnapshot> =>
  (await publicRequest(venue.rest, '/api/v3/depth?symbol=BTCUSDT&limit=5000')).json;

/**
 * Takes `rounds` snapshots while the updates run, keeps a local book from each of them by the documented rules, and compares them all with the
 * venue's book at the same update id.
 */
async function checkBooks(rounds: number, between: (round: number) => Promise<unknown>): Promise<number> {
  const client = await StreamClient.open(`${venue.server.addresses.ws}/ws/btcusdt@depth@100ms`);
  await client.ask({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
  const snapshots: BookSnapshot[] = [];
  for (let round = 0; round < rounds; round += 1) {
    snapshots.push(await snapshot());
    await between(round);
    await client.next(({ e }) => e === 'depthUpdate');
  }
  const diffs = () => client.received.filter(({ e }): boolean => e === 'depthUpdate') as readonly BookDiff[];
  // A snapshot whose id is where an update ends, so that both speak of the same book.
  let last = await snapshot();
  while (!diffs().some(({ u }) => u >= last.lastUpdateId)) await client.next(({ e }) => e === 'depthUpdate');
  while (!diffs().some(({ u }) => u === last.lastUpdateId)) {
    last = await snapshot();
    while (!diffs().some(({ u }) => u >= last.lastUpdateId)) await client.next(({ e }) => e === 'depthUpdate');
  }
  for (const start of snapshots) {
    const local = new LocalBook(start);
    for (const diff of diffs()) if (diff.u <= last.lastUpdateId) local.apply(diff);
    expect(local.lastUpdateId).toBe(last.lastUpdateId);
    expect(local.levels()).toEqual({ bids: last.bids, asks: last.asks });
  }
  await client.close();
  return diffs().filter(({ u }) => u <= last.lastUpdateId).length;
}

describe('the book of a synthetic market on the stream', () => {
  it('is the book of the REST snapshot at the same update id, also while we trade and orders rest', async () => {
    venue = await startVenue({ kind: 'synthetic', seed: 7 }, { balances: { USDT: '1000000', BTC: '20' }, takerBps: 0 });
    const order = (side: string, parameters: Readonly<Record<string, string>>) =>
      signedRequest(venue.rest, 'POST', '/api/v3/order', { symbol: 'BTCUSDT', side, quantity: '0.3', ...parameters });
    const updates = await checkBooks(9, async (round) => {
      const { bids } = await snapshot();
      if (round % 3 === 0) return order('BUY', { type: 'MARKET' });
      if (round % 3 === 1) return order('BUY', { type: 'LIMIT', timeInForce: 'GTC', price: String(bids[0]?.[0]) });
      return signedRequest(venue.rest, 'DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
    });
    expect(updates).toBeGreaterThanOrEqual(9);
  }, 30_000);
});

describeWithData('the book of the recorded market on the stream', () => {
  it('is the book of the REST snapshot at the same update id, level by level', async () => {
    const file = testData('execution/binance-l2-20240808/spot_btcusdt_20240808.jsonl.gz');
    venue = await startVenue({ kind: 'recorded', files: [file], speed: 5 });
    const updates = await checkBooks(15, async () => undefined);
    expect(updates).toBeGreaterThanOrEqual(15);
  }, 30_000);
});
