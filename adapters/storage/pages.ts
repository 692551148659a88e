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
  return pageOf(rows, page.limit, view);
}

/** A page of at most `limit` rows. @param rows in order of falling `sequence`, one more than the page holds where there are more */
export function pageOf<R extends { readonly sequence: number }, T>(
  rows: readonly R[],
  limit: number,
  view: (row: R) => T,
): PageOf<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(view), next: rows.length > limit && last !== undefined ? String(last.sequence) : null };
}
