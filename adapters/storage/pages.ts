import type { PageOf, VenuePage } from '../ports/reconciliation-store.ts';
import type { Database } from './database.ts';

/**
 * One page of a query, the newest rows first.
 *
 * @param select of a table `t` with the columns `venue` and `sequence`, up to and with a `where`.
 */
export async function pageBySequence<R extends { readonly sequence: number }, T>(
  database: Database,
  select: string,
  page: VenuePage,
  view: (row: R) => T,
): Promise<PageOf<T>> {
  const { rows } = await database.query<R>(
    `${select} and ($1::text is null or t.venue = $1) and ($2::bigint is null or t.sequence < $2)
     order by t.sequence desc limit $3`,
    [page.venue ?? null, page.cursor ?? null, page.limit + 1],
  );
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(view),
    next: rows.length > page.limit && last !== undefined ? String(last.sequence) : null,
  };
}
