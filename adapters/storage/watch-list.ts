import type { EpochMs } from '../../domain/market/decimal.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';
import type { WatchedSymbol, WatchList } from '../ports/watch-list.ts';
import { createCandleParts } from './candle-parts.ts';
import type { Database } from './database.ts';
import { epochMs } from './rows.ts';

/** A symbol that is watched whether or not an execution works on it. */
export interface ConfiguredWatch {
  readonly venue: string;
  readonly symbol: string;
  readonly timeframe: Timeframe | null;
}

export interface WatchListSettings {
  readonly configured: readonly ConfiguredWatch[];
  /** Timeframes of which every watched symbol has candles. */
  readonly standard: readonly Timeframe[];
  /** Timeframes that a venue has, by its own names. */
  readonly timeframesOf: (venue: string) => readonly string[];
}

interface WantedRow {
  readonly symbol: string;
  readonly timeframe: string | null;
  readonly since: Date | null;
}

/** Symbols of executions and sessions that are under way, and those that were configured. */
export function createWatchList(database: Database, settings: WatchListSettings): WatchList {
  const parts = createCandleParts(database);
  return {
    watched: async (venue) => {
      const { rows } = await database.query<WantedRow>(
        `select distinct symbol, null as timeframe, null::timestamptz as since
         from executions where venue = $1 and status in ('running', 'paused')
         union all
         select symbol, timeframe, min(first_candle) as since
         from sessions cross join unnest(symbols) as symbol
         where venue = $1 and status not in ('stopped', 'failed') group by symbol, timeframe`,
        [venue],
      );
      const known = settings.timeframesOf(venue);
      const symbols = new Map<string, Map<Timeframe, EpochMs | null>>();
      const want = async (symbol: string, timeframe: Timeframe, since: EpochMs | null): Promise<void> => {
        const part = await parts.choose(venue, timeframe, known);
        const wanted = symbols.get(symbol)!;
        if (part !== null) wanted.set(part, earlier(wanted.get(part) ?? null, since));
      };
      const own = settings.configured.filter((each) => each.venue === venue);
      const all: readonly WantedRow[] = [...rows, ...own.map((each) => ({ ...each, since: null }))];
      for (const { symbol, timeframe, since } of all) {
        if (!symbols.has(symbol)) {
          symbols.set(symbol, new Map());
          for (const each of settings.standard) await want(symbol, each, null);
        }
        if (timeframe !== null) await want(symbol, timeframe, since && epochMs(since));
      }
      return [...symbols.keys()].sort().map((symbol): WatchedSymbol => ({
        symbol,
        candles: [...symbols.get(symbol)!].map(([timeframe, since]) => ({ timeframe, since })),
      }));
    },
  };
}

function earlier(one: EpochMs | null, other: EpochMs | null): EpochMs | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
