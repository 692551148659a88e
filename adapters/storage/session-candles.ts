import { barOpen, gridOf, isOnGrid } from '../../domain/market/bar-grid.ts';
import { allocateCandles, type Candles, sliceCandles } from '../../domain/market/candles.ts';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import { resample } from '../../domain/market/resample.ts';
import { type Timeframe, timeframeMs } from '../../domain/market/timeframe.ts';
import type { CandleStream } from '../ports/closed-candles.ts';
import type { CandleReach, SessionCandles } from '../ports/session-candles.ts';
import { candleColumns, type CandleRow } from './candle-columns.ts';
import { createCandleParts } from './candle-parts.ts';
import type { Database } from './database.ts';
import { newestBars } from './newest-bars.ts';
import { epochMs, epochMsOrNull } from './rows.ts';

/** Candles that are kept in memory, of all streams together: some 50 bytes each. */
const MOST_KEPT = 1_000_000;
/** Sessions look every few seconds: a stream that was asked for so lately stays, since it would be read whole again at the next look. */
const IN_USE_MS: DurationMs = 60_000;

export interface SessionCandlesOptions {
  readonly mostKept?: number;
  readonly inUseMs?: DurationMs;
}

/** What is known of one stream: closed candles without a hole, from `from` to `until`. */
interface Kept {
  readonly from: EpochMs;
  /** Opening time of the first bar that had not closed when it was last looked at. */
  readonly until: EpochMs;
  /** Only ever added to: views on it that were given out stay as they are. */
  readonly columns: Candles;
  readonly length: number;
}

interface KeptSince {
  readonly found: Kept;
  /** When it was asked for last, by the clock of the process. */
  readonly askedAt: number;
}

/** Candles for sessions out of Postgres. Closed ones never change, so those that were read once are kept, and a later look reads only what is new. */
export function createSessionCandles(database: Database, options: SessionCandlesOptions = {}): SessionCandles {
  const parts = createCandleParts(database);
  const { mostKept = MOST_KEPT, inUseMs = IN_USE_MS } = options;
  const kept = new Map<string, KeptSince>();
  const reading = new Map<string, Promise<unknown>>();

  const list = async (stream: CandleStream, since: EpochMs): Promise<Candles | null> => {
    const part = await parts.of(stream.venue, stream.timeframe);
    if (part === null || part === undefined) return null;
    const key = keyOf(stream);
    const first = firstOpen(stream.timeframe, since);
    const found = await readOn(database, stream, part, first, kept.get(key)?.found);
    if (found === null) return null;
    kept.delete(key);
    kept.set(key, { found, askedAt: performance.now() });
    forgetOldest(kept, mostKept, performance.now() - inUseMs);
    return sliceCandles(found.columns, indexAt(found, first), found.length);
  };

  return {
    // One after the other for each stream: what the first has read the second need not read.
    list: (stream, since) => {
      const key = keyOf(stream);
      const work = (reading.get(key) ?? Promise.resolve()).then(() => list(stream, since));
      const done = work.then(
        () => undefined,
        () => undefined,
      );
      reading.set(key, done);
      void done.then(() => {
        if (reading.get(key) === done) reading.delete(key);
      });
      return work;
    },
    last: async (stream) => {
      const part = await parts.of(stream.venue, stream.timeframe);
      if (part === null || part === undefined) return null;
      return (await newestBars(database, [{ ...stream, part }]))[0]?.last ?? null;
    },
    reach: async (stream, since) =>
      reachOf(database, stream, await parts.of(stream.venue, stream.timeframe), firstOpen(stream.timeframe, since)),
  };
}

function keyOf({ venue, symbol, timeframe }: CandleStream): string {
  return `${venue} ${symbol} ${timeframe}`;
}

/** Opening time of the first bar that opens at or after `since`. */
function firstOpen(timeframe: Timeframe, since: EpochMs): EpochMs {
  const grid = gridOf(timeframe);
  return isOnGrid(grid, since) ? since : barOpen(grid, since) + grid.stepMs;
}

interface CoveredRow extends CandleRow {
  readonly complete_from: Date;
  readonly complete_until: Date;
}

/** What is known now from `first` on; `null` when that is not covered. */
async function readOn(
  database: Database,
  stream: CandleStream,
  part: Timeframe,
  first: EpochMs,
  known: Kept | undefined,
): Promise<Kept | null> {
  const before = known !== undefined && known.from <= first ? known : null;
  const from = before?.until ?? first;
  const { rows } = await database.query<CoveredRow>(
    `select c.complete_from, c.complete_until, k.open_at, k.open, k.high, k.low, k.close, k.volume
     from stream_coverage c left join closed_candles k
       on k.venue = c.venue and k.symbol = c.symbol and k.timeframe = c.timeframe
         and k.open_at >= $4 and k.open_at <= c.complete_until
     where c.venue = $1 and c.symbol = $2 and c.timeframe = $3 order by k.open_at`,
    [stream.venue, stream.symbol, part, new Date(from)],
  );
  const covered = rows[0];
  if (covered === undefined || epochMs(covered.complete_from) > first) return null;
  // The stream was begun anew since: what is kept does not join on to what there is.
  if (before !== null && epochMs(covered.complete_from) > before.until) {
    return readOn(database, stream, part, first, undefined);
  }
  const end = epochMs(covered.complete_until) + timeframeMs(part);
  const read = candleColumns({ ...stream, timeframe: part }, covered.open_at === null ? [] : rows);
  const closed = part === stream.timeframe ? read : resample(read, stream.timeframe, end).candles;
  const until = Math.max(from, barOpen(gridOf(stream.timeframe), end));
  return before === null
    ? { from: first, until, columns: closed, length: closed.length }
    : added(before, closed, until);
}

function added(before: Kept, closed: Candles, until: EpochMs): Kept {
  const length = before.length + closed.length;
  let { columns } = before;
  if (length > columns.length) columns = copyOf(columns, before.length, Math.max(256, Math.ceil(1.25 * length)));
  for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) {
    columns[name].set(closed[name], before.length);
  }
  return { from: before.from, until, columns, length };
}

function copyOf(from: Candles, count: number, length: number): Candles {
  const to = allocateCandles(from.symbol, from.timeframe, length);
  for (const name of ['time', 'open', 'high', 'low', 'close', 'volume'] as const) {
    to[name].set(from[name].subarray(0, count));
  }
  return to;
}

function indexAt({ columns, length }: Kept, time: EpochMs): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (columns.time[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Those that were asked for longest ago go first; those that were asked for since then stay, however many they are. */
function forgetOldest(kept: Map<string, KeptSince>, most: number, since: number): void {
  let total = [...kept.values()].reduce((sum, { found }) => sum + found.columns.length, 0);
  for (const [key, { found, askedAt }] of kept) {
    if (total <= most || askedAt >= since) return;
    kept.delete(key);
    total -= found.columns.length;
  }
}

async function reachOf(
  database: Database,
  { venue, symbol, timeframe }: CandleStream,
  part: Timeframe | null | undefined,
  first: EpochMs,
): Promise<CandleReach> {
  if (part === undefined) return { kind: 'filling', from: null };
  if (part === null) {
    const detail = `venue "${venue}" has no ${timeframe} candles and none that divide them: choose a timeframe that is a whole multiple of one that it has`;
    return { kind: 'unavailable', earliest: null, problem: { code: 'NO_SUCH_TIMEFRAME', detail } };
  }
  const { rows } = await database.query<{ complete_from: Date; unavailable_before: Date | null }>(
    'select complete_from, unavailable_before from stream_coverage where venue = $1 and symbol = $2 and timeframe = $3',
    [venue, symbol, part],
  );
  const row = rows[0];
  if (row === undefined) return { kind: 'filling', from: null };
  const from = epochMs(row.complete_from);
  if (from <= first) return { kind: 'complete' };
  const begin = epochMsOrNull(row.unavailable_before);
  if (begin === null || begin <= first) return { kind: 'filling', from };
  const earliest = firstOpen(timeframe, begin);
  const detail =
    `venue "${venue}" has ${part} candles of ${symbol} from ${new Date(begin).toISOString()} on, and ${timeframe} candles are needed ` +
    `from ${new Date(first).toISOString()} on: start later, or with a shorter warm-up`;
  return { kind: 'unavailable', earliest, problem: { code: 'CANDLES_UNAVAILABLE', detail } };
}
