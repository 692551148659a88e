import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../helpers/rig-until.ts';
import { type DataRig, startDataRig } from './data-rig.ts';

const TEST_MS = 120_000;
/** Bars that the venue gives at once. */
const PAGE = 1000;
/** Two whole pages and a part of a third. */
const BARS = 2_400;

describe('a download of the simulated venue', () => {
  let rig: DataRig;
  /** The venue has an hour behind it when it opens: seconds of it that nothing changes any more. */
  let from: number;
  beforeAll(async () => {
    rig = await startDataRig();
    const [first] = await rig.klines('1m', 0, 1);
    from = Number(first?.[0]) + 60_000;
  }, TEST_MS);
  afterAll(() => rig?.stop(), TEST_MS);

  const to = (): number => from + BARS * 1000;

  /** Time, open, high, low, close and volume of each second, in the venue's own words. */
  async function venueBars(): Promise<number[][]> {
    const rows: number[][] = [];
    for (let at = from; rows.length < BARS; at = rows.at(-1)![0]! + 1000) {
      const page = await rig.klines('1s', at, PAGE);
      rows.push(...page.map((row) => row.slice(0, 6).map(Number)));
    }
    return rows.slice(0, BARS);
  }

  async function storedBars(datasetId: string): Promise<number[][]> {
    const bars = await rig.datasets.loadCandles(datasetId);
    return Array.from(bars.time, (time, i) => [
      time,
      bars.open[i]!,
      bars.high[i]!,
      bars.low[i]!,
      bars.close[i]!,
      bars.volume[i]!,
    ]);
  }

  it(
    'gives a data set with the bars of the venue, all of them and no other',
    async () => {
      const { id } = await rig.start('1s', from, to());
      const record = await rig.ended(id);
      expect(record).toMatchObject({ status: 'completed', rows: BARS, next: to(), problem: null });
      expect(await storedBars(record.datasetId!)).toEqual(await venueBars());
      await expect(rig.datasets.findDataset(record.datasetId!)).resolves.toMatchObject({
        rows: BARS,
        gaps: { count: 0 },
        source: { kind: 'download', venue: 'sim', downloadId: id },
      });
      await expect(rig.resultOf(id)).resolves.toEqual({
        status: 'completed',
        datasetId: record.datasetId,
        rows: BARS,
      });
      // The same bars once more are the same data set.
      const again = await rig.ended((await rig.start('1s', from, to())).id);
      expect(again).toMatchObject({ status: 'completed', datasetId: record.datasetId });
    },
    TEST_MS,
  );

  it(
    'ends before the candle that is still open',
    async () => {
      const [open] = (await rig.klines('1m', Date.now() - 60_000, 2)).slice(-1);
      const opened = Number(open?.[0]);
      const { id } = await rig.start('1m', opened - 30 * 60_000, opened);
      const record = await rig.ended(id);
      const bars = await rig.datasets.loadCandles(record.datasetId!);
      expect([bars.length, bars.time.at(-1)]).toEqual([30, opened - 60_000]);
    },
    TEST_MS,
  );

  it.each(['before', 'after'] as const)(
    'goes on where it stopped when its worker is killed just %s a page is stored',
    async (at) => {
      const range = at === 'before' ? { from, to: to() - 1000 } : { from, to: to() - 2000 };
      const hold = rig.proxy.holdNext({ statement: 'update downloads set next_at', at });
      const { id } = await rig.start('1s', range.from, range.to);
      await hold.reached;
      await rig.worker.kill();
      const kept = at === 'before' ? 0 : PAGE;
      await until('the database to have let go of the dead worker', async () => {
        const left = await rig.downloads.findDownload(id);
        return left?.rows === kept && left.next === from + kept * 1000;
      });
      await rig.worker.start();
      const record = await rig.ended(id);
      const expected = (await venueBars()).slice(0, (range.to - from) / 1000);
      expect(record).toMatchObject({ status: 'completed', rows: expected.length });
      expect(await storedBars(record.datasetId!)).toEqual(expected);
    },
    TEST_MS,
  );

  it(
    'that is cancelled leaves nothing behind',
    async () => {
      const hold = rig.proxy.holdNext({ statement: 'update downloads set next_at', at: 'after' });
      const download = await rig.start('1s', from, to() - 3000);
      await hold.reached;
      await expect(rig.workflows.cancel(download)).resolves.toEqual({ kind: 'done' });
      await rig.worker.kill();
      await rig.worker.start();
      await expect(rig.ended(download.id)).resolves.toMatchObject({ status: 'cancelled', datasetId: null });
      const left = [];
      for await (const block of rig.downloads.downloadedBars(download.id)) left.push(block);
      expect(left).toEqual([]);
      await expect(rig.resultOf(download.id)).resolves.toEqual({ status: 'cancelled' });
      await expect(rig.workflows.cancel(download)).resolves.toEqual({ kind: 'not-running' });
    },
    TEST_MS,
  );

  it(
    'that asks for what the venue does not have fails with the reason, and the worker goes on',
    async () => {
      const wrong = await rig.start('7m', from - (from % 420_000), from - (from % 420_000) + 420_000);
      await expect(rig.ended(wrong.id)).resolves.toMatchObject({
        status: 'failed',
        problem: { code: 'NO_SUCH_TIMEFRAME', detail: expect.stringContaining('has no 7m candles') },
      });
      const empty = await rig.start('1m', Date.UTC(2020, 0, 1), Date.UTC(2020, 0, 1, 1));
      await expect(rig.ended(empty.id)).resolves.toMatchObject({
        status: 'failed',
        problem: { code: 'EMPTY_RANGE', detail: expect.stringContaining('has no 1m candle of BTC/USDT') },
      });
      const good = await rig.start('1m', from, from + 60_000);
      await expect(rig.ended(good.id)).resolves.toMatchObject({ status: 'completed', rows: 1 });
    },
    TEST_MS,
  );
});
