import type { LastPriceStore } from '../ports/last-prices.ts';
import type { Database } from './database.ts';
import { epochMs, epochMsOrNull, exact, exactOrNull } from './rows.ts';

interface PriceRow {
  readonly last: string | null;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly traded_at: Date | null;
  readonly received_at: Date;
}

/** Last prices in Postgres. */
export function createLastPrices(database: Database): LastPriceStore {
  return {
    last: async (venue, symbol) => {
      const { rows } = await database.query<PriceRow>(
        'select last, bid, ask, traded_at, received_at from last_prices where venue = $1 and symbol = $2',
        [venue, symbol],
      );
      const row = rows[0];
      if (row === undefined) return null;
      return {
        last: exactOrNull(row.last),
        bid: exactOrNull(row.bid),
        ask: exactOrNull(row.ask),
        at: epochMsOrNull(row.traded_at),
        receivedAt: epochMs(row.received_at),
      };
    },
    range: async (venue, symbol, since) => {
      // A second that was stored without its prices makes the range unknown, as one that is missing does.
      const { rows } = await database.query<{ high: string | null; low: string | null; whole: boolean | null }>(
        `select max(t.high) as high, min(t.low) as low, bool_and(t.high is not null and t.low is not null) as whole
         from stream_coverage c join live_tape t on t.venue = c.venue and t.symbol = c.symbol and t.second >= $3
         where c.venue = $1 and c.symbol = $2 and c.timeframe = '' and c.complete_from <= to_timestamp($3::bigint)`,
        [venue, symbol, Math.ceil(since / 1000)],
      );
      const row = rows[0];
      if (row === undefined || row.whole !== true || row.high === null || row.low === null) return null;
      return { high: exact(row.high), low: exact(row.low) };
    },
    save: async (venue, session, prices) => {
      await database.query(
        `insert into last_prices as p (venue, symbol, last, bid, ask, traded_at, received_at)
         select $1, new.* from unnest($3::text[], $4::numeric[], $5::numeric[], $6::numeric[], $7::timestamptz[], $8::timestamptz[])
           as new (symbol, last, bid, ask, traded_at, received_at)
         where exists (select from stream_sessions where venue = $1 and session = $2)
         on conflict (venue, symbol) do update set last = coalesce(excluded.last, p.last),
           traded_at = coalesce(excluded.traded_at, p.traded_at), bid = excluded.bid, ask = excluded.ask,
           received_at = excluded.received_at
         where p.received_at <= excluded.received_at`,
        [
          venue,
          session,
          prices.map(({ symbol }) => symbol),
          prices.map(({ last }) => last),
          prices.map(({ bid }) => bid),
          prices.map(({ ask }) => ask),
          prices.map(({ at }) => at && new Date(at)),
          prices.map(({ receivedAt }) => new Date(receivedAt)),
        ],
      );
    },
  };
}
