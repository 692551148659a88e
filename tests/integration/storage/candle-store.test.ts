import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CandleBlocks, CandleStore, NewDataset } from '../../../adapters/ports/candle-store.ts';
import { hashCandles } from '../../../adapters/candles/read-candle-file.ts';
import { createCandleStore } from '../../../adapters/storage/candle-store.ts';
import { sliceCandles } from '../../../domain/market/candles.ts';
import { barsOf, blocksOf, DAY } from './bars.ts';
import { openStorage, type Storage } from './storage.ts';

let storage: Storage;
let store: CandleStore;
beforeAll(async () => {
  storage = await openStorage();
  store = createCandleStore(storage.database);
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(() => storage.clear());

const NEW: NewDataset = {
  symbol: 'BTC/USDT',
  timeframe: '1m',
  source: { kind: 'file', stamp: 'open', zone: 'UTC', columns: null },
  owner: 'admin',
};

async function storedBars(): Promise<number> {
  const { rows } = await storage.database.query<{ count: number }>('select count(*) as count from candles');
  return rows[0]!.count;
}

describe('saving a data set', () => {
  it('gives back every bar to the last bit', async () => {
    const bars = barsOf(10_000);
    const { record, created } = await store.saveDataset(NEW, blocksOf(bars));
    expect(created).toBe(true);
    expect(record).toMatchObject({
      ...NEW,
      rows: 10_000,
      hash: hashCandles(bars),
      firstAt: DAY,
      lastAt: DAY + 9_999 * 60_000,
      gaps: { calendar: '24/7', count: 0, missingBars: 0, outsideBars: 0, first: [] },
      duplicates: 0,
      hasVolume: true,
      createdAt: expect.any(Number),
    });
    expect(record.id).toBe(`ds_${record.hash.slice(0, 16)}`);
    await expect(store.loadCandles(record.id)).resolves.toEqual(bars);
    await expect(store.findDataset(record.id)).resolves.toEqual(record);
    await expect(storage.events(record.id)).resolves.toEqual(['dataset.created']);
  });

  it('stores the same bars once, also when they come at the same time', async () => {
    const outcomes = await Promise.all(
      [1000, 333, 10_000].map((size) => store.saveDataset(NEW, blocksOf(barsOf(5_000), size))),
    );
    const ids = new Set(outcomes.map(({ record }) => record.id));
    expect([ids.size, outcomes.filter(({ created }) => created).length]).toEqual([1, 1]);
    expect(await storedBars()).toBe(5_000);
    const again = await store.saveDataset({ ...NEW, owner: 'somebody else' }, blocksOf(barsOf(5_000)));
    expect(again).toMatchObject({ created: false, record: { owner: 'admin' } });
  });

  it('keeps nothing when the bars turn out to be bad, and the connection works on', async () => {
    async function* failing(): CandleBlocks {
      yield barsOf(3_000);
      throw new Error('line 3001: close is "NaN"');
    }
    await expect(store.saveDataset(NEW, failing())).rejects.toThrow('line 3001');
    expect(await storedBars()).toBe(0);
    await expect(store.saveDataset(NEW, blocksOf(barsOf(10)))).resolves.toMatchObject({ created: true });
  });

  it('refuses a bar that is there twice, whatever let it pass', async () => {
    async function* doubled(): CandleBlocks {
      yield barsOf(10);
      return yield* blocksOf(barsOf(10));
    }
    await expect(store.saveDataset(NEW, doubled())).rejects.toMatchObject({ code: '23505' });
    expect(await storedBars()).toBe(0);
  });
});

describe('loading bars', () => {
  it('gives those that open in a range, its end excluded', async () => {
    const bars = barsOf(500);
    const { record } = await store.saveDataset(NEW, blocksOf(bars));
    const at = (i: number): number => DAY + i * 60_000;
    await expect(store.loadCandles(record.id, { from: at(100), to: at(200) })).resolves.toEqual(
      sliceCandles(bars, 100, 200),
    );
    await expect(store.loadCandles(record.id, { from: at(100) - 1 })).resolves.toEqual(sliceCandles(bars, 100, 500));
    await expect(store.loadCandles(record.id, { to: at(1) })).resolves.toEqual(sliceCandles(bars, 0, 1));
  });

  it('puts them into shared memory when threads shall read them', async () => {
    const bars = barsOf(100);
    const { record } = await store.saveDataset(NEW, blocksOf(bars));
    const shared = await store.loadCandles(record.id, { shared: true });
    expect(shared.close.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(Array.from(shared.close)).toEqual(Array.from(bars.close));
  });

  it('says what there is when a range is empty', async () => {
    const { record } = await store.saveDataset(NEW, blocksOf(barsOf(3)));
    await expect(store.loadCandles(record.id, { from: DAY + 86_400_000 })).rejects.toMatchObject({
      code: 'EMPTY_RANGE',
      message: `data set ${record.id}: there is no bar from 2024-01-02T00:00:00Z to the end; the bars open from 2024-01-01T00:00:00Z to 2024-01-01T00:02:00Z`,
    });
    await expect(store.loadCandles('ds_none')).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' });
  });
});

describe('listing data sets', () => {
  it('shows the newest first, page by page, by symbol and timeframe', async () => {
    for (const seed of [1, 2, 3]) await store.saveDataset(NEW, blocksOf(barsOf(10, seed)));
    const first = await store.listDatasets({ limit: 2 });
    const second = await store.listDatasets({ limit: 2, cursor: first.next! });
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    const hashes = [3, 2, 1].map((seed) => `ds_${hashCandles(barsOf(10, seed)).slice(0, 16)}`);
    expect(ids).toEqual(hashes);
    expect(second.next).toBeNull();
    await expect(store.listDatasets({ limit: 9, symbol: 'ETH/USDT' })).resolves.toEqual({ items: [], next: null });
    await expect(store.listDatasets({ limit: 9, timeframe: '5m' })).resolves.toMatchObject({ items: [] });
  });
});

describe('deleting a data set', () => {
  const insertBacktest = (id: string, status: string, datasetId: string) =>
    storage.database.query(
      `insert into backtests (id, workflow_id, owner, request, strategy, symbol, status)
       values ($1, $2, 'admin', $3, 's', 'X', $4)`,
      [id, `backtest/${id}`, JSON.stringify({ spec: { data: [{ datasetId }] } }), status],
    );

  it('removes its bars and nothing else, and lets them be stored again', async () => {
    const { record } = await store.saveDataset(NEW, blocksOf(barsOf(100)));
    const other = await store.saveDataset(NEW, blocksOf(barsOf(50, 7)));
    await expect(store.deleteDataset(record.id)).resolves.toEqual({ kind: 'deleted', record });
    await expect(storedBars()).resolves.toBe(50);
    await expect(store.findDataset(record.id)).resolves.toBeNull();
    await expect(store.findDataset(other.record.id)).resolves.toEqual(other.record);
    await expect(storage.events(record.id)).resolves.toEqual(['dataset.created', 'dataset.deleted']);
    await expect(store.deleteDataset(record.id)).resolves.toEqual({ kind: 'not-found' });
    await expect(store.saveDataset(NEW, blocksOf(barsOf(100)))).resolves.toMatchObject({ created: true });
  });

  it('is refused while a backtest or an optimisation that has not ended names it', async () => {
    const { record } = await store.saveDataset(NEW, blocksOf(barsOf(100)));
    await insertBacktest('b1', 'running', record.id);
    await insertBacktest('b2', 'cancelled', record.id);
    await insertBacktest('b3', 'running', 'ds_0000000000000000');
    await storage.database.query(
      `insert into optimizations (id, workflow_id, owner, request, strategy, symbol, data_hash, total, positions, status)
       values ('o1', 'optimization/o1', 'admin', $1, 's', 'X', 'h', 1, 1, 'paused')`,
      [JSON.stringify({ data: { datasetId: record.id } })],
    );
    const refused = { kind: 'in-use', users: ['backtest/b1', 'optimization/o1'] };
    await expect(store.deleteDataset(record.id)).resolves.toEqual(refused);
    await expect(storedBars()).resolves.toBe(100);
    await storage.database.query(
      `update backtests set status = 'cancelled'; update optimizations set status = 'failed'`,
    );
    await expect(store.deleteDataset(record.id)).resolves.toMatchObject({ kind: 'deleted' });
  });

  it('leaves the download that brought it on record', async () => {
    const { record } = await store.saveDataset(NEW, blocksOf(barsOf(100)));
    await storage.database.query(
      `insert into downloads (id, workflow_id, owner, venue, symbol, timeframe, from_at, to_at, next_at, dataset, dataset_id, status)
       values ('d1', 'download/d1', 'admin', 'sim', 'X', '1m', now(), now(), now(), 1, $1, 'completed')`,
      [record.id],
    );
    await store.deleteDataset(record.id);
    const { rows } = await storage.database.query(`select dataset_id from downloads where id = 'd1'`);
    expect(rows).toEqual([{ dataset_id: record.id }]);
  });
});

it('tells what was found in bars that were there already, by the calendar that came with them', async () => {
  const { record } = await store.saveDataset(NEW, blocksOf(barsOf(100)));
  const again = await store.saveDataset(NEW, changedGaps(blocksOf(barsOf(100))));
  expect(again.record).toEqual(record);
  expect([again.created, again.given.gaps.calendar, record.gaps.calendar]).toEqual([false, 'other', '24/7']);
});

async function* changedGaps(blocks: CandleBlocks): CandleBlocks {
  const facts = yield* blocks;
  return { ...facts, gaps: { ...facts.gaps, calendar: 'other' } };
}
