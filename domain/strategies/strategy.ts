import type { Indicator } from '../indicators/indicator.ts';
import type { PriceName } from '../market/candles.ts';
import type { EpochMs } from '../market/decimal.ts';
import type { Timeframe } from '../market/timeframe.ts';
import type { FieldProblem, ParamSpec } from '../parameters/param-spec.ts';
import type { Line } from './line.ts';
import type { LineSpec } from './line-spec.ts';
import type { Rules } from './rules.ts';
import type { BrokerSettings, Sizing } from '../backtest/settings.ts';

/** Values of a strategy's parameters by name, complete with defaults. */
export type StrategyParams = Readonly<Record<string, number>>;

export interface LineOptions {
  readonly timeframe?: Timeframe;
  readonly shift?: number;
  /** Which output of an indicator that has several; its first by default. */
  readonly output?: string;
  /** What a single-input indicator reads instead of its own input. */
  readonly of?: LineSpec;
}

/** Where a strategy asks for its lines, once, before the first bar. The longest lookback of them is its warm-up. */
export interface Lines {
  price(name: PriceName, options?: Pick<LineOptions, 'timeframe' | 'shift'>): Line;
  /** By the name in the registry, or an indicator of the user's own. Missing parameters take their defaults. */
  indicator(indicator: string | Indicator, params?: Readonly<Record<string, number>>, options?: LineOptions): Line;
  line(spec: LineSpec): Line;
  /** Keeps the strategy from being asked before bar `bars`, for memories that no line declares. */
  warmUp(bars: number): void;
}

/** The current bar of one symbol, the last that has closed, and what came before it. */
export interface Bar {
  /** Number of the bar in the data, from 0. */
  readonly index: number;
  readonly time: EpochMs;
  readonly closeTime: EpochMs;
  readonly open: Line;
  readonly high: Line;
  readonly low: Line;
  readonly close: Line;
  readonly volume: Line;
}

export interface Position {
  /** Units held: negative when short, 0 when flat. */
  readonly size: number;
  /** Mean entry price of what is held; NaN when flat. */
  readonly entryPrice: number;
  /** Bars since the oldest entry; 0 on the entry bar and when flat. */
  readonly barsHeld: number;
  /** Profit at the current close, before the exit's costs. */
  readonly unrealised: number;
}

export interface Account {
  readonly cash: number;
  /** Cash and positions at the current closes. */
  readonly equity: number;
  /** What a further entry may use as margin. */
  readonly available: number;
}

/** An order as a strategy gives it. Without `limit`, `stop` and `trail` it is a market order. */
export interface OrderRequest {
  /** Units above 0, or a rule; the run's own sizing by default. A number below 1 is units too: shares are `{ kind: 'cashShare' }`. */
  readonly size?: number | Sizing;
  readonly limit?: number;
  /** With `limit` a stop-limit order. */
  readonly stop?: number;
  /** A stop that follows the best price at this distance, a ratio of the price. */
  readonly trail?: number;
  /** Prices of the exits that the trade gets: a bracket. The first that fills cancels the other. */
  readonly stopLoss?: number;
  readonly takeProfit?: number;
  /** Distance of a trailing stop on the trade, a ratio of the price. */
  readonly trailingStop?: number;
  /** Bars after the entry bar at whose close a market exit is ordered. */
  readonly maxBars?: number;
  /** Orders of one group: the first that fills cancels the rest. */
  readonly oco?: string;
  /** Bars after which an unfilled order is cancelled; never by default. */
  readonly goodForBars?: number;
  /** Only reduces the position, never turns it round. */
  readonly reduceOnly?: boolean;
  /** Written on the trade. */
  readonly tag?: string;
}

/** What a strategy can do and see at the close of a bar. It is one object that moves with the bars: read it, do not keep it. */
export interface BarContext {
  readonly symbol: string;
  readonly bar: Bar;
  readonly position: Position;
  readonly account: Account;
  /** Sides on which the broker lets positions be opened. */
  readonly direction: BrokerSettings['direction'];
  /** Orders that wait, not counting the exits of brackets. */
  readonly workingOrders: number;
  /** Orders, filled from the next bar on (at this bar's close where the settings say so). */
  buy(order?: OrderRequest): void;
  sell(order?: OrderRequest): void;
  /** Orders a market exit of that share of the position, all of it by default. */
  close(share?: number, tag?: string): void;
  /** Cancels what waits, but for the exits of brackets. */
  cancelOrders(): void;
  /** Moves the exits of all open trades: a price, or `null` to take one away. */
  protect(exits: { readonly stopLoss?: number | null; readonly takeProfit?: number | null }): void;
  /** Another symbol of the run, at its last bar that had closed by now. Throws when the run has no such symbol. */
  market(symbol: string): BarContext;
}

/** Asked once for each bar of each symbol, in time, after the warm-up. */
export type OnBar = (context: BarContext) => void;

/** The bars of one symbol at whose closes a strategy will be asked, by their numbers in the data, and by what its orders are sized. */
export interface AskedBars {
  readonly start: number;
  /** Not included. */
  readonly end: number;
  readonly sizing: Sizing;
}

/**
 * A trading strategy. `prepare` declares the lines and returns what is asked at every bar; the closure may remember, and is
 * made anew for each symbol and run. It sees the past only through `Line`s and the current bar only once it has closed.
 */
export interface Strategy {
  /** Kebab-case, e.g. `sma-cross`. */
  readonly id: string;
  readonly title: string;
  readonly params: readonly ParamSpec[];
  /** What no single parameter can say by itself, e.g. that the fast window is shorter than the slow one. */
  check?(params: StrategyParams): readonly FieldProblem[];
  prepare(lines: Lines, params: StrategyParams): OnBar;
  /**
   * Parameters that never shorten the warm-up as they grow, whatever the others are: windows, and those that no line depends on. A search
   * then asks for the lines of the longest windows only. Of others, and where it is absent, every value is asked about.
   */
  readonly warmUpRisesWith?: 'all' | readonly string[];
  /** What it cannot do where it is asked at these bars: told before the first of them, and then it is not asked. */
  misfits?(asked: AskedBars): readonly FieldProblem[];
  /** The same strategy as conditions, where it is one: what the signal kernel runs. */
  readonly rules?: (params: StrategyParams) => Rules;
}
