import type { OrderedSymbols } from '../ports/ordered-symbols.ts';
import type { Database } from './database.ts';

/** Where our orders are, by the intents in Postgres. */
export function createOrderedSymbols(database: Database): OrderedSymbols {
  return {
    open: async (venue) => {
      const { rows } = await database.query<{ symbol: string }>(
        "select distinct symbol from intents where venue = $1 and state in ('sending', 'working') order by symbol",
        [venue],
      );
      return rows.map(({ symbol }) => symbol);
    },
    recent: async (venue, withinMs) => {
      const { rows } = await database.query<{ symbol: string }>(
        `select distinct symbol from intents
         where venue = $1 and sent_at > now() - $2 * interval '1 millisecond' order by symbol`,
        [venue, withinMs],
      );
      return rows.map(({ symbol }) => symbol);
    },
  };
}
