import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { describeWithData, testData } from '../helpers/test-data.ts';
import { adminRequest, publicRequest, signedRequest } from './support/requests.ts';
import { type RunningVenue, startVenue } from './support/running-venue.ts';

const FILES = ['spot_btcusdt_20240808', 'spot_btcusdt_20240809'];
/** The whole recording of 650 s in some 6.5 s. */
const SPEED = 100;
/** Trades of both files together, by the data's own README. */
const RECORDED_TRADES = 19_904;

interface RecordedTrade {
  readonly t: number;
  readonly p: string;
  readonly q: string;
  readonly m: boolean;
}

interface Print {
  readonly id: number;
  readonly price: string;
  readonly qty: string;
  readonly time: number;
  readonly isBuyerMaker: boolean;
}

/** The trades of the raw files, read without any of the simulator's code. */
async function recordedTrades(files: readonly string[]): Promise<readonly RecordedTrade[]> {
  const trades: RecordedTrade[] = [];
  for (const file of files) {
    for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
      const message = JSON.parse(line.slice(line.indexOf(' ') + 1)) as { stream?: string; data: RecordedTrade };
      if (message.stream === 'btcusdt@trade') trades.push(message.data);
    }
  }
  return trades;
}

describeWithData('a replay of the recorded BTC/USDT stream of 2024-08-08/09', () => {
  let venue: RunningVenue;
  let startedAt: number;
  const files = () => FILES.map((name) => testData(`execution/binance-l2-20240808/${name}.jsonl.gz`));
  const state = async () => (await adminRequest(venue.admin, 'GET', '/state')).json;
  const market = (parameters: Readonly<Record<string, string>>) =>
    signedRequest(venue.rest, 'POST', '/api/v3/order', {
      symbol: 'BTCUSDT',
      type: 'MARKET',
      quantity: '0.1',
      ...parameters,
    });

  const tape = async () => {
    const prints: Print[] = [];
    for (;;) {
      const fromId = (prints.at(-1)?.id ?? 0) + 1;
      const page = await publicRequest(
        venue.rest,
        `/api/v3/historicalTrades?symbol=BTCUSDT&fromId=${fromId}&limit=1000`,
      );
      if (page.json.length === 0) return prints;
      prints.push(...page.json);
    }
  };

  beforeAll(async () => {
    startedAt = Date.now();
    venue = await startVenue(
      { kind: 'recorded', files: files(), speed: SPEED },
      { balances: { USDT: '1000000', BTC: '10' } },
    );
  });

  afterAll(() => venue.server.close());

  it('fills our orders at the recorded market and keeps both times in the ledger', async () => {
    const bought = await market({ side: 'BUY' });
    const sold = await market({ side: 'SELL' });
    for (const { json } of [bought, sold]) {
      expect(json.status).toBe('FILLED');
      // The range of the recording, by the data's own README.
      expect(Number(json.fills[0].price)).toBeGreaterThanOrEqual(61_556);
      expect(Number(json.fills[0].price)).toBeLessThanOrEqual(61_861);
    }
    const { fills } = (await adminRequest(venue.admin, 'GET', '/ledger')).json;
    const { timeMap } = (await state()).markets[0];
    expect(timeMap.at).toBeGreaterThanOrEqual(startedAt);
    for (const { at, recordedAt } of fills) {
      // The ledger's recorded time is that of the last event taken: the mapped instant, or up to one depth interval (100 ms) before.
      const mapped = timeMap.feedAt + (at - timeMap.at) * SPEED;
      expect(recordedAt).toBeLessThanOrEqual(mapped + SPEED);
      expect(recordedAt).toBeGreaterThan(mapped - 200 - SPEED);
    }
  }, 20_000);

  it('ends with every recorded trade and ours on one gapless tape, in the recorded order, and closes', async () => {
    let closed: string | null = null;
    while (closed === null) closed = (await state()).markets[0].closed;
    expect(closed).toBe('the recording has ended');
    const { fills } = (await adminRequest(venue.admin, 'GET', '/ledger')).json;
    const ours = new Set(fills.map(({ tradeId }: { tradeId: string }) => Number(tradeId)));
    const prints = await tape();
    expect(prints.map(({ id }) => id)).toEqual(prints.map((_, index) => index + 1));
    const outside = prints.filter(({ id }) => !ours.has(id));
    const recorded = await recordedTrades(files());
    expect(recorded).toHaveLength(RECORDED_TRADES);
    expect(outside.map(({ price, qty, isBuyerMaker }) => [Number(price), Number(qty), isBuyerMaker])).toEqual(
      recorded.map(({ p, q, m }) => [Number(p), Number(q), m]),
    );
    expect(prints.every(({ time }, index) => index === 0 || time >= (prints[index - 1]?.time ?? 0))).toBe(true);
    const { quoteCheck } = (await state()).markets[0];
    expect(quoteCheck.agreed / quoteCheck.compared).toBeGreaterThan(0.999);
  }, 60_000);

  it('refuses orders after the last message and still answers reads', async () => {
    expect((await market({ side: 'BUY' })).json).toEqual({ code: -2010, msg: 'Market is closed.' });
    const info = await publicRequest(venue.rest, '/api/v3/exchangeInfo');
    expect(info.json.symbols[0].status).toBe('BREAK');
    expect(info.json.simulation).toMatchObject({ simulated: true, synthetic: false, feed: 'recorded', speed: SPEED });
    expect((await publicRequest(venue.rest, '/api/v3/depth?symbol=BTCUSDT&limit=5')).json.bids).toHaveLength(5);
    expect(venue.log.join('\n')).toContain('BTC/USDT is closed: the recording has ended');
    expect(venue.failures).toEqual([]);
  });
});
