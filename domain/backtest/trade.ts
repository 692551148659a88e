import type { EpochMs } from '../market/decimal.ts';

/** Why a trade, or a part of it, ended. */
export type ExitReason =
  /** An order of the strategy: `close`, an opposite order, a reversal. */
  | 'signal'
  | 'stop-loss'
  | 'take-profit'
  | 'trailing-stop'
  | 'time-stop'
  /** Closed at the last bar by `finalize`. */
  | 'end-of-data'
  /** Equity fell to 0. */
  | 'ruin';

/** A closed trade: one entry, or the part of it that one exit took off. Prices in quote per unit, money in quote. */
export interface Trade {
  readonly symbol: string;
  /** Units, negative when short. */
  readonly size: number;
  /** Bar of the symbol's data in which it was entered, from 0. */
  readonly entryBar: number;
  readonly exitBar: number;
  /** Open time of the entry bar (its close time where market orders fill at the close). */
  readonly entryTime: EpochMs;
  readonly exitTime: EpochMs;
  /** With spread and slippage. */
  readonly entryPrice: number;
  readonly exitPrice: number;
  /** Stop loss and take profit as they stood at the exit; `null` for none. */
  readonly sl: number | null;
  readonly tp: number | null;
  /** Profit net of `commission`. */
  readonly pnl: number;
  /** Paid on entry and exit, for this size. */
  readonly commission: number;
  /** `pnl` over the value at entry, |size| x entryPrice. */
  readonly returnRatio: number;
  /** Largest loss and gain at a bar's extreme while it was held, as ratios of the entry price of at least 0, before costs. */
  readonly mae: number;
  readonly mfe: number;
  readonly exitReason: ExitReason;
  readonly tag: string | null;
  /** The strategy's lines at the bar that ordered the entry, by their keys; empty when not recorded. */
  readonly entryValues: Readonly<Record<string, number | null>>;
}
