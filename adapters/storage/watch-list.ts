import type { DurationMs, EpochMs } from '../../domain/market/decimal.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';
import type { WatchedSymbol, WatchList } from '../ports/watch-list.ts';
import { createCandleParts } from './candle-parts.ts';
import type { Database } from './database.ts';
import { epochMs } from './rows.ts';

/** For so long after its end a session can be compared with its backtest, whatever others need of its candles. */
const COMPARABLE_MS: DurationMs = 86_400_000;

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
  /** Wanted by a session that is over: its candles are not forgotten, and nothing is watched for it. */
  readonly over: boolean;
}

/** Symbols of executions and sessions that are under way, and those that were configured. */
export function createWatchList(database: Database, settings: WatchListSettings): WatchList {
  const parts = createCandleParts(database);
  return {
    watched: async (venue) => {
      const { rows } = await database.query<WantedRow>(
        `select distinct symbol, null as timeframe, null::timestamptz as since, false as over
         from executions where venue = $1 and status in ('running', 'paused')
         union all
         select symbol, timeframe, min(first_candle) as since, ended_at is not null as over
         from sessions cross join unnest(symbols) as symbol
         where venue = $1 and (ended_at is null or ended_at > now() - $2 * interval '1 millisecond')
         group by symbol, timeframe, ended_at is not null
         order by symbol, timeframe`,
        [venue, COMPARABLE_MS],
      );
      const known = settings.timeframesOf(venue);
      const symbols = new Map<string, Map<Timeframe, EpochMs | null>>();
      const want = async (symbol: string, timeframe: Timeframe, since: EpochMs | null): Promise<void> => {
        const part = await parts.choose(venue, timeframe, known);
        const wanted = symbols.get(symbol)!;
        if (part !== null) wanted.set(part, earlier(wanted.get(part) ?? null, since));
      };
      const own = settings.configured.filter((each) => each.venue === venue);
      const all: readonly WantedRow[] = [...rows, ...own.map((each) => ({ ...each, since: null, over: false }))];
      for (const { symbol, timeframe, since, over } of all) {
        if (over) continue;
        if (!symbols.has(symbol)) {
          symbols.set(symbol, new Map());
          for (const each of settings.standard) await want(symbol, each, null);
        }
        if (timeframe !== null) await want(symbol, timeframe, since && epochMs(since));
      }
      for (const { symbol, timeframe, since, over } of all) {
        if (!over || timeframe === null) continue;
        const part = await parts.choose(venue, timeframe, known);
        if (part !== null && symbols.get(symbol)?.has(part) === true)
          await want(symbol, timeframe, since && epochMs(since));
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
