import { setTimeout as delay } from 'node:timers/promises';
import type { Candles } from '../../domain/market/candles.ts';
import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { CandleCoverage, CandleStream, ClosedCandleStore, ClosedPiece } from '../ports/closed-candles.ts';
import { candleColumns, type CandleRow } from './candle-columns.ts';
import type { Database } from './database.ts';
import { epochMs, epochMsOrNull } from './rows.ts';
import { inStreamSession } from './stream-session.ts';

/** How often whoever waits for a candle looks. */
const LOOK_EVERY_MS: DurationMs = 250;
const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

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
    save: (venue, session, pieces) => save(database, venue, session, pieces),
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
  const { rows } = await database.query<{ complete_from: Date; complete_until: Date; unavailable_before: Date | null }>(
    `select complete_from, complete_until, unavailable_before from stream_coverage
     where venue = $1 and symbol = $2 and timeframe = $3`,
    [stream.venue, stream.symbol, stream.timeframe],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    from: epochMs(row.complete_from),
    last: epochMs(row.complete_until),
    unavailableBefore: epochMsOrNull(row.unavailable_before),
  };
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
  return candleColumns(stream, rows);
}

async function save(database: Database, venue: string, session: number, pieces: readonly ClosedPiece[]): Promise<void> {
  const bars = pieces.flatMap(({ stream, candles }) =>
    Array.from({ length: candles.length }, (_, i) => ({ stream, candles, i })),
  );
  await inStreamSession(database, venue, session, async (connection) => {
    await connection.query(
      `insert into closed_candles (venue, symbol, timeframe, open_at, open, high, low, close, volume)
       select $1, bar.symbol, bar.timeframe, to_timestamp(bar.ms / 1000), bar.open, bar.high, bar.low, bar.close, bar.volume
       from unnest($2::text[], $3::text[], $4::float8[], $5::float8[], $6::float8[], $7::float8[], $8::float8[], $9::float8[])
         as bar (symbol, timeframe, ms, open, high, low, close, volume)
       on conflict (venue, symbol, timeframe, open_at) do nothing`,
      [
        venue,
        bars.map(({ stream }) => stream.symbol),
        bars.map(({ stream }) => stream.timeframe),
        ...COLUMNS.map((name) => bars.map(({ candles, i }) => candles[name][i])),
      ],
    );
    await connection.query(
      `insert into stream_coverage (venue, symbol, timeframe, complete_from, complete_until, unavailable_before)
       select $1, * from unnest($2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[])
       on conflict (venue, symbol, timeframe) do update set complete_from = excluded.complete_from,
         complete_until = excluded.complete_until, unavailable_before = excluded.unavailable_before, updated_at = now()`,
      [
        venue,
        pieces.map(({ stream }) => stream.symbol),
        pieces.map(({ stream }) => stream.timeframe),
        pieces.map(({ coverage }) => new Date(coverage.from)),
        pieces.map(({ coverage }) => new Date(coverage.last)),
        pieces.map(({ coverage }) => coverage.unavailableBefore && new Date(coverage.unavailableBefore)),
      ],
    );
  });
}
