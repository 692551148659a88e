import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { findCalendar } from '../../../adapters/candles/calendars.ts';
import { csvBlocks } from '../../../adapters/candles/candle-blocks.ts';
import type { CandleFileOptions } from '../../../adapters/candles/candle-options.ts';
import { parseColumns } from '../../../adapters/candles/column-mapping.ts';
import { hashCandles, readCandleFile } from '../../../adapters/candles/read-candle-file.ts';
import { findTimeZone } from '../../../domain/market/time-zones.ts';
import type { CandleBlocks } from '../../../adapters/ports/candle-store.ts';
import type { Candles } from '../../../domain/market/candles.ts';
import { describeWithData, testData } from '../../helpers/test-data.ts';

const BARS = 'backtesting/bars';
const options = (timeframe: string, given: Partial<CandleFileOptions> = {}): CandleFileOptions => ({
  symbol: 'X',
  timeframe,
  stamp: 'open',
  ...given,
});
const bid = parseColumns('open=bid_open,high=bid_high,low=bid_low,close=bid_close');
const inNewYork = { zone: findTimeZone('America/New_York'), columns: parseColumns('timestamp=timestamp_new_york') };

async function drained(blocks: CandleBlocks) {
  const taken: Candles[] = [];
  for (;;) {
    const step = await blocks.next();
    if (step.done === true) return { taken, facts: step.value };
    taken.push(step.value);
  }
}

describeWithData('files of bars from elsewhere', () => {
  // Rows and volumes as their README describes them.
  it.each<[string, string, number, Partial<CandleFileOptions>, Record<string, unknown>]>([
    ['BTC-PERP_1m_2022-01.csv.gz', '1m', 45_031, {}, { gaps: { count: 0 } }],
    ['BTCUSDT_binance_1m_2021-02-19_1w.csv.gz', '1m', 10_080, {}, { gaps: { count: 0 } }],
    ['BTCUSDT_bybit_1m_trade_2022-12-13.csv', '1m', 1_440, {}, { gaps: { count: 0 } }],
    [
      'BTCUSD_PERP_binance_1m_trade_2022-12-13.csv',
      '1m',
      1_439,
      {},
      { hasVolume: false, unusedColumns: ['volume_contracts'] },
    ],
    ['BTCUSD_coinbase_1d_2014-2018.csv', '1d', 1_318, {}, {}],
    ['BTCUSD_coinbase_1m_trade.csv.gz', '1m', 12_423, {}, {}],
    ['ETHUSD_coinbase_1m_trade.csv.gz', '1m', 5_329, {}, {}],
    ['LTCUSD_coinbase_1m_trade.csv.gz', '1m', 3_887, {}, {}],
    ['EURUSD_1h_2017-2018.csv', '1h', 5_000, {}, {}],
    ['GBPUSD_1m_bid_2012-02.csv.gz', '1m', 30_117, {}, { hasVolume: false }],
    ['GBPUSD_1m_ask_2012-02.csv.gz', '1m', 30_117, {}, { hasVolume: false }],
    ['XRPUSDT_PERP_1h_2021-11.csv', '1h', 100, {}, { gaps: { count: 0 } }],
    ['SPY_1m_trade_2013-10.csv.gz', '1m', 4_839, inNewYork, {}],
    ['BTCUSDT_bybit_1m_quote_2022-12-13.csv', '1m', 721, { columns: bid }, { hasVolume: false }],
    [
      'EURUSD_fxcm_1h_2007-2018.csv.gz',
      '1h',
      69_928,
      { zone: findTimeZone('-05:00'), columns: { ...bid, timestamp: 'timestamp_utc_minus_5' } },
      {},
    ],
  ])('%s', async (file, timeframe, rows, given, facts) => {
    const read = await readCandleFile(testData(`${BARS}/${file}`), options(timeframe, given));
    expect(read.candles.length).toBe(rows);
    expect(read).toMatchObject({ duplicates: 0, ...facts });
    expect(read.hash).toBe(hashCandles(read.candles));
  });

  it('have the numbers that are written in them, first and last', async () => {
    const path = testData(`${BARS}/BTC-PERP_1m_2022-01.csv.gz`);
    const { candles } = await readCandleFile(path, options('1m'));
    const lines = gunzipSync(readFileSync(path)).toString().trim().split('\n').slice(1);
    for (const i of [0, 1, 22_222, lines.length - 1]) {
      const [time = '', ...numbers] = lines[i]!.split(',');
      expect([
        candles.time[i],
        candles.open[i],
        candles.high[i],
        candles.low[i],
        candles.close[i],
        candles.volume[i],
      ]).toEqual([Date.parse(time), ...numbers.map(Number)]);
    }
  });

  it('of New York stocks have no gap in 23 years by the calendar of their exchange, and no bar on a holiday', async () => {
    const calendar = findCalendar('us-equities');
    for (const file of ['SPY_1d_1998-2021.csv', 'GOOG_1d_2004-2013.csv']) {
      const { gaps } = await readCandleFile(testData(`${BARS}/${file}`), options('1d', { calendar }));
      expect(gaps).toMatchObject({ calendar: 'us-equities', count: 0, missingBars: 0, outsideBars: 0 });
    }
    const { gaps } = await readCandleFile(
      testData(`${BARS}/SPY_1m_trade_2013-10.csv.gz`),
      options('1m', { ...inNewYork, calendar }),
    );
    // Six trading days of 390 minutes, all there; the rest is before and after regular hours.
    expect(gaps).toMatchObject({ count: 0, outsideBars: 4_839 - 6 * 390 });
  });

  it('of months are refused as bars of days, and months are said not to be supported', async () => {
    const path = testData(`${BARS}/BTCUSD_1mo_2012-2024.csv`);
    await expect(readCandleFile(path, options('1d'))).rejects.toThrow('no two bars are 1d apart');
    await expect(readCandleFile(path, options('1M'))).rejects.toThrow(
      'months have no fixed length and are not supported',
    );
  });

  it('are the same read at once and in blocks', async () => {
    const path = testData(`${BARS}/BTC-PERP_1m_2022-01.csv.gz`);
    const whole = await readCandleFile(path, options('1m'));
    const { taken, facts } = await drained(csvBlocks(createReadStream(path, { highWaterMark: 5_000 }), options('1m')));
    expect(facts).toMatchObject({
      id: whole.datasetId,
      hash: whole.hash,
      rows: whole.candles.length,
      gaps: whole.gaps,
    });
    expect(taken.flatMap((block) => Array.from(block.close))).toEqual(Array.from(whole.candles.close));
    expect(Math.max(...taken.map(({ length }) => length))).toBeLessThan(20_000);
  });
});

describe('a file of bars', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tradewind-bars-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (content: string | Buffer): string => {
    const path = join(folder, 'bars.csv');
    writeFileSync(path, content);
    return path;
  };
  const GOOD = 'timestamp,open,high,low,close\n2024-01-01T00:00:00Z,1,1,1,1\n';

  it('is told to be missing, or damaged', async () => {
    await expect(readCandleFile(join(folder, 'none.csv'), options('1m'))).rejects.toMatchObject({
      problems: [
        { field: 'file', value: join(folder, 'none.csv'), message: expect.stringContaining('cannot be read') },
      ],
    });
    const cut = gzipSync(GOOD).subarray(0, 40);
    await expect(readCandleFile(write(cut), options('1m'))).rejects.toThrow('damaged or cut short');
    await expect(drained(csvBlocks(createReadStream(write(cut)), options('1m')))).rejects.toThrow(
      'damaged or cut short',
    );
  });

  it('passes on what goes wrong with its source', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield gzipSync(GOOD).subarray(0, 20);
      throw new Error('the network is gone');
    }
    await expect(drained(csvBlocks(broken(), options('1m')))).rejects.toThrow('the network is gone');
  });

  it('needs a symbol, a timeframe and a stamp, and is told all that are wrong', async () => {
    const wrong = { symbol: '', timeframe: '1 minute', stamp: 'middle' } as unknown as CandleFileOptions;
    await expect(readCandleFile(write(GOOD), wrong)).rejects.toMatchObject({
      problems: [{ field: 'symbol' }, { field: 'timeframe' }, { field: 'stamp', value: 'middle' }],
    });
  });
});

describe('a column mapping', () => {
  it('is our names with those of the file', () => {
    expect(parseColumns('timestamp=date, volume = volume_contracts')).toEqual({
      timestamp: 'date',
      volume: 'volume_contracts',
    });
  });
  it.each([
    ['date', 'not of the form'],
    ['=date', 'not of the form'],
    ['open=', 'not of the form'],
    ['time=date', '"time" is no field of a bar; known: timestamp, open'],
    ['open=a,open=b', '"open" is given twice'],
  ])('cannot be %j', (text, message) => {
    expect(() => parseColumns(text)).toThrow(message);
  });
});
