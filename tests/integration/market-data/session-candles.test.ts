import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openEventFeed, type RunningEventFeed } from '../../../adapters/events/event-feed.ts';
import { createSessionSignals } from '../../../adapters/events/session-signals.ts';
import type { SessionCandles } from '../../../adapters/ports/session-candles.ts';
import type { SessionSignals } from '../../../adapters/ports/session-signals.ts';
import { createEventLog } from '../../../adapters/storage/event-log.ts';
import { createLastPrices } from '../../../adapters/storage/last-prices.ts';
import { createMarketWatch } from '../../../adapters/storage/market-watch.ts';
import { createSessionCandles } from '../../../adapters/storage/session-candles.ts';
import { until } from '../../helpers/rig-until.ts';
import { insertSession } from '../storage/session-row.ts';
import { startStreamRig, type StreamRig, SYMBOL } from './stream-rig.ts';

const TEST_MS = 180_000;
const STEP = 5_000;
const STREAM = { venue: 'sim', symbol: SYMBOL, timeframe: '5s' };

type Row = readonly [time: number, open: number, high: number, low: number, close: number, volume: string];

describe('candles of five seconds for a session', () => {
  let rig: StreamRig;
  let feed: RunningEventFeed;
  let signals: SessionSignals;
  let candles: SessionCandles;
  let ended = new AbortController();
  let running = Promise.resolve();
  const over = new AbortController();
  beforeAll(async () => {
    rig = await startStreamRig();
    feed = openEventFeed(createEventLog(rig.storage.database), (error) => rig.log.push(String(error)));
    signals = createSessionSignals({
      market: createMarketWatch(rig.storage.database),
      events: feed,
      log: (message) => rig.log.push(message),
    });
    candles = createSessionCandles(rig.storage.database);
  }, TEST_MS);
  afterAll(async () => {
    over.abort();
    ended.abort();
    await running;
    await signals?.close();
    await feed?.close();
    await rig?.stop();
  }, TEST_MS);

  async function rowsSince(since: number): Promise<readonly Row[] | null> {
    const list = await candles.list(STREAM, since);
    return (
      list &&
      Array.from(list.time, (time, i): Row => {
        const [open, high, low, close] = [list.open[i]!, list.high[i]!, list.low[i]!, list.close[i]!];
        return [time, open, high, low, close, list.volume[i]!.toFixed(6)];
      })
    );
  }

  /** The same candles out of the venue's own seconds, reckoned here. */
  async function venueRows(from: number, to: number): Promise<readonly Row[]> {
    const path = `/api/v3/klines?symbol=BTCUSDT&interval=1s&startTime=${from}&endTime=${to - 1}&limit=1000`;
    const seconds = (await rig.get(path)) as (readonly (string | number)[])[];
    expect(seconds).toHaveLength((to - from) / 1_000);
    const rows: Row[] = [];
    for (let i = 0; i < seconds.length; i += 5) {
      const five = seconds.slice(i, i + 5).map((row) => row.map(Number));
      rows.push([
        five[0]![0]!,
        five[0]![1]!,
        Math.max(...five.map((row) => row[2]!)),
        Math.min(...five.map((row) => row[3]!)),
        five[4]![4]!,
        five.reduce((sum, row) => sum + row[5]!, 0).toFixed(6),
      ]);
    }
    return rows;
  }

  it(
    'come whole and one by one across a cut of the streams and a worker that goes away',
    async () => {
      // Later than the venue's first print, and before anybody watches: these seconds are in the history alone.
      await until(
        'the venue to have printed',
        async () => ((await rig.get('/api/v3/trades?symbol=BTCUSDT')) as []).length > 0,
      );
      const first = Math.ceil(Date.now() / STEP) * STEP;
      await until('a candle to be over', async () => Date.now() > first + STEP);
      await insertSession(rig.storage.database, 's', { symbols: [SYMBOL], timeframe: '5s', firstCandle: first });
      running = rig.run(ended.signal);
      await until('candles to be complete', async () => (await candles.reach(STREAM, first)).kind === 'complete');

      /** Each candle as it was when it was first there. */
      const seen: Row[] = [];
      const watching = (async (): Promise<void> => {
        while (!over.signal.aborted) {
          const afterBar = seen.at(-1)?.[0] ?? first - STEP;
          const interest = { sessionId: 's', streams: [STREAM], afterBar, executionIds: [], watched: [] };
          const signal = await signals.wait(interest, 60_000, over.signal);
          const fresh = (await rowsSince(afterBar + STEP)) ?? [];
          if (signal === 'bar') expect(fresh.length).toBeGreaterThan(0);
          seen.push(...fresh);
        }
      })();
      const seenBeyond = (time: number): Promise<unknown> =>
        until(`candles beyond ${new Date(time).toISOString()}`, async () => (seen.at(-1)?.[0] ?? 0) >= time);

      await seenBeyond(first + 2 * STEP);
      await rig.setFault({ endpoint: 'stream.public', kind: 'cut', forMs: 4_000 });
      await seenBeyond(Math.ceil(Date.now() / STEP) * STEP + STEP);
      ended.abort();
      await running;
      await until('candles to be missed', async () => Date.now() > seen.at(-1)![0] + 3 * STEP);
      ended = new AbortController();
      running = rig.run(ended.signal);
      const last = Math.floor(Date.now() / STEP) * STEP + STEP;
      await seenBeyond(last);
      over.abort();
      await watching;
      ended.abort();
      await running;

      const expected = await venueRows(first, seen.at(-1)![0] + STEP);
      expect(seen).toEqual(expected);
      // A process that knows nothing reads the same.
      candles = createSessionCandles(rig.storage.database);
      expect(await rowsSince(first)).toEqual(expected);
      await expect(candles.last(STREAM)).resolves.toBe(seen.at(-1)![0]);
      const price = await createLastPrices(rig.storage.database).last('sim', SYMBOL);
      expect(Number(price!.last)).toBeGreaterThan(0);
      expect(Number(price!.bid)).toBeLessThan(Number(price!.ask));
      expect(await rig.storage.events('sim')).toContain('account.connected');
    },
    TEST_MS,
  );
});
