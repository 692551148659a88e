import type { ResultPage, ResultRow } from '../ports/optimization-store.ts';
import { type Database, inTransaction } from './database.ts';
import { resultRowOf, type TrialRow } from './optimization-rows.ts';

type Page = { readonly items: readonly ResultRow[]; readonly next: string | null };

/** Rank and final score beside a row, where the job is concluded. */
const WITH_RANKS = `left join lateral (
    select k.rank, k.score from optimization_ranks k where k.optimization = r.optimization and k.position = r.position
  ) k on true`;
const COLUMNS =
  'r.position, r.combination, r.numbers, k.rank, case when k.rank is null then r.score else k.score end as score';

/**
 * Rows in the order of an index. Without fresh statistics, which rows that have just come do not have, the planner would rather read and sort all
 * of them for each page.
 */
async function inIndexOrder(
  database: Database,
  text: string,
  values: readonly unknown[],
): Promise<readonly TrialRow[]> {
  return inTransaction(database, async (connection) => {
    for (const way of ['sort', 'bitmapscan', 'hashjoin', 'mergejoin']) {
      await connection.query(`set local enable_${way} = off`);
    }
    const { rows } = await connection.query<TrialRow>(text, [...values]);
    return rows;
  });
}

/** A page of a job's rows: by position, or best first. Before the job is concluded the best are those that score best by themselves. */
export async function resultRows(database: Database, key: number, { sort, cursor, limit }: ResultPage): Promise<Page> {
  if (sort === 'position') return byPosition(database, key, cursor, limit);
  const { rows } = await database.query('select 1 from optimization_ranks where optimization = $1 limit 1', [key]);
  return rows.length > 0 ? byRank(database, key, cursor, limit) : byOwnScore(database, key, cursor, limit);
}

/** The cursor is the last position. */
async function byPosition(database: Database, key: number, cursor: string | undefined, limit: number): Promise<Page> {
  const rows = await inIndexOrder(
    database,
    `select ${COLUMNS} from (
       select * from optimization_rows where optimization = $1 and position > $2 order by position limit $3
     ) r ${WITH_RANKS} order by r.position`,
    [key, cursor ?? -1, limit + 1],
  );
  return pageOf(rows, limit, (last) => last.position);
}

/** The cursor is the last rank. */
async function byRank(database: Database, key: number, cursor: string | undefined, limit: number): Promise<Page> {
  const rows = await inIndexOrder(
    database,
    `select r.position, r.combination, r.numbers, k.rank, k.score from (
       select * from optimization_ranks where optimization = $1 and rank > $2 order by rank limit $3
     ) k join optimization_rows r on r.optimization = k.optimization and r.position = k.position order by k.rank`,
    [key, cursor ?? 0, limit + 1],
  );
  return pageOf(rows, limit, (last) => last.rank!);
}

/** The cursor is the number of rows before: rows may still come in between. */
async function byOwnScore(database: Database, key: number, cursor: string | undefined, limit: number): Promise<Page> {
  const before = Number(cursor ?? 0);
  const { rows } = await database.query<TrialRow>(
    `select position, combination, numbers, score, null::bigint as rank from optimization_rows
     where optimization = $1 order by score desc nulls last, position offset $2 limit $3`,
    [key, before, limit + 1],
  );
  return pageOf(rows, limit, () => before + limit);
}

function pageOf(rows: readonly TrialRow[], limit: number, cursorOf: (last: TrialRow) => number): Page {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(resultRowOf),
    next: rows.length > limit && last !== undefined ? String(cursorOf(last)) : null,
  };
}

export async function findRow(database: Database, key: number, position: number): Promise<ResultRow | null> {
  const { rows } = await database.query<TrialRow>(
    `select ${COLUMNS} from optimization_rows r ${WITH_RANKS} where r.optimization = $1 and r.position = $2`,
    [key, position],
  );
  return rows[0] === undefined ? null : resultRowOf(rows[0]);
}
