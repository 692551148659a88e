import type { DataSource, FileSource, TradingDays } from '../../domain/backtest/spec/spec.ts';
import { failure } from '../../domain/backtest/failure.ts';
import type { DataIdentity } from '../../domain/backtest/manifest.ts';
import { BadCandles } from '../../domain/market/candle-checks.ts';
import type { TimeZone } from '../../domain/market/calendar-zone.ts';
import type { Candles } from '../../domain/market/candles.ts';
import { suggestion } from '../../domain/parameters/closest-match.ts';
import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import { hashCandles, readCandleFile } from '../candles/read-candle-file.ts';
import { findTimeZone } from '../candles/time-zones.ts';
import type { CandleStore, DatasetRecord } from '../ports/candle-store.ts';

/** The stored data sets, as far as a run reads them. */
export type StoredCandles = Pick<CandleStore, 'findDataset' | 'loadCandles' | 'listDatasets'>;

/** The bars of one source, and what is known about them. */
export interface Market {
  readonly candles: Candles;
  readonly identity: DataIdentity;
  /** What the data set says of the days that it trades on; `null` when nobody said. */
  readonly days: TradingDays | null;
  readonly notes: readonly string[];
}

/** Path of a source in the spec: `data` alone, `data.1` in a list. */
export function pathOfSource(index: number, sources: number): string {
  return sources === 1 ? 'data' : `data.${index}`;
}

/**
 * The bars of all sources of a spec. Throws `BacktestFailure`: INVALID_DATA with every problem of a file, UNKNOWN_DATASET, or INVALID_SPEC
 * when bars of different lengths stand side by side.
 *
 * @param store `null` where there is no stack: then only files can be read.
 */
export async function loadMarkets(
  sources: readonly DataSource[],
  store: StoredCandles | null,
): Promise<readonly Market[]> {
  const markets: Market[] = [];
  for (const [i, source] of sources.entries()) {
    const path = pathOfSource(i, sources.length);
    markets.push('file' in source ? await fromFile(source, path) : await fromStore(source.datasetId, path, store));
  }
  refuseMismatches(markets);
  return markets;
}

async function fromFile(source: FileSource, path: string): Promise<Market> {
  try {
    const { zone, ...options } = source;
    const given = { ...options, ...(zone === undefined ? {} : { zone: zoneOf(zone, path) }) };
    const { candles, hash, gaps, hasVolume } = await readCandleFile(source.file, given);
    return market(candles, hash, null, gaps, hasVolume);
  } catch (error) {
    if (!(error instanceof BadCandles)) throw error;
    const errors = error.problems.map(({ field, value, message }) => ({ field: `${path}: ${field}`, value, message }));
    throw failure('INVALID_DATA', `the bars in ${source.file} cannot be used: ${error.message}`, errors);
  }
}

function zoneOf(zone: string, path: string): TimeZone {
  try {
    return findTimeZone(zone);
  } catch (error) {
    throw failure('INVALID_SPEC', null, [{ field: `${path}.zone`, value: zone, message: (error as Error).message }]);
  }
}

async function fromStore(id: string, path: string, store: StoredCandles | null): Promise<Market> {
  const record = await findDataset(id, path, store);
  const candles = await store!.loadCandles(id);
  // The name of a data set is a promise about its bars: it is kept, or nothing is run on them.
  if (hashCandles(candles) !== record.hash) {
    const message = 'its stored bars are not those that it was made of; import them again';
    throw failure('INVALID_DATA', null, [{ field: `${path}.datasetId`, value: id, message }]);
  }
  const days = record.gaps.calendar === '24/7' ? '24/7' : 'sessions';
  return market(candles, record.hash, days, record.gaps, record.hasVolume);
}

/** What is known of the data sets among the sources of a spec; `null` for a file. Throws `BacktestFailure` for one that is not there. */
export function findDatasets(
  sources: readonly DataSource[],
  store: StoredCandles | null,
): Promise<readonly (DatasetRecord | null)[]> {
  return Promise.all(
    sources.map(async (source, i) =>
      'file' in source ? null : findDataset(source.datasetId, pathOfSource(i, sources.length), store),
    ),
  );
}

async function findDataset(id: string, path: string, store: StoredCandles | null): Promise<DatasetRecord> {
  const field = `${path}.datasetId`;
  if (store === null) {
    const message = 'a stored data set needs a stack; without one name a file';
    throw failure('INVALID_SPEC', null, [{ field, value: id, message }]);
  }
  const record = await store.findDataset(id);
  if (record === null) throw unknownDataset(field, id, await knownIds(store));
  return record;
}

/** What is said of a data set that is not there. */
function unknownDataset(field: string, id: string, known: readonly string[]): ReturnType<typeof failure> {
  return failure('UNKNOWN_DATASET', null, [
    { field, value: id, message: `no such data set; ${suggestion(id, known)}` },
  ]);
}

/** Ids to choose from in a message. */
async function knownIds(store: Pick<StoredCandles, 'listDatasets'>): Promise<readonly string[]> {
  const { items } = await store.listDatasets({ limit: 100 });
  return items.map(({ id }) => id);
}

function market(
  candles: Candles,
  hash: string,
  days: TradingDays | null,
  gaps: { readonly count: number; readonly missingBars: number; readonly calendar: string },
  hasVolume: boolean,
): Market {
  const { symbol, timeframe, length } = candles;
  const notes: string[] = [];
  // Without a calendar of its own a market of sessions has a gap each night: that says nothing.
  if (gaps.count > 0 && days !== null) {
    notes.push(`${symbol}: ${gaps.count} gaps, ${gaps.missingBars} bars are missing by the calendar ${gaps.calendar}`);
  }
  if (!hasVolume) notes.push(`${symbol}: the data has no volume; every volume counts as 0`);
  return { candles, identity: { symbol, timeframe, hash, bars: length }, days, notes };
}

/** Bars of different lengths cannot stand side by side, nor one symbol twice. Throws `BacktestFailure`. */
export function refuseMismatches(markets: readonly Pick<Market, 'identity'>[]): void {
  const [first, ...others] = markets;
  const problems: FieldProblem[] = [];
  for (const [i, { identity }] of others.entries()) {
    const field = pathOfSource(i + 1, markets.length);
    if (identity.timeframe !== first!.identity.timeframe) {
      const message = `has bars of ${identity.timeframe}, the first of ${first!.identity.timeframe}: give bars of one length`;
      problems.push({ field, value: identity.timeframe, message });
    }
    if (markets.slice(0, i + 1).some((each) => each.identity.symbol === identity.symbol)) {
      problems.push({
        field,
        value: identity.symbol,
        message: 'its symbol is in the list already: give each symbol once',
      });
    }
  }
  if (problems.length > 0) throw failure('INVALID_SPEC', null, problems);
}
