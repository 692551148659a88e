import type { Sizing } from '../../domain/backtest/settings.ts';
import type { FileStrategy, NamedStrategy } from '../../domain/backtest/spec/spec.ts';
import type { StrategyPart } from '../../domain/strategies/strategy-part.ts';
import type { Timeframe } from '../../domain/market/timeframe.ts';

/** A strategy as a session would run it. */
export interface StrategyQuestion {
  readonly strategy: NamedStrategy | FileStrategy;
  readonly sizing: Sizing;
  /** Of the session's bars: lines of longer ones need as many more of these. */
  readonly timeframe: Timeframe;
}

/** What a strategy is, found by loading it and letting it declare its lines. */
export interface StrategyFacts {
  readonly title: string;
  /** SHA-256 of a user's file, and of what it imports; `null` for a strategy of the registry. */
  readonly hash: string | null;
  /** The user's file and what it imports; absent where it imports nothing. */
  readonly parts?: readonly StrategyPart[];
  /** Complete with defaults, and checked. */
  readonly params: Readonly<Record<string, number>>;
  /** Bars that have to lie before the first one that it is asked about. */
  readonly neededBars: number;
}

/** Looks at strategies apart from the thread that asks, since a file of a user's may do anything. */
export interface StrategyInspector {
  /** Throws `BacktestFailure` for what is wrong with the strategy or its parameters. */
  inspect(question: StrategyQuestion): Promise<StrategyFacts>;
}
