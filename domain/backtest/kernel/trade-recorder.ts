import type { Refusal } from '../run.ts';
import type { ExitReason } from '../trade.ts';

/** An exit as the position loop tells it; the entry is in the state of the combination. */
export interface RecordedExit {
  readonly bar: number;
  readonly isAtClose: boolean;
  /** With slippage. */
  readonly price: number;
  readonly exitCommission: number;
  /** Of entry and exit. */
  readonly commission: number;
  readonly pnl: number;
  readonly reason: ExitReason;
}

/** What a run of a single combination is told for its trades and its equity. Grids run without. */
export interface TradeRecorder {
  /**
   * Ordered at the close of a bar: `OPEN_LONG`, `OPEN_SHORT` or `CLOSE`, with something held or not. An entry whose exits are not valid
   * is refused at its time.
   */
  ordered(action: number, isHolding: boolean, areExitsValid: boolean): void;
  refused(bar: number, code: Refusal['code'], detail: string): void;
  /** An entry that was ordered at the close of `orderBar` was filled. */
  entered(orderBar: number): void;
  /** An exit was filled; `s` still holds the trade. */
  exited(s: Float64Array, at: number, exit: RecordedExit): void;
  /** Bars `from` to `to` (not included) closed with what `s` holds; told again where something filled at the close. */
  held(s: Float64Array, at: number, from: number, to: number): void;
}
