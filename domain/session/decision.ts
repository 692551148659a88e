import type { EpochMs } from '../market/decimal.ts';
import type { Side } from '../orders/order.ts';
import type { BarMode, BlockReason } from './journal.ts';

/** One thing that the strategy asked for at a bar. */
export interface Signal {
  readonly action: 'buy' | 'sell' | 'close' | 'cancel' | 'protect';
  readonly side: Side | null;
  /** `fired`: it became the orders with those numbers, or changed something; `blocked`: by `reason`; `refused`: by the books, `reason` says why. */
  readonly outcome: 'fired' | 'blocked' | 'refused';
  readonly reason: string | null;
  readonly orders: readonly number[];
}

/** What was decided at the close of one bar of one symbol. */
export interface Decision {
  readonly symbol: string;
  /** Opening time of the bar. */
  readonly bar: EpochMs;
  readonly closedAt: EpochMs;
  readonly mode: BarMode;
  readonly blocked: BlockReason | null;
  readonly close: number;
  /** The strategy's lines by their keys; `null` while one warms up. */
  readonly values: Readonly<Record<string, number | null>>;
  readonly signals: readonly Signal[];
  /** Units held, and equity of the session, at this close. */
  readonly position: number;
  readonly equity: number;
}
