import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import { type Timeframe, timeframeMs } from '../../domain/market/timeframe.ts';
import { untilTime } from '../executions/fleet.ts';
import { type StoredAt, storedKey } from './bar-lateness.ts';
import { VENUE } from './sessions-venue.ts';

const POLL_MS: DurationMs = 50;
/** A candle that is not there by then counts as not seen. */
const PATIENCE_MS: DurationMs = 10_000;

interface CoverageRow {
  readonly symbol: string;
  readonly complete_until: Date;
  readonly updated_at: Date;
}

/**
 * Notes when the candles of each bar were stored, by the database's own note of that transaction's start. Coverage of a stream is written over and over, so it is looked
 * at for as long as it takes after each bar and not between.
 */
export async function watchCandles(
  database: pg.Pool,
  symbols: readonly string[],
  timeframe: Timeframe,
  ends: readonly EpochMs[],
): Promise<StoredAt> {
  const part = await partOf(database, timeframe);
  const partMs = timeframeMs(part);
  const barMs = timeframeMs(timeframe);
  const stored = new Map<string, EpochMs>();
  for (const end of ends) {
    await untilTime(end);
    const deadline = end + Math.min(PATIENCE_MS, barMs / 2);
    while (Date.now() < deadline) {
      const { rows } = await database.query<CoverageRow>(
        'select symbol, complete_until, updated_at from stream_coverage where venue = $1 and timeframe = $2',
        [VENUE, part],
      );
      for (const { symbol, complete_until, updated_at } of rows) {
        const key = storedKey(symbol, end);
        if (complete_until.getTime() + partMs >= end && !stored.has(key)) stored.set(key, updated_at.getTime());
      }
      if (symbols.every((symbol) => stored.has(storedKey(symbol, end)))) break;
      await delay(POLL_MS);
    }
  }
  return stored;
}

/** The timeframe of the candles that those of `timeframe` are made of. */
async function partOf(database: pg.Pool, timeframe: Timeframe): Promise<Timeframe> {
  const { rows } = await database.query<{ part: Timeframe | null }>(
    'select part from candle_parts where venue = $1 and timeframe = $2',
    [VENUE, timeframe],
  );
  const part = rows[0]?.part;
  if (part === undefined || part === null) throw new Error(`the venue of the measurement has no ${timeframe} candles`);
  return part;
}
