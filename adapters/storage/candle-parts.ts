import { candlePart } from '../../domain/market/candle-part.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';
import type { Database } from './database.ts';
import { only } from './rows.ts';

/** A timeframe without a part is looked for again after so long: many may ask, many times a second. */
const LOOK_AGAIN_MS: DurationMs = 500;

/** What candles of a timeframe are made of at each venue. A choice is never changed: candles would not be the same as before. */
export interface CandleParts {
  /** The part; `null` when the venue has nothing that divides the timeframe; `undefined` while nobody has chosen. */
  of(venue: string, timeframe: Timeframe): Promise<Timeframe | null | undefined>;
  /** The part, chosen out of `known` unless it has been before. */
  choose(venue: string, timeframe: Timeframe, known: readonly string[]): Promise<Timeframe | null>;
}

/** Choices in Postgres, looked up once. */
export function createCandleParts(database: Database): CandleParts {
  const chosen = new Map<string, Timeframe>();
  const lookedFor = new Map<string, { readonly at: number; readonly part: null | undefined }>();
  const keep = (venue: string, timeframe: Timeframe, part: Timeframe | null | undefined) => {
    // A venue that has nothing today may have it tomorrow.
    if (part !== null && part !== undefined) chosen.set(`${venue} ${timeframe}`, part);
    else lookedFor.set(`${venue} ${timeframe}`, { at: performance.now(), part });
    return part;
  };
  return {
    of: async (venue, timeframe) => {
      const known = chosen.get(`${venue} ${timeframe}`);
      if (known !== undefined) return known;
      const looked = lookedFor.get(`${venue} ${timeframe}`);
      if (looked !== undefined && performance.now() - looked.at < LOOK_AGAIN_MS) return looked.part;
      const { rows } = await database.query<{ part: string | null }>(
        'select part from candle_parts where venue = $1 and timeframe = $2',
        [venue, timeframe],
      );
      return keep(venue, timeframe, rows[0]?.part);
    },
    choose: async (venue, timeframe, known) => {
      const before = chosen.get(`${venue} ${timeframe}`);
      if (before !== undefined) return before;
      const { rows } = await database.query<{ part: string | null }>(
        `insert into candle_parts as c (venue, timeframe, part) values ($1, $2, $3)
         on conflict (venue, timeframe) do update set part = coalesce(c.part, excluded.part) returning part`,
        [venue, timeframe, candlePart(timeframe, known)],
      );
      return keep(venue, timeframe, only(rows).part) ?? null;
    },
  };
}
