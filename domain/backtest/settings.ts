/** How much an entry buys or sells. Rounded down to the lot; what rounds to nothing or lies below the minimum notional is not ordered. */
export type Sizing =
  /** Share of what is available as margin, times leverage; costs are paid out of it. `value` above 0, at most 1. */
  | { readonly kind: 'cashShare'; readonly value: number }
  /** An amount of quote currency, costs on top. */
  | { readonly kind: 'cash'; readonly value: number }
  | { readonly kind: 'units'; readonly value: number }
  /** Share of equity as notional, however much of it is in use; above 1 with leverage. */
  | { readonly kind: 'equityShare'; readonly value: number }
  /** Share of equity that is lost when the stop loss is hit at its price. Needs a stop loss. */
  | { readonly kind: 'riskPerTrade'; readonly value: number }
  /**
   * Share of equity such that the position's volatility is `value` a year: value / (standard deviation of the log returns of the last
   * `window` closes, times the root of the bars in a year), at most `maxShare`.
   */
  | {
      readonly kind: 'volatilityTarget';
      readonly value: number;
      readonly window: number;
      readonly barsPerYear: number;
      readonly maxShare: number;
    };

/** What trading costs in fees. Rates are ratios of the notional, paid on entry and on exit. */
export interface Commission {
  /** Rate of limit orders that wait in the book. */
  readonly maker: number;
  /** Rate of everything else. */
  readonly taker: number;
  /** Quote currency for each fill, on top. */
  readonly fixed: number;
}

/** What an exchange lets be traded. */
export interface InstrumentSteps {
  /** Price step of limit and stop prices, 0 for none. Buy limits and sell stops round down, the others up. */
  readonly tick: number;
  /** Quantity step, 0 for none. */
  readonly lot: number;
  readonly minNotional: number;
}

/** In which order the extremes of a bar are thought to have happened. */
export type IntrabarPath =
  /** Whatever hurts comes first: stops before targets, a limit before a stop that would trigger it. */
  | 'worst-first'
  | 'open-high-low-close'
  | 'open-low-high-close'
  /** The extreme nearer to the open first. */
  | 'nearest-first';

/** How the simulated broker fills, charges and refuses. All symbols of a run share it and its cash. */
export interface BrokerSettings {
  readonly cash: number;
  readonly commission: Commission;
  /** Ratio by which an entry is dearer than the price: it moves the entry price only, exits are at the bare price. */
  readonly spread: number;
  /** Basis points by which market and stop fills are worse than the price, on entry and exit. */
  readonly slippageBps: number;
  /** Margin that a position needs, as a ratio of its value: 1 / leverage. */
  readonly margin: number;
  /** Where a market order fills: at the next bar's open, or at the close of the bar that ordered it. */
  readonly fill: 'next-open' | 'close';
  readonly wholeUnits: boolean;
  /** Each new entry first closes what is open and cancels what waits. */
  readonly exclusive: boolean;
  /**
   * Closes what is open at the end, so that it counts as a trade: where a market order of the last bar but one would fill, so at the last
   * bar's open, as backtesting.py does.
   */
  readonly finalize: boolean;
  readonly direction: 'long' | 'short' | 'both';
  readonly intrabar: IntrabarPath;
  /** Share of a bar's volume that our fills of one order may take; the rest waits. `null` for no limit. */
  readonly volumeShare: number | null;
  /** Price impact of a fill that takes the share v of a bar's volume: price x impact x v^2 (volume-share model), 0 for none. */
  readonly priceImpact: number;
  /** By symbol; absent = no steps. */
  readonly instruments: Readonly<Record<string, InstrumentSteps>>;
}

export const DEFAULT_SIZING: Sizing = { kind: 'cashShare', value: 1 };

export const DEFAULT_BROKER: BrokerSettings = {
  cash: 10_000,
  commission: { maker: 0, taker: 0, fixed: 0 },
  spread: 0,
  slippageBps: 0,
  margin: 1,
  fill: 'next-open',
  wholeUnits: false,
  exclusive: false,
  finalize: false,
  direction: 'both',
  intrabar: 'worst-first',
  volumeShare: null,
  priceImpact: 0,
  instruments: {},
};
