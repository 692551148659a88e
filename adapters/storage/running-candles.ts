import type { CandleStream } from '../ports/closed-candles.ts';
import type { RunningCandle, RunningCandleStore } from '../ports/running-candles.ts';
import { createCandleParts } from './candle-parts.ts';
import type { Database } from './database.ts';
import { epochMs } from './rows.ts';
import { inStreamSession } from './stream-session.ts';

interface RunningRow {
  readonly venue: string;
  readonly symbol: string;
  readonly timeframe: string;
  readonly open_at: Date;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
}

/** Open candles in Postgres. */
export function createRunningCandles(database: Database): RunningCandleStore {
  const parts = createCandleParts(database);
  return {
    find: async (stream) => {
      const part = await parts.of(stream.venue, stream.timeframe);
      if (part === null || part === undefined) return null;
      const [found] = await readRunning(database, [{ ...stream, timeframe: part }]);
      return found?.candle ?? null;
    },
    save: (venue, session, pieces) =>
      inStreamSession(database, venue, session, async (connection) => {
        await connection.query(
          `insert into running_candles (venue, symbol, timeframe, open_at, high, low, volume)
           select $1, * from unnest($2::text[], $3::text[], $4::timestamptz[], $5::float8[], $6::float8[], $7::float8[])
           on conflict (venue, symbol, timeframe) do update
             set open_at = excluded.open_at, high = excluded.high, low = excluded.low, volume = excluded.volume`,
          [
            venue,
            pieces.map(({ stream }) => stream.symbol),
            pieces.map(({ stream }) => stream.timeframe),
            pieces.map(({ candle }) => new Date(candle.time)),
            pieces.map(({ candle }) => candle.high),
            pieces.map(({ candle }) => candle.low),
            pieces.map(({ candle }) => candle.volume),
          ],
        );
      }),
  };
}

/** Those that are known of these streams, which are of timeframes that the venue has itself. */
export async function readRunning(
  database: Database,
  streams: readonly CandleStream[],
): Promise<readonly { readonly stream: CandleStream; readonly candle: RunningCandle }[]> {
  if (streams.length === 0) return [];
  const { rows } = await database.query<RunningRow>(
    `select venue, symbol, timeframe, open_at, high, low, volume from running_candles
     where (venue, symbol, timeframe) in (select * from unnest($1::text[], $2::text[], $3::text[]))`,
    [streams.map(({ venue }) => venue), streams.map(({ symbol }) => symbol), streams.map(({ timeframe }) => timeframe)],
  );
  return rows.map(({ venue, symbol, timeframe, open_at, high, low, volume }) => ({
    stream: { venue, symbol, timeframe },
    candle: { time: epochMs(open_at), high, low, volume },
  }));
}
