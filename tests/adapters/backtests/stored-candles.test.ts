import { describe, expect, it } from '@jest/globals';
import { checkRun } from '../../../adapters/backtests/check-run.ts';
import { RunControl } from '../../../adapters/backtests/control.ts';
import { loadMarkets, type StoredCandles } from '../../../adapters/backtests/load-markets.ts';
import { findCalendar } from '../../../adapters/candles/calendars.ts';
import { hashCandles } from '../../../adapters/candles/read-candle-file.ts';
import type { DatasetRecord } from '../../../adapters/ports/candle-store.ts';
import { manifestOf } from '../../../domain/backtest/manifest.ts';
import { type BacktestRequest, parseSpec } from '../../../domain/backtest/spec/parse-spec.ts';
import { allocateCandles, type Candles } from '../../../domain/market/candles.ts';
import { strategies } from '../../../domain/strategies/registry.ts';

const MINUTE_MS = 60_000;
const LARGE = 10_000_000;
const NEW_YORK_DAYS = { zone: 'America/New_York', startMinutes: 0, weekdays: [1, 2, 3, 4, 5], isAlwaysOpen: false };

function candlesOf(symbol: string, bars: number, timeframe = '1m'): Candles {
  const candles = allocateCandles(symbol, timeframe, bars);
  for (let i = 0; i < bars; i += 1) {
    candles.time[i] = i * MINUTE_MS;
    for (const column of [candles.open, candles.high, candles.low, candles.close]) column[i] = 100;
  }
  return candles;
}

function recordOf(candles: Candles, given: Partial<DatasetRecord> = {}): DatasetRecord {
  return {
    id: `ds_${candles.symbol}`,
    hash: hashCandles(candles),
    symbol: candles.symbol,
    timeframe: candles.timeframe,
    rows: candles.length,
    firstAt: 0,
    lastAt: (candles.length - 1) * MINUTE_MS,
    gaps: { calendar: 'us-equities', days: NEW_YORK_DAYS, count: 2, missingBars: 5, outsideBars: 0, first: [] },
    duplicates: 0,
    hasVolume: false,
    unusedColumns: [],
    source: { kind: 'file', stamp: 'open', zone: 'UTC', columns: null },
    owner: 'admin',
    createdAt: 0,
    ...given,
  };
}

/** A store of these data sets; `loads` counts what was read of it. */
function storeOf(...sets: readonly (readonly [Candles, DatasetRecord])[]) {
  const loads: string[] = [];
  const store: StoredCandles = {
    findDataset: async (id) => sets.find(([, record]) => record.id === id)?.[1] ?? null,
    listDatasets: async () => ({ items: sets.map(([, record]) => record), next: null }),
    loadCandles: async (id) => {
      loads.push(id);
      return sets.find(([, record]) => record.id === id)![0];
    },
  };
  return { store, loads };
}

function requestOf(document: object): BacktestRequest {
  const parsed = parseSpec({ data: { datasetId: 'ds_X' }, strategy: { id: 'sma-cross' }, ...document }, strategies);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.request;
}

const X = candlesOf('X', 300);

describe('a stored data set', () => {
  it('comes with its identity, its days and what there is to know of it', async () => {
    const { store } = storeOf([X, recordOf(X)]);
    const [market] = await loadMarkets([{ datasetId: 'ds_X' }], store);
    expect(market).toMatchObject({
      identity: { symbol: 'X', timeframe: '1m', hash: hashCandles(X), bars: 300 },
      days: NEW_YORK_DAYS,
      notes: [
        'X: 2 gaps, 5 bars are missing by the calendar us-equities',
        'X: the data has no volume; every volume counts as 0',
      ],
    });
  });

  it('is refused when its stored bars are not those that it was made of', async () => {
    const tampered = candlesOf('X', 300);
    tampered.close[7] = 100.5;
    const { store } = storeOf([tampered, recordOf(X)]);
    await expect(loadMarkets([{ datasetId: 'ds_X' }], store)).rejects.toMatchObject({
      problem: { code: 'INVALID_DATA', errors: [{ field: 'data.datasetId', value: 'ds_X' }] },
    });
  });

  it('is missed with the nearest that there is', async () => {
    const { store } = storeOf([X, recordOf(X, { id: 'ds_0123456789abcdef' })]);
    await expect(
      loadMarkets(
        [X, X].map(() => ({ datasetId: 'ds_0123456789abcdee' })),
        store,
      ),
    ).rejects.toMatchObject({
      problem: {
        code: 'UNKNOWN_DATASET',
        errors: [
          { field: 'data.0.datasetId', message: expect.stringContaining('did you mean "ds_0123456789abcdef"?') },
        ],
      },
    });
  });

  it('stands beside others of the same timeframe and another symbol only', async () => {
    const hours = candlesOf('Y', 300, '1h');
    const { store } = storeOf([X, recordOf(X)], [hours, recordOf(hours)], [X, recordOf(X, { id: 'ds_again' })]);
    const codes = async (...ids: readonly string[]) =>
      loadMarkets(
        ids.map((datasetId) => ({ datasetId })),
        store,
      ).catch((error: { problem: { errors: readonly { field: string }[] } }) =>
        error.problem.errors.map(({ field }) => field),
      );
    expect(await codes('ds_X', 'ds_Y')).toEqual(['data.1']);
    expect(await codes('ds_X', 'ds_again')).toEqual(['data.1']);
  });
});

describe('bars of a longer timeframe', () => {
  // 300 minutes from 1970-01-01T00:00Z: five whole hours.
  const { store } = storeOf([X, recordOf(X)]);
  const resampled = (resample: string) => loadMarkets([{ datasetId: 'ds_X', resample }], store);

  it('are made of those that are there, and are a data set of their own by content', async () => {
    const [hours] = await resampled('1h');
    expect([...hours!.candles.time]).toEqual([0, 1, 2, 3, 4].map((hour) => hour * 60 * MINUTE_MS));
    expect(hours!.identity).toEqual({ symbol: 'X', timeframe: '1h', bars: 5, hash: hashCandles(hours!.candles) });
    expect(hours!.notes).toContain('X: bars of 1h are made of 300 bars of 1m');
    const [again] = await resampled('1m');
    expect(again!.identity.hash).toBe(hashCandles(X));
  });

  it('are only those that have closed', async () => {
    const [longer] = await resampled('2h');
    expect(longer!.candles.length).toBe(2);
    expect(longer!.notes).toContain(
      'X: bars of 2h are made of 300 bars of 1m; the last had not closed and is left out',
    );
  });

  it('are refused where they cannot be made', async () => {
    const field = 'data.resample';
    await expect(resampled('90s')).rejects.toMatchObject({ problem: { code: 'INVALID_SPEC', errors: [{ field }] } });
    await expect(resampled('1d')).rejects.toMatchObject({ problem: { code: 'INVALID_DATA', errors: [{ field }] } });
    await expect(
      checkRun(requestOf({ data: { datasetId: 'ds_X', resample: '90s' } }), store, new RunControl()),
    ).rejects.toMatchObject({ problem: { errors: [{ field }] } });
  });
});

describe('what is missing', () => {
  const holed = candlesOf('H', 300);
  for (let i = 100; i < 300; i += 1) holed.time[i]! += 600 * MINUTE_MS;
  const { store } = storeOf([holed, recordOf(holed)]);

  it('is counted by the calendar of the spec where there is one', async () => {
    const calendar = findCalendar('24/7');
    const [market] = await loadMarkets([{ datasetId: 'ds_H' }], store, { calendar });
    expect(market!.notes[0]).toBe('H: 1 gaps, 600 bars are missing by the calendar 24/7');
  });
});

describe('a data set too large to be read before a backtest is accepted', () => {
  const { store, loads } = storeOf([X, recordOf(X, { rows: LARGE, lastAt: (LARGE - 1) * MINUTE_MS })]);
  const check = (document: object) => checkRun(requestOf(document), store, new RunControl());

  it('is checked by what is known of it', async () => {
    expect(await check({})).toEqual({ symbols: ['X'] });
    await expect(check({ from: '2100-01-01' })).rejects.toMatchObject({ problem: { code: 'EMPTY_RANGE' } });
    await expect(check({ broker: { instruments: { Y: {} } } })).rejects.toMatchObject({
      problem: { code: 'INVALID_SPEC' },
    });
    await expect(check({ strategy: { orders: `bar,side,type\n${LARGE},buy,market\n` } })).rejects.toMatchObject({
      problem: { errors: [{ field: 'strategy.orders line 2, bar' }] },
    });
    await expect(check({ data: { datasetId: 'ds_X', resample: '90s' } })).rejects.toMatchObject({
      problem: { errors: [{ field: 'data.resample' }] },
    });
    expect(await check({ data: { datasetId: 'ds_X', resample: '1h' } })).toEqual({ symbols: ['X'] });
    expect(loads).toEqual([]);
  });

  it('is held against a manifest all the same', async () => {
    const { spec } = requestOf({});
    const data = [{ symbol: 'X', timeframe: '1m', hash: 'f'.repeat(64), bars: LARGE }];
    const nodeMajor = Number(process.versions.node.split('.')[0]);
    const expected = manifestOf(spec, { data, strategyHash: null, nodeMajor });
    await expect(checkRun({ spec, expected }, store, new RunControl())).rejects.toMatchObject({
      problem: { code: 'REPLAY_DIFFERS', errors: [{ field: 'data.0.hash' }] },
    });
  });
});
