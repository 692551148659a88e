import type { DurationMs } from '../../domain/market/decimal.ts';
import type { LiveTape } from '../ports/live-tape.ts';
import type { TapeCoverage, TapeSecond, TapeStore } from '../ports/tape-store.ts';
import type { Database } from './database.ts';
import { epochMs, exact } from './rows.ts';
import { inStreamSession } from './stream-session.ts';

/** A tape that is complete only up to longer before the end of an interval is too old to stand for it. */
const LAG_MS: DurationMs = 5_000;

interface CoverageRow {
  complete_from: Date;
  complete_until: Date;
  next_id: number;
}

/** The live tape in Postgres: by whole seconds of exchange time. */
export function createLiveTape(database: Database): LiveTape & TapeStore {
  return {
    volume: async (venue, symbol, from, to) => {
      const [first, last] = [Math.floor(from / 1000), Math.ceil(to / 1000)];
      const { rows } = await database.query<{ last: number; quantity: string }>(
        `with covered as (
           select venue, symbol, complete_from,
             least($4, floor(extract(epoch from complete_until) + 0.001)::bigint) as last
           from stream_coverage
           where venue = $1 and symbol = $2 and timeframe = '' and complete_until >= $5)
         select c.last, (
           select coalesce(sum(t.quantity), 0) from live_tape t
           where t.venue = c.venue and t.symbol = c.symbol and t.second >= c.last - $3 and t.second < c.last) as quantity
         from covered c where c.complete_from <= to_timestamp(c.last - $3)`,
        [venue, symbol, last - first, last, new Date(to - LAG_MS)],
      );
      const row = rows[0];
      if (row === undefined) return null;
      const end = Number(row.last) * 1000;
      return { quantity: exact(row.quantity), from: end - (last - first) * 1000, to: end - 1 };
    },
    coverage: async (venue, symbol) => {
      const { rows } = await database.query<CoverageRow>(
        "select complete_from, complete_until, next_id from stream_coverage where venue = $1 and symbol = $2 and timeframe = ''",
        [venue, symbol],
      );
      return rows[0] === undefined ? null : coverageOf(rows[0]);
    },
    save: (venue, session, symbol, seconds, coverage) => save(database, venue, session, symbol, seconds, coverage),
    prune: async (venue, before) => {
      const second = Math.floor(before / 1000);
      await database.query('delete from live_tape where venue = $1 and second < $2', [venue, second]);
      await database.query(
        "update stream_coverage set complete_from = $2 where venue = $1 and timeframe = '' and complete_from < $2",
        [venue, new Date(second * 1000)],
      );
    },
  };
}

function coverageOf(row: CoverageRow): TapeCoverage {
  return {
    completeFrom: epochMs(row.complete_from),
    completeUntil: epochMs(row.complete_until),
    nextId: row.next_id,
  };
}

async function save(
  database: Database,
  venue: string,
  session: number,
  symbol: string,
  seconds: readonly TapeSecond[],
  coverage: TapeCoverage,
): Promise<void> {
  await inStreamSession(database, venue, session, async (connection) => {
    // Totals, not additions: written again they change nothing, and one of a process that saw less never replaces one that saw more.
    await connection.query(
      `insert into live_tape (venue, symbol, second, quantity, prints, high, low)
       select $1, $2, * from unnest($3::bigint[], $4::numeric[], $5::integer[], $6::numeric[], $7::numeric[])
       on conflict (venue, symbol, second) do update set
         quantity = excluded.quantity, prints = excluded.prints, high = excluded.high, low = excluded.low
       where live_tape.prints < excluded.prints`,
      [
        venue,
        symbol,
        seconds.map(({ second }) => second),
        seconds.map(({ quantity }) => quantity),
        seconds.map(({ prints }) => prints),
        seconds.map(({ high }) => high),
        seconds.map(({ low }) => low),
      ],
    );
    await connection.query(
      `insert into stream_coverage (venue, symbol, timeframe, complete_from, complete_until, next_id)
       values ($1, $2, '', $3, $4, $5)
       on conflict (venue, symbol, timeframe) do update set
         complete_from = $3, complete_until = $4, next_id = $5, updated_at = now()`,
      [venue, symbol, new Date(coverage.completeFrom), new Date(coverage.completeUntil), coverage.nextId],
    );
  });
}
