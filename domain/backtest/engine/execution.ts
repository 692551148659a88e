import type { EntryKind } from './open-trade.ts';

/** That an order fills: where, and for what price before slippage, impact and spread. */
export interface Execution {
  readonly price: number;
  /** Bar of the symbol in which it fills. */
  readonly bar: number;
  readonly kind: EntryKind;
  /** At a limit's guarantee: no slippage. */
  readonly isLimit: boolean;
  /** By an order that waited in the book. */
  readonly isMaker: boolean;
}
