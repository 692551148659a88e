import type { Database } from '../../../adapters/storage/database.ts';

export interface SessionRow {
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly firstCandle: number;
  readonly status?: string;
  /** Hours since its end, where it is over. */
  readonly endedHoursAgo?: number;
}

/** A session as far as market data are concerned: what it needs, and whether it still does. */
export async function insertSession(database: Database, id: string, row: SessionRow): Promise<void> {
  const { symbols, timeframe, firstCandle, status = 'running', endedHoursAgo = 0 } = row;
  await database.query(
    `insert into sessions (id, workflow_id, owner, spec, strategy, params, venue, symbols, timeframe, base, quote,
       instruments, rests_stops, start_bar, first_candle, status, ended_at)
     values ($1, $1, 'admin', '{}', 'sma-cross', '{}', 'sim', $2, $3, '{}', 'USDT', '{}', true, $4, $4, $5::text,
       case when $5::text in ('stopped', 'failed') then now() - $6 * interval '1 hour' end)`,
    [id, symbols, timeframe, new Date(firstCandle), status, endedHoursAgo],
  );
}
