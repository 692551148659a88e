import { setTimeout as delay } from 'node:timers/promises';
import { CandleBuilder } from '../../domain/market/candle-builder.ts';
import type { Candles } from '../../domain/market/candles.ts';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { CandleCoverage, CandleStream, ClosedCandleStore } from '../ports/closed-candles.ts';
import type { Database } from './database.ts';
import { epochMs } from './rows.ts';
import { inStreamSession } from './stream-session.ts';

/** How often whoever waits for a candle looks. */
const LOOK_EVERY_MS: DurationMs = 250;

interface CandleRow {
  open_at: Date;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** Closed candles of watched symbols in Postgres. */
export function createClosedCandleStore(database: Database): ClosedCandleStore {
  return {
    list: (stream, since) => list(database, stream, since),
    next: async (stream, since, withinMs, signal) => {
      for (const deadline = performance.now() + withinMs; ;) {
        const candles = await list(database, stream, since);
        if (candles === null || candles.length > 0) return candles;
        if (signal?.aborted === true || performance.now() >= deadline) return candles;
        await delay(LOOK_EVERY_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      }
    },
    coverage: (stream) => coverageOf(database, stream),
    save: (session, stream, candles, coverage) => save(database, session, stream, candles, coverage),
    prune: async ({ venue, symbol, timeframe }, before) => {
      const key = [venue, symbol, timeframe, new Date(before)];
      await database.query(
        'delete from closed_candles where venue = $1 and symbol = $2 and timeframe = $3 and open_at < $4',
        key,
      );
      await database.query(
        `update stream_coverage set complete_from = $4
         where venue = $1 and symbol = $2 and timeframe = $3 and complete_from < $4`,
        key,
      );
    },
  };
}

async function coverageOf(database: Database, stream: CandleStream): Promise<CandleCoverage | null> {
  const { rows } = await database.query<{ complete_from: Date; complete_until: Date }>(
    'select complete_from, complete_until from stream_coverage where venue = $1 and symbol = $2 and timeframe = $3',
    [stream.venue, stream.symbol, stream.timeframe],
  );
  const row = rows[0];
  return row === undefined ? null : { from: epochMs(row.complete_from), last: epochMs(row.complete_until) };
}

async function list(database: Database, stream: CandleStream, since: EpochMs): Promise<Candles | null> {
  const { venue, symbol, timeframe } = stream;
  const coverage = await coverageOf(database, stream);
  if (coverage === null || coverage.from > since) return null;
  const { rows } = await database.query<CandleRow>(
    `select open_at, open, high, low, close, volume from closed_candles
     where venue = $1 and symbol = $2 and timeframe = $3 and open_at >= $4 and open_at <= $5 order by open_at`,
    [venue, symbol, timeframe, new Date(since), new Date(coverage.last)],
  );
  const builder = new CandleBuilder(symbol, timeframe, rows.length);
  for (const row of rows) builder.add(epochMs(row.open_at), row.open, row.high, row.low, row.close, row.volume);
  return builder.take();
}

async function save(
  database: Database,
  session: number,
  { venue, symbol, timeframe }: CandleStream,
  candles: Candles,
  coverage: CandleCoverage,
): Promise<void> {
  await inStreamSession(database, venue, session, async (connection) => {
    await connection.query(
      `insert into closed_candles (venue, symbol, timeframe, open_at, open, high, low, close, volume)
       select $1, $2, $3, to_timestamp(bar.ms / 1000), bar.open, bar.high, bar.low, bar.close, bar.volume
       from unnest($4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::float8[])
         as bar (ms, open, high, low, close, volume)
       on conflict (venue, symbol, timeframe, open_at) do nothing`,
      [
        venue,
        symbol,
        timeframe,
        ...[candles.time, candles.open, candles.high, candles.low, candles.close, candles.volume].map((column) => [
          ...column,
        ]),
      ],
    );
    await connection.query(
      `insert into stream_coverage (venue, symbol, timeframe, complete_from, complete_until)
       values ($1, $2, $3, $4, $5)
       on conflict (venue, symbol, timeframe) do update set complete_from = $4, complete_until = $5, updated_at = now()`,
      [venue, symbol, timeframe, new Date(coverage.from), new Date(coverage.last)],
    );
  });
}
