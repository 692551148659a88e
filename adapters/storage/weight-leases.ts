import type { SharedBlock, SharedWeight, WeightLease } from '../ports/shared-weight.ts';
import { type Database, inTransaction } from './database.ts';
import { only } from './rows.ts';

/** What exchanges count weight by: not the account but the address that is asked. */
export interface WeightAddress {
  /** ccxt exchange id. */
  readonly exchange: string;
  /** Base address in place of the exchange's own, or `null`. */
  readonly rest: string | null;
}

/** Shared request weight in Postgres: one row an address, one transaction a block of weight. */
export function createWeightLeases(database: Database, { exchange, rest }: WeightAddress): SharedWeight {
  const budget = rest === null ? exchange : `${exchange} ${rest}`;
  return {
    lease: (wanted, ceiling) => lease(database, budget, wanted, ceiling),
    block: async ({ ms, status }) => {
      await database.query(
        `insert into venue_weights as w (budget, minute, leased, blocked_until, blocked_by)
         values ($1, date_trunc('minute', now()), 0, now() + $2 * interval '1 millisecond', $3)
         on conflict (budget) do update set blocked_until = excluded.blocked_until, blocked_by = excluded.blocked_by
         where w.blocked_until is null or w.blocked_until < excluded.blocked_until`,
        [budget, ms, status],
      );
    },
    blocked: async () => {
      const { rows } = await database.query<SharedBlock>(
        `select ceil(extract(epoch from blocked_until - now()) * 1000)::bigint as ms, blocked_by as status
         from venue_weights where budget = $1 and blocked_until > now()`,
        [budget],
      );
      return rows[0] ?? null;
    },
  };
}

/** The minute is the database's, whose clock all processes share. */
function lease(database: Database, budget: string, wanted: number, ceiling: number): Promise<WeightLease> {
  return inTransaction(database, async (connection) => {
    await connection.query(
      `insert into venue_weights (budget, minute, leased) values ($1, date_trunc('minute', now()), 0) on conflict do nothing`,
      [budget],
    );
    const { rows } = await connection.query<{ leased: number; ends_in_ms: number }>(
      // Read behind the wait for the row: now() would be the time at which this transaction began to wait.
      `select case when minute = date_trunc('minute', clock_timestamp()) then leased else 0 end as leased,
              ceil(extract(epoch from date_trunc('minute', clock_timestamp()) + interval '1 minute' - clock_timestamp()) * 1000)::bigint
                as ends_in_ms
       from venue_weights where budget = $1 for update`,
      [budget],
    );
    const { leased, ends_in_ms } = only(rows);
    const granted = Math.max(0, Math.min(Math.floor(wanted), Math.floor(ceiling) - leased));
    if (granted > 0) {
      await connection.query(
        `update venue_weights set minute = date_trunc('minute', clock_timestamp()), leased = $2 where budget = $1`,
        [budget, leased + granted],
      );
    }
    return { granted, endsInMs: ends_in_ms };
  });
}
