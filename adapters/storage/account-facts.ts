import type { AccountFactsBoard } from '../ports/account-facts.ts';
import type { Balance } from '../ports/venue.ts';
import type { Database } from './database.ts';
import { epochMs, only } from './rows.ts';

interface FactsRow {
  can_trade: boolean | null;
  can_withdraw: boolean | null;
  balances: readonly Balance[];
  clock_offset_ms: number | null;
  age_ms: string;
  at: Date;
}

/** Facts about accounts in Postgres. */
export function createAccountFactsBoard(database: Database): AccountFactsBoard {
  return {
    saveFacts: async (venue, { canTrade, canWithdraw, balances }, clockOffsetMs) => {
      await database.query(
        `insert into account_facts (venue, can_trade, can_withdraw, balances, clock_offset_ms) values ($1, $2, $3, $4, $5)
         on conflict (venue) do update
           set can_trade = $2, can_withdraw = $3, balances = $4, clock_offset_ms = $5, at = now()`,
        [venue, canTrade, canWithdraw, JSON.stringify(balances), clockOffsetMs],
      );
    },
    findFacts: async (venue) => {
      const { rows } = await database.query<FactsRow>(
        `select can_trade, can_withdraw, balances, clock_offset_ms, at, extract(epoch from now() - at) * 1000 as age_ms
         from account_facts where venue = $1`,
        [venue],
      );
      const row = rows[0];
      if (row === undefined) return null;
      return {
        canTrade: row.can_trade,
        canWithdraw: row.can_withdraw,
        balances: row.balances,
        clockOffsetMs: row.clock_offset_ms,
        ageMs: Math.max(0, Math.round(Number(row.age_ms))),
        at: epochMs(row.at),
      };
    },
    wantFacts: async (venue) => {
      const { rows } = await database.query<{ now: Date }>(
        'with wanted as (update account_facts set wanted_at = now() where venue = $1) select now() as now',
        [venue],
      );
      return epochMs(only(rows).now);
    },
    isDue: async (venue, everyMs) => {
      const { rows } = await database.query<{ due: boolean }>(
        `select coalesce(f.wanted_at > f.at, false) or f.at < now() - $2 * interval '1 millisecond'
                or exists (select from outbox o where o.kind = 'account.connected' and o.subject = $1 and o.at > f.at) as due
         from account_facts f where f.venue = $1`,
        [venue, everyMs],
      );
      return rows[0]?.due ?? true;
    },
  };
}
