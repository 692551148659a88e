import Big from 'big.js';
import { type Decimal, toText } from '../../domain/market/decimal.ts';
import type { Connection } from './database.ts';

/** The books' units are a float: so many digits of it are those of the decimal that was meant. */
const DIGITS = 14;

/**
 * What sells of the session that an execution belongs to may still take back, in base: see `OrderTransaction.reducible`. Books and the trades that they
 * have taken in are read in one look, and are written in one transaction; what has been bought since then does not count yet. What a person has put right counts at once.
 */
export async function readReducible(connection: Connection, executionId: string): Promise<Decimal | null> {
  const { rows } = await connection.query<{ units: number; dust: string; gone: string; change: string }>(
    `select (held->>'units')::float8 as units, coalesce(s.books->'dust'->>own.symbol, '0') as dust, sold.gone,
            adjusted.change
     from (select o.session_id, e.symbol from session_orders o join executions e on e.id = o.execution_id
           where o.execution_id = $1) own
     join sessions s on s.id = own.session_id
     cross join lateral jsonb_array_elements(s.books->'positions') held
     cross join lateral (
       select coalesce(sum(greatest(0, t.filled - o.taken) + t.open), 0) as gone
       from session_orders o join executions e on e.id = o.execution_id
       cross join lateral (
         select coalesce(sum(f.filled), 0) as filled,
                coalesce(sum(greatest(0, i.quantity - f.filled)) filter (where i.state in ('sending', 'working')), 0) as open
         from intents i
         cross join lateral (select coalesce(sum(quantity), 0) as filled from fills where client_order_id = i.client_order_id) f
         where i.execution_id = o.execution_id
       ) t
       where o.session_id = s.id and e.symbol = own.symbol and e.side = 'sell'
         and (o.state <> 'ended' or o.ended_at > now() - interval '2 days')
     ) sold
     cross join lateral (
       select coalesce(sum((j.event->>'quantity')::numeric), 0) as change
       from session_journal j
       where j.session_id = s.id and j.event->>'kind' = 'adjusted' and j.event->>'symbol' = own.symbol
         and j.seq > coalesce((s.books->>'bookedUpTo')::bigint, (s.books->'fold'->>'seq')::bigint, s.seq)
     ) adjusted
     where held->>'symbol' = own.symbol`,
    [executionId],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const left = new Big(row.units.toPrecision(DIGITS)).plus(row.dust).plus(row.change).minus(row.gone);
  return left.gt(0) ? toText(left) : '0';
}
