import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLiveTape } from '../../../adapters/storage/live-tape.ts';
import { createSessionCandles } from '../../../adapters/storage/session-candles.ts';
import { createStreamHealthStore } from '../../../adapters/storage/stream-health.ts';
import { until } from '../../helpers/rig-until.ts';
import type { RigProcess } from '../../helpers/rig-process.ts';
import { insertSession } from '../storage/session-row.ts';
import { type DataRig, startDataRig } from './data-rig.ts';

const TEST_MS = 120_000;
const SYMBOL = 'BTC/USDT';
const KINDS = ['order-book', 'trades', 'bids-asks', 'candles', 'orders', 'my-trades', 'balance'];

describe('two market-data workers', () => {
  let rig: DataRig;
  beforeAll(async () => {
    rig = await startDataRig({ TRADEWIND_WATCH: `sim:${SYMBOL}` });
  }, TEST_MS);
  afterAll(() => rig?.stop(), TEST_MS);

  async function session(): Promise<number> {
    const { rows } = await rig.database.query<{ session: number }>('select session from stream_sessions');
    return rows[0]?.session ?? 0;
  }

  /** Waits until a session above `after` has all streams live, and gives its number. */
  async function liveSession(after: number): Promise<number> {
    const health = createStreamHealthStore(rig.database);
    return until('all streams to be live', async () => {
      const current = await session();
      if (current <= after) return false;
      const live = (await health.list()).filter(({ status, ageMs }) => status === 'live' && ageMs < 3_000);
      return new Set(live.map(({ kind }) => kind)).size === KINDS.length && current;
    });
  }

  /** Quantity that the venue has printed in whole seconds of `[from, to)`, by its own one-second candles. */
  async function venueVolume(from: number, to: number): Promise<number> {
    const rows = await rig.klines('1s', from, 1_000);
    const inside = rows.filter(([time]) => Number(time) < to);
    return inside.reduce((sum, row) => sum + Math.round(Number(row[5]) * 1e8), 0) / 1e8;
  }

  it(
    'keep the streams by turns: when one is killed the other goes on, and neither tape nor candles have a hole',
    async () => {
      let current = await liveSession(0);
      const from = Math.ceil(Date.now() / 1000) * 1000;
      const firstCandle = Math.ceil(Date.now() / 5_000) * 5_000;
      await insertSession(rig.database, 's', { symbols: [SYMBOL], timeframe: '5s', firstCandle });
      await rig.second.start();
      const turns: [killed: RigProcess, left: RigProcess][] = [
        [rig.worker, rig.second],
        [rig.second, rig.worker],
      ];
      for (const [killed, left] of turns) {
        if (!left.isRunning()) await left.start();
        await killed.kill();
        current = await liveSession(current);
      }
      const to = Math.floor(Date.now() / 1000) * 1000;
      const tape = createLiveTape(rig.database);
      const volume = await until('the tape to be complete', async () => {
        const found = await tape.volume('sim', SYMBOL, from, to);
        return found !== null && found.to === to - 1 && found;
      });
      expect(to - from).toBeGreaterThan(5_000);
      expect(Number(volume.quantity)).toBeCloseTo(await venueVolume(from, to), 8);

      const stream = { venue: 'sim', symbol: SYMBOL, timeframe: '5s' };
      const candles = await until('candles of five seconds to be complete', async () => {
        const list = await createSessionCandles(rig.database).list(stream, firstCandle);
        return list !== null && list.length > 0 && list.time.at(-1)! + 10_000 > to && list;
      });
      const times = Array.from({ length: candles.length }, (_, bar) => firstCandle + bar * 5_000);
      expect([...candles.time]).toEqual(times);
      for (const [bar, time] of times.entries()) {
        expect(candles.volume[bar]).toBeCloseTo(await venueVolume(time, time + 5_000), 8);
      }
    },
    TEST_MS,
  );
});
