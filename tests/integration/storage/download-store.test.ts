import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DownloadStore, NewDownload } from '../../../adapters/ports/download-store.ts';
import { createCandleStore } from '../../../adapters/storage/candle-store.ts';
import { createDownloadStore } from '../../../adapters/storage/download-store.ts';
import { type Candles, sliceCandles } from '../../../domain/market/candles.ts';
import type { DatasetFacts } from '../../../domain/market/dataset-facts.ts';
import { barsOf, blocksOf, DAY } from './bars.ts';
import { openStorage, type Storage } from './storage.ts';

let storage: Storage;
let store: DownloadStore;
beforeAll(async () => {
  storage = await openStorage();
  store = createDownloadStore(storage.database);
}, 60_000);
afterAll(() => storage.close(), 60_000);
beforeEach(() => storage.clear());

const at = (i: number): number => DAY + i * 60_000;
const downloadOf = (id: string): NewDownload => ({
  id,
  workflowId: `download/${id}`,
  owner: 'admin',
  venue: 'sim',
  symbol: 'BTC/USDT',
  timeframe: '1m',
  from: at(0),
  to: at(100),
});

async function factsOf(bars: Candles): Promise<DatasetFacts> {
  const blocks = blocksOf(bars);
  for (;;) {
    const step = await blocks.next();
    if (step.done === true) return step.value;
  }
}

async function barsOfDownload(id: string): Promise<number[]> {
  const times: number[] = [];
  for await (const block of store.downloadedBars(id)) times.push(...block.time);
  return times;
}

describe('accepting a download', () => {
  it('is the same one for the same key and body, also at the same time', async () => {
    const claim = { key: 'k', bodyHash: 'h' };
    const all = await Promise.all([1, 2, 3].map(() => store.acceptDownload(downloadOf('d1'), claim)));
    expect(all.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'known', 'known']);
    await expect(store.acceptDownload(downloadOf('d1'), { ...claim, bodyHash: 'other' })).resolves.toEqual({
      kind: 'key-reused',
    });
    await expect(store.listDownloads({ limit: 5 })).resolves.toMatchObject({ items: [{ id: 'd1' }], next: null });
  });

  it('waits to be started until that is noted', async () => {
    await store.acceptDownload(downloadOf('d1'), null);
    await expect(store.notStarted()).resolves.toMatchObject([{ id: 'd1' }]);
    await store.markStarted('d1');
    await expect(store.notStarted()).resolves.toEqual([]);
  });
});

describe('pages of a download', () => {
  beforeEach(() => store.acceptDownload(downloadOf('d1'), null));

  it('are stored together with where the next one begins', async () => {
    const page = sliceCandles(barsOf(100), 0, 40);
    await expect(store.addPage('d1', at(0), page, at(40))).resolves.toMatchObject({ next: at(40), rows: 40 });
    // Nothing traded for ten minutes: only the place moves.
    await expect(store.addPage('d1', at(40), sliceCandles(page, 0, 0), at(50))).resolves.toMatchObject({
      next: at(50),
      rows: 40,
    });
    await expect(barsOfDownload('d1')).resolves.toEqual(Array.from({ length: 40 }, (_, i) => at(i)));
  });

  it('are stored once, though two attempts bring the same one', async () => {
    const page = sliceCandles(barsOf(100), 0, 40);
    const both = await Promise.all([1, 2].map(() => store.addPage('d1', at(0), page, at(40))));
    expect(both).toMatchObject([
      { next: at(40), rows: 40 },
      { next: at(40), rows: 40 },
    ]);
    await expect(barsOfDownload('d1')).resolves.toHaveLength(40);
  });

  it('become a data set, and sealing again gives the same', async () => {
    const bars = barsOf(100);
    await store.addPage('d1', at(0), bars, at(100));
    const facts = await factsOf(bars);
    const record = await store.sealDownload('d1', facts);
    expect(record).toMatchObject({ hash: facts.hash, source: { kind: 'download', venue: 'sim', downloadId: 'd1' } });
    await expect(store.sealDownload('d1', facts)).resolves.toEqual(record);
    await expect(store.findDownload('d1')).resolves.toMatchObject({ status: 'completed', datasetId: record.id });
    await expect(createCandleStore(storage.database).loadCandles(record.id)).resolves.toEqual(bars);
    await expect(storage.events('d1')).resolves.toEqual(['download.status', 'download.status']);
  });

  it('are dropped for a data set that has the same bars', async () => {
    const bars = barsOf(100);
    const known = await createCandleStore(storage.database).saveDataset(
      { ...downloadOf('x'), source: { kind: 'file', stamp: 'open', zone: 'UTC', columns: null } },
      blocksOf(bars),
    );
    await store.addPage('d1', at(0), bars, at(100));
    const record = await store.sealDownload('d1', await factsOf(bars));
    expect(record).toEqual(known.record);
    const { rows } = await storage.database.query('select count(*) as bars from candles');
    expect(rows).toEqual([{ bars: 100 }]);
  });

  it('are removed when the download is given up, and none comes after that', async () => {
    const bars = barsOf(100);
    await store.addPage('d1', at(0), sliceCandles(bars, 0, 40), at(40));
    await expect(store.abandonDownload('d1', 'cancelled', null)).resolves.toMatchObject({ status: 'cancelled' });
    await expect(store.addPage('d1', at(40), sliceCandles(bars, 40, 80), at(80))).resolves.toMatchObject({
      status: 'cancelled',
      next: at(40),
    });
    await expect(barsOfDownload('d1')).resolves.toEqual([]);
    await expect(store.sealDownload('d1', await factsOf(bars))).rejects.toThrow('is cancelled');
    // The first end stands.
    const problem = { code: 'X', detail: 'x' };
    await expect(store.abandonDownload('d1', 'failed', problem)).resolves.toMatchObject({
      status: 'cancelled',
      problem: null,
    });
  });
});
