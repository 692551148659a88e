import type { OptimizationStatus } from '../../domain/optimization/job/commands.ts';
import { NO_SPREAD, pooledSpread, type Spread, spreadOf } from '../../domain/optimization/statistics/pooled-spread.ts';
import {
  type EarlierTrials,
  inStandardErrors,
  NO_EARLIER_TRIALS,
} from '../../domain/optimization/trials/earlier-trials.ts';
import type { OptimizationRequest, TrialRows } from '../ports/optimization-store.ts';
import type { Database } from './database.ts';
import { createTrialArchive } from './trial-archive.ts';

/**
 * Other jobs with rows that look at a market of this one in a time that overlaps: a market of the same symbol, of the same bars, or of which at least
 * half of the days that both have end at the same price. Prices are compared once for all jobs that have the same, and only those of other symbols.
 */
const OVERLAPPING = `
  with own as (
    select o.data_hash, m.* from optimizations o join optimization_markets m on m.optimization = o.sequence where o.id = $1
  ),
  near as (
    select own.symbol as own_symbol, own.prices as own_prices, own.data_hash as own_hash, m.*
    from own join optimization_markets m on m.optimization <> own.optimization
      and m.from_time < own.to_time and own.from_time < m.to_time
  ),
  pairs as materialized (
    select distinct own_prices, prices from near where symbol <> own_symbol
  ),
  alike as materialized (
    select pairs.own_prices, pairs.prices
    from pairs
    join optimization_prices mine on mine.hash = pairs.own_prices
    join optimization_prices theirs on theirs.hash = pairs.prices
    where (
      select 2 * count(*) filter (where a.close = b.close) >= count(*) and count(*) > 0
      from unnest(mine.days, mine.closes) as a (day, close)
      join unnest(theirs.days, theirs.closes) as b (day, close) on b.day = a.day
    )
  )
  select o.sequence as key, o.status, o.request, s.trials, s.sharpe_count, s.sharpe_mean, s.sharpe_squares,
    o.ended_at < now() - interval '1 minute' as is_settled
  from optimizations o
  left join optimization_spreads s on s.optimization = o.sequence
  where exists (
      select from near
      where near.optimization = o.sequence and (
        near.symbol = near.own_symbol
        or o.data_hash = near.own_hash
        or (near.own_prices, near.prices) in (select own_prices, prices from alike)
      )
    )
    and exists (select from optimization_chunks c where c.optimization = o.sequence and c.rows > 0)
  order by o.sequence`;

interface OverlappingRow {
  key: number;
  status: OptimizationStatus;
  request: Pick<OptimizationRequest, 'columns' | 'periodsPerYear'>;
  trials: number | null;
  sharpe_count: number | null;
  sharpe_mean: number | null;
  sharpe_squares: number | null;
  /** Whether it ended so long ago that no row comes any more. */
  is_settled: boolean | null;
}

type Tried = Omit<EarlierTrials, 'jobs'>;

/** The trials of all jobs that overlap with a job by now. */
export async function earlierTrials(database: Database, id: string): Promise<EarlierTrials> {
  const { rows } = await database.query<OverlappingRow>(OVERLAPPING, [id]);
  let all = NO_EARLIER_TRIALS;
  for (const row of rows) {
    const { trials, spread } = knownOf(row) ?? (await counted(database, row));
    all = { jobs: all.jobs + 1, trials: all.trials + trials, spread: pooledSpread(all.spread, spread) };
  }
  return all;
}

function knownOf({ trials, sharpe_count, sharpe_mean, sharpe_squares }: OverlappingRow): Tried | null {
  if (trials === null) return null;
  return { trials, spread: { count: sharpe_count!, mean: sharpe_mean!, squares: sharpe_squares! } };
}

/** Reads the Sharpe ratios of a job, and keeps what they come to once no more can come: a failed job may be resumed. */
async function counted(database: Database, { key, status, request, is_settled }: OverlappingRow): Promise<Tried> {
  const { columns, periodsPerYear } = request;
  const places = ['sharpeRatio', 'returns'].map((name) => columns.indexOf(name));
  if (places.includes(-1)) throw new Error(`the rows of optimisation number ${key} have no Sharpe ratios to count`);
  let trials = 0;
  let spread: Spread = NO_SPREAD;
  for await (const rows of createTrialArchive(database).readNumbers(key, places)) {
    trials += rows.count;
    spread = pooledSpread(spread, spreadOf(ratiosOf(rows, periodsPerYear)));
  }
  if ((status === 'completed' || status === 'cancelled') && is_settled === true) {
    await database.query(
      `insert into optimization_spreads (optimization, trials, sharpe_count, sharpe_mean, sharpe_squares)
       values ($1, $2, $3, $4, $5) on conflict do nothing`,
      [key, trials, spread.count, spread.mean, spread.squares],
    );
  }
  return { trials, spread };
}

function* ratiosOf({ count, numbers }: TrialRows, periodsPerYear: number): Generator<number> {
  for (let k = 0; k < count; k += 1) yield inStandardErrors(numbers[2 * k]!, numbers[2 * k + 1]!, periodsPerYear);
}
