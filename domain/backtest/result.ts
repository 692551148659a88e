import type { BacktestManifest } from './manifest.ts';
import type { Findings } from './report/findings.ts';
import type { OrderCounts, Refusal } from './run.ts';

/** What a backtest gave, but for its trades and its equity curve. */
export interface BacktestResult {
  /** SHA-256 over all trades; equal hashes mean equal trades to the last bit. */
  readonly tradesHash: string;
  readonly manifest: BacktestManifest;
  /** By the names of `calc metrics`; `null` where not defined. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** For each `null` of `metrics` why. */
  readonly reasons: Readonly<Record<string, string>>;
  /** What a reader should know before believing the figures. */
  readonly notes: readonly string[];
  readonly symbols: readonly string[];
  readonly timeframe: string;
  /** Open times of the first and the last evaluated bar, ISO 8601. */
  readonly firstBar: string;
  readonly lastBar: string;
  /** Evaluated bars, and those before them. */
  readonly bars: number;
  readonly warmUpBars: number;
  readonly closedTrades: number;
  readonly openTrades: number;
  readonly commission: number;
  readonly orders: OrderCounts;
  /** Orders that were not, or not wholly, filled: the first hundred. */
  readonly refusals: readonly Refusal[];
  readonly ruined: boolean;
  /** Months, breakdowns, confidence intervals and simulations. */
  readonly analysis: Findings;
}
