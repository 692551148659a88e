import Big from 'big.js';
import { OrderTally } from '../../backtest/engine/order-tally.ts';
import { type ClosedTrade, TradeLedger } from '../../backtest/engine/trade-ledger.ts';
import type { Refusal } from '../../backtest/run.ts';
import type { Decimal, EpochMs } from '../../market/decimal.ts';
import type { OrderSlot } from './order-slot.ts';
import type { Holding, SessionDesk } from './session-desk.ts';

/** Something that a person should know of, and that is in no other list. */
export interface BookNote {
  /** Opening time of the last bar that had closed. */
  readonly after: EpochMs | null;
  readonly symbol: string;
  readonly order: number | null;
  readonly code: string;
  readonly detail: string;
}

/** The numbers of the orders by which a trade was entered and left; `null` where a person did it. */
export interface TradeOrders {
  readonly entryOrder: number | null;
  readonly exitOrder: number | null;
}

/** Counts of orders as the engine has them, and the last refusal. */
export class SessionTally extends OrderTally {
  last: Refusal | null = null;

  override note(refusal: Refusal): void {
    this.last = refusal;
    super.note(refusal);
  }
}

/** Notes that are kept: of many, the newest say what is wrong now. */
const NOTES_KEPT = 100;

/** What the books of a session have written down: closed trades, and what went otherwise than wanted. */
export class BookLedger {
  readonly trades = new TradeLedger();
  readonly tally = new SessionTally();
  /** Beside each trade of the ledger. */
  readonly orders: TradeOrders[] = [];
  readonly notes: BookNote[] = [];
  /** What dust has cost, in quote. */
  writtenOff = 0;
  /** Fees that were paid in neither asset of their symbol, by asset: no money here was spent on them. */
  readonly otherFees = new Map<string, Big>();
  /** Executions that were taken in. */
  fills = 0;

  /** Notes by which orders the newest row of closed trades came about, and gives it back. */
  takeRow({ entry }: Holding, by: OrderSlot | null): ClosedTrade {
    this.orders.push({ entryOrder: entry?.number ?? null, exitOrder: by?.number ?? null });
    return this.trades.trades.at(-1)!;
  }

  /** A fee in a third asset: the person sees it, the books do not. */
  takeOtherFee(desk: SessionDesk, order: number, asset: string, fee: Decimal): void {
    const before = this.otherFees.get(asset);
    this.otherFees.set(asset, (before ?? new Big(0)).plus(fee));
    if (before !== undefined) return;
    const detail = `fees are paid in ${asset}: they are in no cash, equity and trade of this session, and told beside them`;
    this.note(desk, order, 'FEE_IN_OTHER_ASSET', detail);
  }

  note({ desk }: SessionDesk, order: number | null, code: string, detail: string): void {
    this.notes.push({ after: desk.candles.time[desk.bar] ?? null, symbol: desk.symbol, order, code, detail });
    if (this.notes.length > NOTES_KEPT) this.notes.shift();
  }
}
