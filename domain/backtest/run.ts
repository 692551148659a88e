import type { Candles } from '../market/candles.ts';
import type { Timeframe } from '../market/timeframe.ts';
import type { Strategy, StrategyParams } from '../strategies/strategy.ts';
import type { BrokerSettings, Sizing } from './settings.ts';
import type { Trade } from './trade.ts';

/** All that a backtest depends on. The same input gives the same bits. */
export interface BacktestInput {
  /** One for each symbol; all of the same timeframe. Bars before `from` serve as warm-up. */
  readonly markets: readonly Candles[];
  readonly strategy: Strategy;
  /** Complete and checked. */
  readonly params: StrategyParams;
  readonly broker: BrokerSettings;
  readonly sizing: Sizing;
  /** Bars that open at or after this time are traded; all by default. Milliseconds since 1970. */
  readonly from?: number;
  /** Bars that open before this time; all by default. */
  readonly to?: number;
  /** Told once before the first bar: how many bars of the joint time axis there are up to the end, and how many of them are warm-up. */
  readonly onStart?: (bars: number, warmUpBars: number) => void;
  /** Told the number of bars done, after the warm-up, from time to time; a value of `false` ends the run early by throwing `RunCancelled`. */
  readonly onProgress?: (barsDone: number) => boolean | undefined;
  /** Writes the strategy's lines on each trade (`entryValues`). */
  readonly recordEntryValues?: boolean;
}

/** An order that was not, or not wholly, filled, and why. */
export interface Refusal {
  readonly bar: number;
  readonly symbol: string;
  readonly code:
    | 'NOT_ENOUGH_MARGIN'
    | 'BELOW_LOT'
    | 'BELOW_MIN_NOTIONAL'
    | 'DIRECTION'
    | 'NOTHING_TO_REDUCE'
    | 'INVALID_EXITS';
  readonly detail: string;
}

export interface OrderCounts {
  readonly submitted: number;
  readonly filled: number;
  readonly cancelled: number;
  readonly refused: number;
}

/** What became of a backtest. */
export interface BacktestRun {
  readonly symbols: readonly string[];
  readonly timeframe: Timeframe;
  /** Bars (of the joint time axis) before the first that the strategy was asked at: they are in no metric. */
  readonly warmUpBars: number;
  /** Open times of the bars of the joint time axis from the first evaluated one on. */
  readonly times: Float64Array;
  /** Equity at the close of each of `times`. The starting capital is `broker.cash`. */
  readonly equity: Float64Array;
  readonly initialCash: number;
  /** Closed trades in the order of their exits. */
  readonly trades: readonly Trade[];
  /** Trades still open at the end, marked at the last close (exit fields hold the mark, `exitReason` is `end-of-data`); exit costs are not in them. */
  readonly openTrades: readonly Trade[];
  /** Bars of `times` during which anything was held at any moment. */
  readonly exposureBars: number;
  /** Paid in all, open trades included. */
  readonly commission: number;
  readonly orders: OrderCounts;
  /** The first hundred. */
  readonly refusals: readonly Refusal[];
  /** Equity fell to 0 and the run ended early. */
  readonly ruined: boolean;
}
