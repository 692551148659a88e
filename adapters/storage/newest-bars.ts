import { gridOf } from '../../domain/market/bar-grid.ts';
import type { EpochMs } from '../../domain/market/decimal.ts';
import { type Timeframe, timeframeMs } from '../../domain/market/timeframe.ts';
import type { CandleStream } from '../ports/closed-candles.ts';
import type { Database } from './database.ts';
import { epochMs, epochMsOrNull } from './rows.ts';

/** A stream, and the timeframe that its candles are made of. */
export interface BuiltStream extends CandleStream {
  readonly part: Timeframe;
}

/** How far a stream has come. */
export interface NewestBar {
  /** Every bar that ends by then is closed and known. */
  readonly closedUntil: EpochMs;
  /** Opening time of the newest of them; `null` before the first. */
  readonly last: EpochMs | null;
}

/** How far each of these streams has come, in their order; `null` for one that is not kept. */
export async function newestBars(
  database: Database,
  streams: readonly BuiltStream[],
): Promise<readonly (NewestBar | null)[]> {
  const grids = streams.map(({ timeframe }) => gridOf(timeframe));
  const { rows } = await database.query<{ place: number; closed_until: Date; last: Date | null }>(
    `with asked as (
       select place, venue, symbol, part, part_ms, step_ms, origin_ms
       from unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[], $6::float8[])
         with ordinality as a (venue, symbol, part, part_ms, step_ms, origin_ms, place)),
     covered as (
       select a.place, a.venue, a.symbol, a.part, a.step_ms, a.origin_ms,
         to_timestamp((a.origin_ms + a.step_ms *
           floor((round(extract(epoch from c.complete_until) * 1000)::float8 + a.part_ms - a.origin_ms) / a.step_ms)) / 1000) as closed_until
       from asked a join stream_coverage c on c.venue = a.venue and c.symbol = a.symbol and c.timeframe = a.part)
     select c.place, c.closed_until, (
       select to_timestamp((c.origin_ms + c.step_ms *
           floor((round(extract(epoch from max(k.open_at)) * 1000)::float8 - c.origin_ms) / c.step_ms)) / 1000)
       from closed_candles k
       where k.venue = c.venue and k.symbol = c.symbol and k.timeframe = c.part and k.open_at < c.closed_until) as last
     from covered c`,
    [
      streams.map(({ venue }) => venue),
      streams.map(({ symbol }) => symbol),
      streams.map(({ part }) => part),
      streams.map(({ part }) => timeframeMs(part)),
      grids.map(({ stepMs }) => stepMs),
      grids.map(({ originMs }) => originMs),
    ],
  );
  const found = new Map(rows.map((row) => [row.place, row]));
  return streams.map((_, index) => {
    const row = found.get(index + 1);
    return row === undefined ? null : { closedUntil: epochMs(row.closed_until), last: epochMsOrNull(row.last) };
  });
}
