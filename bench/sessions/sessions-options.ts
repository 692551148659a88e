import { InvalidInput } from '../../bin/stack/failures.ts';
import type { DurationMs } from '../../domain/market/decimal.ts';
import { type Timeframe, timeframeMs } from '../../domain/market/timeframe.ts';

export interface SessionsOptions {
  /** Sessions that run at once. */
  readonly sessions: number;
  /** How many of them trade often. */
  readonly trading: number;
  /** Markets that the sessions share. */
  readonly markets: number;
  /** Each is measured on a stack of its own. */
  readonly timeframes: readonly Timeframe[];
  /** How long decisions are measured. */
  readonly measuredMs: DurationMs;
  /** From the first bar that all have decided until then. */
  readonly warmUpMs: DurationMs;
  /** How long bare loops are measured, before and after; with 0 they are not. */
  readonly bareMs: DurationMs;
  readonly say: (line: string) => void;
}

export const SESSIONS_DEFAULTS: Omit<SessionsOptions, 'say'> = {
  sessions: 100,
  trading: 20,
  markets: 10,
  timeframes: ['15s', '1m'],
  measuredMs: 600_000,
  warmUpMs: 30_000,
  bareMs: 60_000,
};

/** A session begins a new history after 500 bars; events of a bar are counted within one. */
const MOST_BARS = 400;
/** Shorter ones are not over before the next begins. */
const LEAST_TIMEFRAME_MS: DurationMs = 5_000;
/** The synthetic market opens with an hour of history, and averages of fifty bars must fit into it. */
const LONGEST_TIMEFRAME_MS: DurationMs = 60_000;

/** Throws an `InvalidInput` for what cannot be measured. */
export function checkOptions({ sessions, trading, markets, timeframes, measuredMs, warmUpMs }: SessionsOptions): void {
  if (trading > sessions) {
    throw new InvalidInput(`--trading ${trading}: at most as many as --sessions, which is ${sessions}`);
  }
  if (markets > MARKETS.length) {
    throw new InvalidInput(`--markets ${markets}: give 1 to ${MARKETS.length}`);
  }
  for (const timeframe of timeframes) {
    const barMs = timeframeMs(timeframe);
    if (barMs < LEAST_TIMEFRAME_MS || barMs > LONGEST_TIMEFRAME_MS) {
      throw new InvalidInput(`--timeframe ${timeframe}: give one from 5s to 1m; the market has an hour of history`);
    }
    if (measuredMs < barMs) {
      throw new InvalidInput(`--minutes ${measuredMs / 60_000}: no bar of ${timeframe} may end in it; give more`);
    }
    if ((measuredMs + warmUpMs) / barMs > MOST_BARS) {
      throw new InvalidInput(
        `--minutes ${measuredMs / 60_000}: with --timeframe ${timeframe} that is more than ${MOST_BARS} bars; give less`,
      );
    }
  }
}

/** Base assets of the markets. */
export const MARKETS = ['BTC', 'ETH', 'BNB', 'SOL', 'XRP', 'ADA', 'DOGE', 'AVAX', 'LINK', 'DOT'] as const;
