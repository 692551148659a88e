import type { DataSource, FileSource } from '../../domain/backtest/spec/spec.ts';
import { failure } from '../../domain/backtest/failure.ts';
import type { DataIdentity } from '../../domain/backtest/manifest.ts';
import { BadCandles } from '../../domain/market/candle-checks.ts';
import type { Calendar } from '../../domain/market/calendar.ts';
import type { TimeZone } from '../../domain/market/calendar-zone.ts';
import type { Candles } from '../../domain/market/candles.ts';
import { GapCounter, type GapReport } from '../../domain/market/dataset-gaps.ts';
import type { DayRule } from '../../domain/market/market-days.ts';
import { canResample, resample } from '../../domain/market/resample.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';
import { suggestion } from '../../domain/parameters/closest-match.ts';
import type { FieldProblem } from '../../domain/parameters/param-spec.ts';
import { hashCandles, MAX_FILE_BYTES, readCandleFile } from '../candles/read-candle-file.ts';
import { findTimeZone } from '../../domain/market/time-zones.ts';
import type { CandleStore, DatasetRecord } from '../ports/candle-store.ts';
import { gapNotes } from './gap-notes.ts';

/** The stored data sets, as far as a run reads them. */
export type StoredCandles = Pick<CandleStore, 'findDataset' | 'loadCandles' | 'listDatasets'>;

/** The bars of one source, and what is known about them. */
export interface Market {
  readonly candles: Candles;
  readonly identity: DataIdentity;
  /** What the data set says of its days; `null` when nobody said. */
  readonly days: DayRule | null;
  readonly notes: readonly string[];
}

/** Path of a source in the spec: `data` alone, `data.1` in a list. */
export function pathOfSource(index: number, sources: number): string {
  return sources === 1 ? 'data' : `data.${index}`;
}

export interface LoadMarketsOptions {
  /** By which bars are missing, whatever the data sets say; `null` for what they say. */
  readonly calendar?: Calendar | null;
  /** Told while bars come, so that whoever waits knows that they do. */
  readonly beat?: () => void;
}

interface Reading {
  readonly path: string;
  readonly calendar: Calendar | null;
  readonly beat: () => void;
}

/** Bars as they were read. */
interface Loaded {
  readonly candles: Candles;
  readonly hash: string;
  readonly hasVolume: boolean;
  readonly days: DayRule | null;
  /** What is missing by a calendar; `null` without one. */
  readonly gaps: GapReport | null;
}

/**
 * The bars of all sources of a spec. Files of a run have together what a single one may have. Throws `BacktestFailure`: INVALID_DATA with every problem of a file, UNKNOWN_DATASET, or INVALID_SPEC
 * when bars of different lengths stand side by side.
 *
 * @param store `null` where there is no stack: then only files can be read.
 */
export async function loadMarkets(
  sources: readonly DataSource[],
  store: StoredCandles | null,
  { calendar = null, beat = () => undefined }: LoadMarketsOptions = {},
): Promise<readonly Market[]> {
  const markets: Market[] = [];
  let bytes = 0;
  for (const [i, source] of sources.entries()) {
    const reading = { path: pathOfSource(i, sources.length), calendar, beat };
    let loaded: Loaded;
    if ('file' in source) {
      const before = bytes;
      loaded = await fromFile(source, reading, MAX_FILE_BYTES - before, (read) => {
        bytes = before + read;
      });
    } else {
      loaded = await fromStore(source.datasetId, reading, store);
    }
    markets.push(marketOf(loaded, source.resample, reading.path));
  }
  refuseMismatches(markets);
  return markets;
}

async function fromFile(
  { zone, file, ...options }: FileSource,
  { path, calendar, beat }: Reading,
  maxBytes: number,
  onBytes: (read: number) => void,
): Promise<Loaded> {
  const given = {
    ...options,
    ...(zone === undefined ? {} : { zone: zoneOf(zone, path) }),
    ...(calendar === null ? {} : { calendar }),
  };
  const onPiece = (read: number): void => {
    onBytes(read);
    beat();
  };
  try {
    const { candles, hash, gaps, hasVolume } = await readCandleFile(file, given, { maxBytes, onPiece });
    return { candles, hash, hasVolume, days: null, gaps: calendar === null ? null : gaps };
  } catch (error) {
    if (!(error instanceof BadCandles)) throw error;
    const errors = error.problems.map(({ field, value, message }) => ({ field: `${path}: ${field}`, value, message }));
    throw failure('INVALID_DATA', `the bars in ${file} cannot be used: ${error.message}`, errors);
  }
}

function zoneOf(zone: string, path: string): TimeZone {
  try {
    return findTimeZone(zone);
  } catch (error) {
    throw failure('INVALID_SPEC', null, [{ field: `${path}.zone`, value: zone, message: (error as Error).message }]);
  }
}

async function fromStore(id: string, { path, calendar, beat }: Reading, store: StoredCandles | null): Promise<Loaded> {
  const record = await findDataset(id, path, store);
  const candles = await store!.loadCandles(id, { onPiece: beat });
  // The name of a data set is a promise about its bars: it is kept, or nothing is run on them.
  if (hashCandles(candles) !== record.hash) {
    const message = 'its stored bars are not those that it was made of; import them again';
    throw failure('INVALID_DATA', null, [{ field: `${path}.datasetId`, value: id, message }]);
  }
  const { hash, hasVolume } = record;
  const gaps = calendar === null || calendar.name === record.gaps.calendar ? record.gaps : gapsOf(candles, calendar);
  return { candles, hash, hasVolume, days: record.gaps.days, gaps };
}

function gapsOf(candles: Candles, calendar: Calendar): GapReport {
  const counter = new GapCounter(candles.timeframe, calendar);
  counter.add(candles);
  return counter.report();
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

function marketOf(loaded: Loaded, timeframe: Timeframe | undefined, path: string): Market {
  const { candles: base, days, hasVolume } = loaded;
  const notes = [...gapNotes(base, loaded.gaps)];
  if (!hasVolume) notes.push(`${base.symbol}: the data has no volume; every volume counts as 0`);
  if (timeframe === undefined || timeframe === base.timeframe) {
    return { candles: base, identity: identityOf(base, loaded.hash), days, notes };
  }
  refuseOtherTimeframe(base.timeframe, timeframe, path);
  const { candles, incomplete, isLastLeftOut } = resample(base, timeframe);
  if (candles.length === 0) {
    const message = `${base.length} bars of ${base.timeframe} make no whole bar of ${timeframe}: give more data or a shorter timeframe`;
    throw failure('INVALID_DATA', null, [{ field: `${path}.resample`, value: timeframe, message }]);
  }
  const holes = incomplete === 0 ? '' : `, ${incomplete} of them of fewer than all their parts`;
  const last = isLastLeftOut ? '; the last had not closed and is left out' : '';
  notes.push(
    `${base.symbol}: bars of ${timeframe} are made of ${base.length} bars of ${base.timeframe}${holes}${last}`,
  );
  return { candles, identity: identityOf(candles, hashCandles(candles)), days, notes };
}

function identityOf({ symbol, timeframe, length }: Candles, hash: string): DataIdentity {
  return { symbol, timeframe, hash, bars: length };
}

/** Throws `BacktestFailure` when bars of one timeframe cannot be made of those of another. */
export function refuseOtherTimeframe(base: Timeframe, timeframe: Timeframe, path: string): void {
  if (canResample(base, timeframe)) return;
  const message = `bars of ${timeframe} cannot be made of bars of ${base}: give a whole multiple of ${base}`;
  throw failure('INVALID_SPEC', null, [{ field: `${path}.resample`, value: timeframe, message }]);
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
