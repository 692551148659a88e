import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CandleStream, ClosedCandleStore } from '../../../adapters/ports/closed-candles.ts';
import type { SessionCandles } from '../../../adapters/ports/session-candles.ts';
import { type CandleParts, createCandleParts } from '../../../adapters/storage/candle-parts.ts';
import { createClosedCandleStore } from '../../../adapters/storage/closed-candles.ts';
import { createSessionCandles } from '../../../adapters/storage/session-candles.ts';
import { createStreamHealthStore } from '../../../adapters/storage/stream-health.ts';
import { CandleBuilder } from '../../../domain/market/candle-builder.ts';
import type { Candles } from '../../../domain/market/candles.ts';
import { openStorage, START, type Storage } from './storage.ts';

const SYMBOL = 'BTC/USDT';
const SECOND = 1_000;
const at = (second: number): number => START + second * SECOND;
const SECONDS: CandleStream = { venue: 'sim', symbol: SYMBOL, timeframe: '1s' };
const FIVE: CandleStream = { ...SECONDS, timeframe: '5s' };

let storage: Storage;
let session: number;
let store: ClosedCandleStore;
let parts: CandleParts;
let candles: SessionCandles;
beforeAll(async () => {
  storage = await openStorage();
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(async () => {
  await storage.clear();
  session = await createStreamHealthStore(storage.database).begin('sim');
  store = createClosedCandleStore(storage.database);
  parts = createCandleParts(storage.database);
  candles = createSessionCandles(storage.database);
  await parts.choose('sim', '5s', ['1s', '1m']);
  await parts.choose('sim', '1s', ['1s', '1m']);
});

/** Seconds `from` to `to`, not included: each opens at its own number and closes one higher. */
function bars(from: number, to: number, without: readonly number[] = []): Candles {
  const builder = new CandleBuilder(SYMBOL, '1s');
  for (let s = from; s < to; s += 1) {
    if (!without.includes(s)) builder.add(at(s), s, s + 2, s - 1, s + 1, 0.1);
  }
  return builder.take();
}

const save = (made: Candles, from: number, last: number, unavailableBefore: number | null = null): Promise<void> =>
  store.save('sim', session, [
    {
      stream: SECONDS,
      candles: made,
      coverage: {
        from: at(from),
        last: at(last),
        unavailableBefore: unavailableBefore === null ? null : at(unavailableBefore),
      },
    },
  ]);

const rows = (list: Candles | null): readonly (readonly number[])[] | null =>
  list &&
  Array.from(list.time, (time, i) => [
    (time - START) / SECOND,
    list.open[i]!,
    list.high[i]!,
    list.low[i]!,
    list.close[i]!,
    list.volume[i]!,
  ]);
/** Another process, which knows nothing yet. */
const cold = (stream: CandleStream, since: number): Promise<Candles | null> =>
  createSessionCandles(storage.database).list(stream, at(since));

describe('candles of a timeframe that the venue lacks', () => {
  it('are built from its parts, whole ones only', async () => {
    await save(bars(0, 14), 0, 13);
    // 0 to 4: opens at 0, highest 4 + 2, lowest 0 - 1, closes at 5; the last one lacks its fifth second.
    expect(rows(await candles.list(FIVE, at(0)))).toEqual([
      [0, 0, 6, -1, 5, 0.5],
      [5, 5, 11, 4, 10, 0.5],
    ]);
    await expect(candles.last(FIVE)).resolves.toBe(at(5));
    await save(bars(14, 15), 0, 14);
    expect(rows(await candles.list(FIVE, at(5)))).toEqual([
      [5, 5, 11, 4, 10, 0.5],
      [10, 10, 16, 9, 15, 0.5],
    ]);
    await expect(candles.last(FIVE)).resolves.toBe(at(10));
  });

  it('begin with the first that is whole after the time asked for', async () => {
    await save(bars(3, 15), 3, 14);
    await expect(candles.list(FIVE, at(0))).resolves.toBeNull();
    expect(rows(await candles.list(FIVE, at(1)))!.map(([time]) => time)).toEqual([5, 10]);
  });

  it('are made of what was traded, and there is none where nothing was', async () => {
    await save(bars(0, 20, [2, 3, 10, 11, 12, 13, 14]), 0, 19);
    expect(rows(await candles.list(FIVE, at(0)))!.map(([time, , , , , volume]) => [time, volume!.toFixed(1)])).toEqual([
      [0, '0.3'],
      [5, '0.5'],
      [15, '0.5'],
    ]);
  });

  it('end with the last that was traded in, when nothing was since', async () => {
    await save(bars(0, 7), 0, 14);
    expect(rows(await candles.list(FIVE, at(0)))!.map(([time]) => time)).toEqual([0, 5]);
    await expect(candles.last(FIVE)).resolves.toBe(at(5));
  });

  it('stay made of the same part when the venue offers a larger one', async () => {
    await parts.choose('sim', '10s', ['1s']);
    await expect(createCandleParts(storage.database).choose('sim', '10s', ['1s', '5s'])).resolves.toBe('1s');
  });

  it('that nothing divides become possible once the venue has a part', async () => {
    await expect(parts.of('sim', '7s')).resolves.toBeUndefined();
    await expect(parts.choose('sim', '7s', ['1m'])).resolves.toBeNull();
    await expect(parts.choose('sim', '7s', ['1s', '1m'])).resolves.toBe('1s');
    await expect(parts.of('sim', '7s')).resolves.toBe('1s');
  });
});

describe('a reading that goes on from an earlier one', () => {
  it('is the same as one from the beginning, after every second', async () => {
    for (let s = 0; s < 40; s += 1) {
      await save(bars(s, s + 1, [7, 8, 20, 21, 22, 23, 24]), 0, s);
      for (const since of [0, 3, 15]) {
        expect(rows(await candles.list(FIVE, at(since)))).toEqual(rows(await cold(FIVE, since)));
        expect(rows(await candles.list(SECONDS, at(since)))).toEqual(rows(await cold(SECONDS, since)));
      }
    }
  });

  it('reads the new candles only, and leaves what it gave before as it was', async () => {
    await save(bars(0, 10), 0, 9);
    const first = await candles.list(SECONDS, at(0));
    const before = rows(first);
    // What was read once is not read again, so this is not seen.
    await storage.database.query('update closed_candles set close = 777');
    await save(bars(10, 400), 0, 399);
    const second = rows(await candles.list(SECONDS, at(0)))!;
    expect(second).toHaveLength(400);
    expect(second.slice(0, 10)).toEqual(before);
    expect(second.some(([, , , , close]) => close === 777)).toBe(false);
    expect(rows(first)).toEqual(before);
  });

  it('reaches further back when asked to', async () => {
    await save(bars(0, 20), 0, 19);
    expect((await candles.list(FIVE, at(10)))!.length).toBe(2);
    expect((await candles.list(FIVE, at(0)))!.length).toBe(4);
    expect((await candles.list(FIVE, at(10)))!.length).toBe(2);
  });

  it('knows no more than a first one of a stream that was begun anew', async () => {
    await save(bars(0, 20), 0, 19);
    expect((await candles.list(FIVE, at(0)))!.length).toBe(4);
    await save(bars(40, 60), 40, 59);
    await expect(candles.list(FIVE, at(0))).resolves.toBeNull();
    expect(rows(await candles.list(FIVE, at(40)))).toEqual(rows(await cold(FIVE, 40)));
    await save(bars(20, 40), 0, 59);
    expect(rows(await candles.list(FIVE, at(0)))).toEqual(rows(await cold(FIVE, 0)));
    expect((await candles.list(FIVE, at(0)))!.length).toBe(12);
  });

  it('is shared by all who ask at once', async () => {
    await save(bars(0, 20), 0, 19);
    const lists = await Promise.all([0, 5, 0, 10].map((since) => candles.list(FIVE, at(since))));
    expect(lists.map((list) => list!.length)).toEqual([4, 3, 4, 2]);
  });

  it('forgets what was asked for longest ago when it keeps too many, and answers as before', async () => {
    const few = createSessionCandles(storage.database, { mostKept: 15, inUseMs: -1 });
    await save(bars(0, 20), 0, 19);
    for (const stream of [FIVE, SECONDS, FIVE, SECONDS]) {
      expect(rows(await few.list(stream, at(0)))).toEqual(rows(await cold(stream, 0)));
    }
  });

  it('forgets nothing that was asked for lately, however many that are: each look would read all of it again', async () => {
    let asked: readonly unknown[][] = [];
    const database = {
      query: async (text: string, values: unknown[] = []) => {
        if (text.includes('closed_candles')) asked = [...asked, values];
        return storage.database.query(text, values);
      },
    } as unknown as typeof storage.database;
    const few = createSessionCandles(database, { mostKept: 15 });
    await save(bars(0, 20), 0, 19);
    for (const stream of [FIVE, SECONDS, FIVE, SECONDS]) await few.list(stream, at(0));
    // From where each was read: from its first candle once, then from behind the last that is known.
    expect(asked.map((values) => Number(values[3]) > at(0))).toEqual([false, false, true, true]);
  });
});

describe('how far candles reach', () => {
  it('is told: not begun, still being read, complete', async () => {
    await expect(candles.reach(FIVE, at(0))).resolves.toEqual({ kind: 'filling', from: null });
    await expect(candles.last(FIVE)).resolves.toBeNull();
    await expect(candles.list(FIVE, at(0))).resolves.toBeNull();
    await save(bars(10, 20), 10, 19);
    await expect(candles.reach(FIVE, at(0))).resolves.toEqual({ kind: 'filling', from: at(10) });
    await expect(candles.reach(FIVE, at(6))).resolves.toEqual({ kind: 'complete' });
    await expect(candles.reach({ ...FIVE, timeframe: '9s' }, at(0))).resolves.toEqual({ kind: 'filling', from: null });
  });

  it('is told where the venue has no earlier ones, with the first that can be had', async () => {
    await save(bars(3, 20), 3, 19, 3);
    await expect(candles.reach(FIVE, at(-5))).resolves.toEqual({
      kind: 'unavailable',
      earliest: at(5),
      problem: {
        code: 'CANDLES_UNAVAILABLE',
        detail:
          'venue "sim" has 1s candles of BTC/USDT from 2024-08-08T23:50:03.000Z on, and 5s candles are needed from ' +
          '2024-08-08T23:49:55.000Z on: start later, or with a shorter warm-up',
      },
    });
  });

  it('is told of a timeframe that cannot be had', async () => {
    await parts.choose('sim', '5d', ['3d']);
    const reach = await candles.reach({ ...FIVE, timeframe: '5d' }, at(0));
    expect(reach).toMatchObject({ kind: 'unavailable', earliest: null, problem: { code: 'NO_SUCH_TIMEFRAME' } });
  });
});
