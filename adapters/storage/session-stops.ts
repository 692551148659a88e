import type { StopsOf } from '../ports/session-stops.ts';
import type { Connection } from './database.ts';

interface StopsRow {
  symbol: string;
  session_id: string | null;
  open: number;
  may_want: boolean;
}

/** Stop orders of those symbols on an account, by whose they are: see `StopsOf`. Orders that others have placed at the venue are in nobody's books. */
export async function readStops(
  connection: Connection,
  venue: string,
  symbols: readonly string[],
): Promise<readonly StopsOf[]> {
  const { rows } = await connection.query<StopsRow>(
    `with running as (
       select s.id, a.symbol from sessions s join unnest($2::text[]) as a (symbol) on a.symbol = any(s.symbols)
       where s.venue = $1 and s.rests_stops and s.status not in ('stopped', 'failed')),
     stops as (
       select i.symbol, running.id, count(*)::integer as open
       from intents i join executions e on e.id = i.execution_id
         left join running on running.symbol = i.symbol and e.owner = 'session/' || running.id
       where i.venue = $1 and i.symbol = any($2) and i.mode = 'stop' and i.state in ('sending', 'working')
       group by i.symbol, running.id)
     select running.symbol, running.id as session_id, coalesce(stops.open, 0) as open,
       exists (select from session_orders o
               where o.session_id = running.id and o.wanted->>'symbol' = running.symbol and o.wanted->>'kind' = 'stop')
       or not exists (select from session_orders o
                      where o.session_id = running.id and o.wanted->>'symbol' = running.symbol and o.taken > 0) as may_want
     from running left join stops using (symbol, id)
     union all
     select symbol, null, open, false from stops where id is null
     order by symbol, session_id nulls last`,
    [venue, symbols],
  );
  return rows.map(({ symbol, session_id, open, may_want }) => ({
    symbol,
    sessionId: session_id,
    open,
    mayWant: may_want,
  }));
}
