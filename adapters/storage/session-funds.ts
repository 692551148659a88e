import { sumOf } from '../../domain/market/decimal.ts';
import type { SessionFunds } from '../ports/session-funds.ts';
import type { Connection } from './database.ts';
import { exact } from './rows.ts';

interface FundsRow {
  free: string;
  locked: string;
  cash: string;
  spent: string;
  sessions: number;
  age_ms: string;
}

/**
 * What an account has of a quote currency for one more session; `null` while its balances have never been read. A trade that came into the books after
 * the account was read is in the cash and not in the balances: what was bought since is taken off, and balances are read a while before they are
 * written down. What came in by sales since is in neither, so that never too much is told.
 *
 * @param exceptFor the id of a session whose cash does not count
 */
export async function readFunds(
  connection: Connection,
  {
    venue,
    quote,
    exceptFor = null,
  }: { readonly venue: string; readonly quote: string; readonly exceptFor?: string | null },
): Promise<SessionFunds | null> {
  const { rows } = await connection.query<FundsRow>(
    `with facts as (
       select at, coalesce((b->>'free')::numeric, 0) as free, coalesce((b->>'locked')::numeric, 0) as locked
       from account_facts left join lateral jsonb_array_elements(balances) b on b->>'asset' = $2
       where venue = $1),
     others as (
       select id, case when books is null then (spec->>'capital')::numeric else greatest(0, (books->>'cash')::numeric) end as cash
       from sessions
       where venue = $1 and quote = $2 and status not in ('stopped', 'failed') and id is distinct from $3),
     bought as (
       select sum((j.event->>'quantity')::numeric * (j.event->>'price')::numeric + (j.event->>'feeQuote')::numeric) as spent
       from session_journal j join others on others.id = j.session_id
         join session_orders o on o.session_id = j.session_id
           and o.number = (j.event->>'order')::integer and o.version = (j.event->>'version')::integer
       where j.event->>'kind' = 'execution' and o.wanted->>'side' = 'buy'
         and j.recorded_at > (select at from facts) - interval '5 seconds'),
     waiting as (
       select sum(i.price * (i.quantity - coalesce((select sum(f.quantity) from fills f where f.client_order_id = i.client_order_id), 0))) as locked
       from intents i join executions e on e.id = i.execution_id join others on e.owner = 'session/' || others.id
       where i.venue = $1 and i.side = 'buy' and i.state in ('sending', 'working')
         and i.acknowledged_at <= (select at from facts))
     select facts.free, least(facts.locked, coalesce(waiting.locked, 0)) as locked, coalesce(bought.spent, 0) as spent,
       coalesce((select sum(cash) from others), 0) as cash, (select count(*)::integer from others) as sessions,
       extract(epoch from now() - facts.at) * 1000 as age_ms
     from facts, bought, waiting`,
    [venue, quote, exceptFor],
  );
  const row = rows[0];
  if (row === undefined) return null;
  return {
    usable: sumOf([exact(row.free), exact(row.locked)]),
    taken: sumOf([exact(row.cash), exact(row.spent)]),
    sessions: row.sessions,
    hasLocked: Number(row.locked) > 0,
    ageMs: Math.max(0, Math.round(Number(row.age_ms))),
  };
}
