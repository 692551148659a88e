import { barOpen, gridOf } from '../../domain/market/bar-grid.ts';
import type { Calendar } from '../../domain/market/calendar.ts';
import { DatasetHash } from '../../domain/market/dataset.ts';
import { DatasetFactsGatherer } from '../../domain/market/dataset-facts.ts';
import { resample } from '../../domain/market/resample.ts';
import { type Timeframe, timeframeMs } from '../../domain/market/timeframe.ts';
import { CandlesNotFound, type CandleBlocks, type CandleStore, type DatasetRecord } from '../ports/candle-store.ts';
import { sha256 } from './sha256.ts';

/** Bars that are read at once: large enough for speed, small enough for memory. */
const BARS_AT_ONCE = 250_000;

/** The stored bars make no whole bar of the timeframe. */
export class NoWholeBar extends RangeError {
  constructor(base: DatasetRecord, timeframe: Timeframe) {
    super(`the ${base.rows} bars of ${base.timeframe} make no whole bar of ${timeframe}: give a shorter timeframe`);
    this.name = 'NoWholeBar';
  }
}

export interface ResampledOptions {
  readonly timeframe: Timeframe;
  /** When bars are expected. */
  readonly calendar: Calendar;
}

/**
 * Bars of a longer timeframe made of those of a stored data set, in blocks and in memory that does not grow with it. A bar that had not
 * closed by the close of the last stored one is left out.
 * @throws {RangeError} when bars of that timeframe cannot be made of those
 * @throws {NoWholeBar}
 */
export async function* resampledBlocks(
  store: Pick<CandleStore, 'loadCandles'>,
  base: DatasetRecord,
  { timeframe, calendar }: ResampledOptions,
): CandleBlocks {
  const grid = gridOf(timeframe);
  const baseMs = timeframeMs(base.timeframe);
  const known = base.lastAt + baseMs;
  // Windows are of whole bars, so that none is made of two of them.
  const windowMs = grid.stepMs * Math.max(1, Math.floor((BARS_AT_ONCE * baseMs) / grid.stepMs));
  const facts = new DatasetFactsGatherer(base.symbol, timeframe, calendar, sha256());
  const hash = new DatasetHash(base.symbol, base.timeframe, sha256());
  let rows = 0;
  for (let from = barOpen(grid, base.firstAt); from < known; from += windowMs) {
    const to = from + windowMs;
    const bars = await barsIn(store, base.id, from, to);
    if (bars === null) continue;
    hash.add(bars);
    const { candles } = resample(bars, timeframe, Math.min(to, known));
    if (candles.length === 0) continue;
    rows += candles.length;
    facts.add(candles);
    yield candles;
  }
  if (hash.finish() !== base.hash) {
    throw new Error(`the stored bars of ${base.id} are not those that it was made of; import them again`);
  }
  if (rows === 0) throw new NoWholeBar(base, timeframe);
  return { ...facts.finish(), duplicates: 0, hasVolume: base.hasVolume, unusedColumns: [] };
}

/** `null` for a stretch without a bar. */
async function barsIn(store: Pick<CandleStore, 'loadCandles'>, id: string, from: number, to: number) {
  try {
    return await store.loadCandles(id, { from, to });
  } catch (error) {
    if (error instanceof CandlesNotFound && error.code === 'EMPTY_RANGE') return null;
    throw error;
  }
}
