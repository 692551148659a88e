import type { Timeframe } from '../../domain/market/timeframe.ts';
import type { WatchedSymbol, WatchList } from '../ports/watch-list.ts';
import type { Database } from './database.ts';

/** A symbol that is watched whether or not an execution works on it. */
export interface ConfiguredWatch {
  readonly venue: string;
  readonly symbol: string;
  readonly timeframe: Timeframe | null;
}

/**
 * Symbols of executions that are under way, and those that were configured.
 * @param standard timeframes of which every watched symbol has candles
 */
export function createWatchList(
  database: Database,
  configured: readonly ConfiguredWatch[],
  standard: readonly Timeframe[],
): WatchList {
  return {
    watched: async (venue) => {
      const { rows } = await database.query<{ symbol: string }>(
        "select distinct symbol from executions where venue = $1 and status in ('running', 'paused')",
        [venue],
      );
      const own = configured.filter((each) => each.venue === venue);
      const symbols = new Set([...rows.map(({ symbol }) => symbol), ...own.map(({ symbol }) => symbol)]);
      return [...symbols].sort().map((symbol): WatchedSymbol => {
        const extra = own.flatMap((each) =>
          each.symbol === symbol && each.timeframe !== null ? [each.timeframe] : [],
        );
        return { symbol, timeframes: [...new Set([...standard, ...extra])] };
      });
    },
  };
}
